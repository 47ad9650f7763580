import { VerbatimError } from '../../src/core/errors.js';

/** The project's error that an action ends with; anything else fails the test. */
export async function errorOf(action: () => unknown): Promise<VerbatimError> {
  try {
    await action();
  } catch (error) {
    if (VerbatimError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('Expected an error, got none.');
}

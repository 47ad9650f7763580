import { received, VerbatimError } from './errors.js';

/**
 * Checks that there is something to look for.
 *
 * @throws VerbatimError `empty-question`.
 */
export function requireQuestion(question: unknown): string {
  if (typeof question !== 'string' || question.trim() === '') {
    throw new VerbatimError(
      'empty-question',
      `Expected a question with at least one word, got ${received(question)}.`,
    );
  }
  return question;
}

import { readFile } from 'node:fs/promises';
import { received, VerbatimError } from '../core/errors.js';

/**
 * Reads a JSON file.
 *
 * @param what - names its content in errors.
 * @throws VerbatimError `dataset-invalid`.
 */
export async function readJson(file: string, what: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new VerbatimError(
      'dataset-invalid',
      `Cannot read the ${what} in ${received(file)}: ${reason}.`,
      error,
    );
  }
}

import { constants } from 'node:fs';
import { access, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { received, VerbatimError } from '../core/errors.js';

/**
 * Checks that a file can be written, before work that may take hours.
 *
 * @throws VerbatimError `file-unwritable`.
 */
export async function requireWritable(file: string): Promise<void> {
  try {
    await access(path.dirname(path.resolve(file)), constants.W_OK);
    const target = await stat(file).catch(() => undefined);
    if (target?.isDirectory() === true) throw new Error('it is a folder');
  } catch (error) {
    throw unwritable(file, error);
  }
}

/**
 * Writes beside the target and renames, so that the target is never half written.
 *
 * @throws VerbatimError `file-unwritable`.
 */
export async function writeAtomically(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw unwritable(file, error);
  }
}

function unwritable(file: string, error: unknown): VerbatimError {
  const reason = error instanceof Error ? error.message : String(error);
  return new VerbatimError('file-unwritable', `Cannot write ${received(file)}: ${reason}.`, error);
}

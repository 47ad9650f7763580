import { readFile } from 'node:fs/promises';
import { received, VerbatimError } from '../core/errors.js';
import type { ModelManifest } from '../reader/index.js';
import { parseProfile, type StoredProfile } from './profile.js';

/**
 * Reads a profile that `verbatim tune` wrote, for a reader.
 *
 * @throws VerbatimError `profile-invalid` if it cannot be read, holds a number that is none, or was fitted with another model
 * or another revision of it.
 */
export async function readProfile(
  file: string,
  model: Pick<ModelManifest, 'id' | 'revision'>,
): Promise<StoredProfile> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new VerbatimError(
      'profile-invalid',
      `Cannot read the profile ${received(file)}: ${reason}.`,
      error,
    );
  }
  return parseProfile(json, file, model);
}

import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { manifestSchema, type ModelManifest } from './model-layout.js';
import { readJson } from './model-staging.js';

/**
 * Reads the manifest of a model's folder.
 *
 * @throws VerbatimError `model-damaged` if there is none, or if it is not a manifest.
 */
export async function readManifest(folder: string): Promise<ModelManifest> {
  return readJson(path.join(folder, 'manifest.json'), manifestSchema);
}

/** Writes the manifest of a model's folder, whole or not at all. */
export async function writeManifest(folder: string, manifest: ModelManifest): Promise<void> {
  const file = path.join(folder, 'manifest.json');
  await writeFile(`${file}.tmp`, `${JSON.stringify(manifest, null, 2)}\n`);
  await rename(`${file}.tmp`, file);
}

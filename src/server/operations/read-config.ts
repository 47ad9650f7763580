import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { received, VerbatimError } from '../../core/errors.js';
import { pathError } from '../../ingest/index.js';
import type { SettingsLayer } from './resolve-settings.js';

/**
 * Reads settings from a YAML or JSON file (JSON is YAML).
 *
 * @throws VerbatimError `path-not-found`, `file-unreadable`, `file-invalid` naming the line.
 */
export async function readConfig(file: string): Promise<SettingsLayer> {
  const label = (name: string): string => `${name} in ${file}`;
  const values: unknown = parseConfig(await readText(file), file);
  if (values === null) return { label, values: {} };
  if (typeof values !== 'object' || Array.isArray(values)) {
    throw new VerbatimError(
      'file-invalid',
      `Expected settings such as "port: 8080" in ${received(file)}, got ${received(JSON.stringify(values))}.`,
    );
  }
  return { label, values: values as Record<string, unknown> };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw pathError(file, error);
  }
}

function parseConfig(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    // The lines after the first show the place.
    const [reason = ''] = error instanceof Error ? error.message.split('\n') : [];
    throw new VerbatimError(
      'file-invalid',
      `${received(file)} is neither YAML nor JSON: ${reason.replace(/:$/, '')}.`,
      error,
    );
  }
}

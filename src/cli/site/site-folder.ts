import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MANIFEST_FILE, SCRIPT_FILES, SITE_KIND, type SiteManifest } from '../../browser/site-manifest.js';
import { received, VerbatimError } from '../../core/errors.js';

/**
 * Checks that a folder may be written: it is not there, empty, or holds nothing but an exported site.
 *
 * @throws VerbatimError `invalid-option`, naming what else stands there.
 */
export async function requireReplaceable(folder: string): Promise<void> {
  const entries = await list(folder);
  if (entries.length === 0) return;
  const manifest = await readOwnManifest(folder);
  const known = new Set([MANIFEST_FILE, SCRIPT_FILES.serviceWorker, ...Object.keys(manifest?.files ?? {})]);
  const other = manifest === undefined ? entries[0] : entries.find((entry) => !known.has(entry));
  if (other !== undefined) {
    throw new VerbatimError(
      'invalid-option',
      `Expected --out to be a new or empty folder, or one that holds nothing but a site that this command wrote; got ${received(folder)}, which holds ${received(other)}.`,
    );
  }
}

/**
 * Writes a folder beside its place and renames it, so that it is never half written.
 *
 * @throws VerbatimError `file-unwritable`; the signal's reason once it is aborted. Then what was there before still is.
 */
export async function writeFolder(
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
  options: { readonly signal: AbortSignal; readonly onProgress: (written: number, total: number) => void },
): Promise<void> {
  const target = path.resolve(folder);
  const [temporary, replaced] = ['tmp', 'old'].map((ending) => `${target}.${process.pid}.${ending}`) as [
    string,
    string,
  ];
  const total = Array.from(files.values()).reduce((sum, { length }) => sum + length, 0);
  let written = 0;
  try {
    for (const [name, content] of files) {
      options.signal.throwIfAborted();
      const file = path.join(temporary, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content, { signal: options.signal });
      options.onProgress((written += content.length), total);
    }
    options.signal.throwIfAborted();
    await rename(target, replaced).catch(ifMissing);
    await rename(temporary, target).catch(async (error: unknown) => {
      await rename(replaced, target).catch(ifMissing);
      throw error;
    });
  } catch (error) {
    options.signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new VerbatimError('file-unwritable', `Cannot write --out ${received(folder)}: ${reason}.`, error);
  } finally {
    for (const rest of [temporary, replaced]) await rm(rest, { recursive: true, force: true });
  }
}

/** Paths of all files in a folder, with `/`; none if it is not there. */
async function list(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) =>
        path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'),
      );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    const reason = error instanceof Error ? error.message : String(error);
    throw new VerbatimError(
      'invalid-option',
      `Expected --out to be a folder, got ${received(folder)}: ${reason}.`,
      error,
    );
  }
}

async function readOwnManifest(folder: string): Promise<Partial<SiteManifest> | undefined> {
  try {
    const json = JSON.parse(
      await readFile(path.join(folder, MANIFEST_FILE), 'utf8'),
    ) as Partial<SiteManifest> | null;
    return json?.kind === SITE_KIND ? json : undefined;
  } catch {
    return undefined;
  }
}

function ifMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

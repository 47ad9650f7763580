import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { kill, pid } from 'node:process';
import { z } from 'zod';
import { received, VerbatimError } from '../core/errors.js';
import { catalogueRow } from './model-catalogue.js';
import { checkJson } from './check-json.js';
import { configSchema, usablePositions, type ModelManifest } from './model-layout.js';
import { flatName } from './model-names.js';

// How models get into the store: built beside it, then renamed, so that a killed process leaves nothing that looks whole.
//
//   STORE/owner/name          an installed model
//   STORE/.partial/owner--name  an unfinished download, resumed by the next
//   STORE/.partial-PID-UUID   a folder being built or thrown away, swept once its process is gone
//   STORE/.locks/owner--name  the process that is changing a model

export type FileFingerprint = ModelManifest['files'][string];

/** Length and SHA-256 of a file, read as a stream. */
export async function fingerprint(file: string): Promise<FileFingerprint> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Folder of an installed model; the id has been checked. */
export function installedFolder(store: string, id: string): string {
  return path.join(store, ...id.split('/'));
}

/** Folder of a model's unfinished download. */
export function partialFolder(store: string, id: string): string {
  return path.join(store, '.partial', flatName(id));
}

/** A fresh folder that no one takes for a model. */
export async function temporaryFolder(store: string): Promise<string> {
  const name = `.partial-${pid}-${randomUUID()}`;
  inUse.add(name);
  const folder = path.join(store, name);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Names of this process's own temporary folders and locks; another one with its process id is left from an earlier process. */
const inUse = new Set<string>();

/** Deletes a temporary folder. */
export async function discard(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  inUse.delete(path.basename(folder));
}

/** Moves a finished folder to its place, in exchange for what was there. */
export async function place(staged: string, store: string, id: string): Promise<string> {
  const folder = installedFolder(store, id);
  await requireFreePlace(store, id);
  await mkdir(path.dirname(folder), { recursive: true });
  if (await isFolder(folder)) {
    const old = await temporaryFolder(store);
    await rename(folder, path.join(old, 'model'));
    await rename(staged, folder);
    await discard(old);
  } else {
    await rename(staged, folder);
  }
  return folder;
}

/**
 * `a` and `a/b` cannot both be installed: one would lie inside the other.
 *
 * @throws VerbatimError `model-exists`.
 */
export async function requireFreePlace(store: string, id: string): Promise<void> {
  const [owner = id, name] = id.split('/');
  const taken =
    name === undefined
      ? (await isFolder(path.join(store, id))) && !(await exists(path.join(store, id, 'manifest.json')))
      : await exists(path.join(store, owner, 'manifest.json'));
  if (taken) {
    throw new VerbatimError(
      'model-exists',
      `Cannot install ${id}: its folder would ${name === undefined ? 'hold' : 'lie inside'} that of another model; choose another id.`,
    );
  }
}

/**
 * Runs an action while no other process changes this model. The lock of a process that has ended is taken over.
 *
 * @throws VerbatimError `model-busy` if another process is at it.
 */
export async function withModelLock<T>(store: string, id: string, action: () => Promise<T>): Promise<T> {
  const lock = path.join(store, '.locks', flatName(id));
  await makeFolder(path.dirname(lock));
  if (inUse.has(lock)) throw busy(id, pid, lock);
  inUse.add(lock);
  try {
    await takeLock(lock, id);
    try {
      await sweep(store);
      return await action();
    } finally {
      await rm(lock, { force: true });
    }
  } finally {
    inUse.delete(lock);
  }
}

async function takeLock(lock: string, id: string): Promise<void> {
  // Linked from a file already written, so that no one ever reads a lock without its process id.
  const own = path.join(path.dirname(lock), `~${pid}-${path.basename(lock)}`);
  await writeFile(own, String(pid));
  try {
    for (;;) {
      try {
        await link(own, lock);
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
      if (holder !== pid && isRunning(holder)) throw busy(id, holder, lock);
      await rm(lock, { force: true });
    }
  } finally {
    await rm(own, { force: true });
  }
}

function busy(id: string, holder: number, lock: string): VerbatimError {
  return new VerbatimError(
    'model-busy',
    `Process ${holder} is installing or removing ${id}; wait for it, or delete ${lock} if it is something else.`,
  );
}

function isRunning(process: number): boolean {
  if (!Number.isSafeInteger(process) || process <= 0) return false;
  try {
    return kill(process, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Deletes what processes that have ended left behind. */
async function sweep(store: string): Promise<void> {
  for (const name of await readdir(store)) {
    const owner = Number(/^\.partial-(\d+)-/.exec(name)?.[1]);
    if (Number.isNaN(owner) || inUse.has(name) || (owner !== pid && isRunning(owner))) continue;
    await rm(path.join(store, name), { recursive: true, force: true });
  }
}

/** Makes a folder; a store that cannot be written is the caller's to know. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/** The error for a file or folder that cannot be written. */
export function unwritable(file: string, error: unknown): VerbatimError {
  const reason = error instanceof Error ? error.message : String(error);
  return new VerbatimError('file-unwritable', `Cannot write ${received(file)}: ${reason}.`, error);
}

export async function exists(file: string): Promise<boolean> {
  return (await sizeOf(file)) !== undefined;
}

export async function isFolder(file: string): Promise<boolean> {
  return stat(file).then(
    (info) => info.isDirectory(),
    () => false,
  );
}

/** Bytes of a file, or undefined if there is none. */
export async function sizeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    (info) => info.size,
    () => undefined,
  );
}

const tokenizerConfigSchema = z.looseObject({ model_max_length: z.number().optional() });

/** What a folder's config.json and tokenizer_config.json say that belongs into the manifest. */
export async function describeFolder(
  folder: string,
  id: string,
): Promise<Pick<ModelManifest, 'architecture' | 'maxSequenceLength'>> {
  const config = await readJson(path.join(folder, 'config.json'), configSchema);
  const [architecture] = config.architectures ?? [];
  if (architecture !== undefined && !architecture.endsWith('ForQuestionAnswering')) {
    throw new VerbatimError(
      'model-unsupported',
      `${id} is no extractive question-answering model: config.json says ${received(architecture)}, expected an architecture ending in ForQuestionAnswering.`,
    );
  }
  const tokenizerConfig = path.join(folder, 'tokenizer_config.json');
  const { model_max_length: declared = Infinity } = (await exists(tokenizerConfig))
    ? await readJson(tokenizerConfig, tokenizerConfigSchema)
    : {};
  const size = [config.num_hidden_layers, config.hidden_size].filter((part) => part !== undefined).join('x');
  return {
    architecture:
      catalogueRow(id)?.architecture ?? `${config.model_type ?? architecture ?? 'unknown'} ${size}`.trim(),
    // A tokenizer without a limit declares 10^30.
    maxSequenceLength: Math.min(declared, usablePositions(config)),
  };
}

/** Reads a small JSON file of a model. */
export async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const content = await readFile(file).catch((error: unknown) => {
    throw new VerbatimError('model-damaged', `Cannot read ${received(file)}.`, error);
  });
  return checkJson(schema, content, file);
}

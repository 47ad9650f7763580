import { readdir, rename, rm, rmdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { received, VerbatimError } from '../core/errors.js';
import { catalogueRow, type CatalogueRow } from './model-catalogue.js';
import { DEFAULT_MODEL_FOLDER } from './model-files.js';
import { WEIGHT_FILES, type Dtype, type ModelManifest } from './model-layout.js';
import { readManifest } from './model-manifest.js';
import { DEFAULT_MODEL_ID, exportHint, isInside, requireModelId } from './model-names.js';
import {
  discard,
  exists,
  fingerprint,
  installedFolder,
  isFolder,
  partialFolder,
  sizeOf,
  temporaryFolder,
  withModelLock,
} from './model-staging.js';

/** A model that can be loaded without the network. */
export interface InstalledModel {
  readonly id: string;
  readonly folder: string;
  /** Number formats that it has weights in. */
  readonly dtypes: readonly Dtype[];
  readonly manifest: ModelManifest;
}

/** What is in a store. */
export interface ModelListing {
  /** In order of their ids. */
  readonly models: readonly InstalledModel[];
  /** Models whose manifest cannot be read; they are left out. */
  readonly problems: readonly VerbatimError[];
}

/** A file that is not what its model's manifest says. */
export interface ModelProblem {
  readonly file: string;
  readonly problem: string;
}

/**
 * Folder of the store if none is chosen: `verbatim/models` in the user's cache folder.
 *
 * @param cacheHome the cache folder, absolute; anything else means `~/.cache`, as the XDG specification says.
 */
export function defaultModelStore(cacheHome = ''): string {
  const cache = path.isAbsolute(cacheHome) ? cacheHome : path.join(homedir(), '.cache');
  return path.join(cache, 'verbatim', 'models');
}

/** The models that are installed in a store; a store that does not exist is empty. */
export async function listModels(store: string): Promise<ModelListing> {
  const models: InstalledModel[] = [];
  const problems: VerbatimError[] = [];
  for (const id of await installedIds(store)) {
    try {
      models.push(await describeInstalled(id, installedFolder(store, id)));
    } catch (error) {
      if (!VerbatimError.isInstance(error)) throw error;
      problems.push(error);
    }
  }
  return { models, problems };
}

async function installedIds(store: string): Promise<string[]> {
  const ids: string[] = [];
  for (const owner of await folders(store)) {
    if (await exists(path.join(store, owner, 'manifest.json'))) {
      ids.push(owner);
      continue;
    }
    for (const name of await folders(path.join(store, owner))) {
      if (await exists(path.join(store, owner, name, 'manifest.json'))) ids.push(`${owner}/${name}`);
    }
  }
  return ids.sort();
}

/** Names of the visible folders inside a folder. */
async function folders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new VerbatimError('file-unreadable', `Cannot read the model store ${received(folder)}.`, error);
  });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name);
}

async function describeInstalled(id: string, folder: string): Promise<InstalledModel> {
  const manifest = await readManifest(folder);
  return { id, folder, dtypes: dtypesOf(manifest), manifest };
}

/** Number formats that a manifest lists weights in. */
export function dtypesOf({ files }: Pick<ModelManifest, 'files'>): Dtype[] {
  return (Object.keys(WEIGHT_FILES) as Dtype[]).filter((dtype) => WEIGHT_FILES[dtype] in files);
}

/**
 * What is known of a model that can be loaded: the manifest of a folder, of the embedded reader, or of an installed id.
 *
 * @throws VerbatimError `model-not-found` as `resolveModel` does, `model-damaged` if the manifest cannot be read.
 */
export async function modelInfo(idOrFolder: string, store: string): Promise<InstalledModel> {
  const folder = await resolveModel(idOrFolder, store);
  const manifest = await readManifest(folder);
  const id = folder === DEFAULT_MODEL_FOLDER ? DEFAULT_MODEL_ID : idOrFolder;
  return { id, folder, dtypes: dtypesOf(manifest), manifest };
}

/**
 * The folder of a model: an existing folder is taken as it is, then `default` is the embedded reader, then the store is
 * asked. Nothing is fetched.
 *
 * @throws VerbatimError `model-not-found`, saying how the model can be installed.
 */
export async function resolveModel(idOrFolder: string, store: string): Promise<string> {
  if (idOrFolder !== '' && (await isFolder(idOrFolder))) return idOrFolder;
  const row = catalogueRow(idOrFolder);
  if (row?.id === DEFAULT_MODEL_ID) return DEFAULT_MODEL_FOLDER;
  if (isModelId(idOrFolder)) {
    const folder = installedFolder(store, idOrFolder);
    if (await exists(path.join(folder, 'manifest.json'))) return folder;
  }
  throw new VerbatimError(
    'model-not-found',
    row === undefined
      ? `No model ${received(idOrFolder)}: expected a folder, "${DEFAULT_MODEL_ID}" or the id of an installed model; \`verbatim models list\` shows them.`
      : `${row.id} is not installed; ${howToInstall(row)}.`,
  );
}

function howToInstall({ id, onnx }: CatalogueRow): string {
  return onnx === null
    ? `no ONNX weights of it are known to be on the hub: ${exportHint(id)}`
    : `\`verbatim models pull ${id}\` installs it`;
}

function isModelId(text: string): boolean {
  try {
    return requireModelId(text) === text;
  } catch {
    return false;
  }
}

/**
 * Compares every file of a model with its manifest: length and SHA-256.
 *
 * @returns the files that differ; none for a whole model.
 * @throws VerbatimError `model-damaged` if there is no readable manifest.
 */
export async function verifyModel(folder: string): Promise<ModelProblem[]> {
  const { files } = await readManifest(folder);
  const problems: ModelProblem[] = [];
  for (const [file, expected] of Object.entries(files)) {
    const problem = isInside(file)
      ? await compare(path.join(folder, file), expected)
      : 'is listed outside of the folder';
    if (problem !== undefined) problems.push({ file, problem });
  }
  return problems;
}

async function compare(file: string, expected: ModelManifest['files'][string]): Promise<string | undefined> {
  const bytes = await sizeOf(file);
  if (bytes === undefined) return 'is missing';
  if (bytes !== expected.bytes) return `has ${bytes} bytes; the manifest says ${expected.bytes}`;
  const { sha256 } = await fingerprint(file);
  return sha256 === expected.sha256 ? undefined : "is damaged: its SHA-256 is not the manifest's";
}

/**
 * Removes an installed model and what an unfinished download of it left.
 *
 * @throws VerbatimError `model-not-found` if there is neither, `model-busy` if another process is installing it.
 */
export async function removeModel(id: string, store: string): Promise<void> {
  requireModelId(id);
  const folder = installedFolder(store, id);
  const partial = partialFolder(store, id);
  const installed = await exists(path.join(folder, 'manifest.json'));
  if (!installed && !(await isFolder(partial))) {
    throw new VerbatimError('model-not-found', `${id} is not installed in ${received(store)}.`);
  }
  await withModelLock(store, id, async () => {
    await rm(partial, { recursive: true, force: true });
    if (!installed) return;
    const bin = await temporaryFolder(store);
    await rename(folder, path.join(bin, 'model'));
    await discard(bin);
    // The owner's folder goes with the last of its models.
    if (id.includes('/')) await rmdir(path.dirname(folder)).catch(() => undefined);
  });
}

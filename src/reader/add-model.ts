import { copyFile, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { received, VerbatimError } from '../core/errors.js';
import { catalogueRow } from './model-catalogue.js';
import { WEIGHT_FILES, type Dtype, type ModelManifest } from './model-layout.js';
import { readManifest, writeManifest } from './model-manifest.js';
import { exportHint, isUnsafeWeights, requireModelId, weightCandidates } from './model-names.js';
import {
  describeFolder,
  discard,
  exists,
  fingerprint,
  installedFolder,
  isFolder,
  place,
  temporaryFolder,
  unwritable,
  withModelLock,
  type FileFingerprint,
} from './model-staging.js';
import { dtypesOf, verifyModel, type InstalledModel } from './model-store.js';

export interface AddModelOptions {
  /** Folder of the store. */
  readonly store: string;
  /** Id to install it under. @defaultValue the manifest's id, or else the folder's name */
  readonly id?: string;
}

/**
 * Installs a copy of a model's folder in Hugging Face's layout: config.json, tokenizer.json and ONNX weights, in onnx/ or
 * beside them as Optimum exports them. What a manifest.json in the folder says (licence, threshold, confidence) is kept.
 *
 * @throws VerbatimError `path-not-found`, `model-not-found` if a file is missing, `model-unsafe-format` if there are only
 * weights that may run code, `model-unsupported`, `model-damaged`, `model-exists`, `model-busy`.
 */
export async function addModel(folder: string, options: AddModelOptions): Promise<InstalledModel> {
  if (!(await isFolder(folder))) {
    throw new VerbatimError('path-not-found', `No such folder: ${received(folder)}.`);
  }
  const given = await givenManifest(folder);
  const id = requireModelId(options.id ?? given?.id ?? path.basename(path.resolve(folder)));
  const sources = await findFiles(folder, id);
  return withModelLock(options.store, id, async () => {
    if (await isFolder(installedFolder(options.store, id))) {
      throw new VerbatimError(
        'model-exists',
        `${id} is installed already; \`verbatim models remove ${id}\` removes it.`,
      );
    }
    const staged = await temporaryFolder(options.store);
    try {
      const files = await copyFiles(sources, staged);
      const manifest: ModelManifest = {
        format: 1,
        revision: 'local',
        licence: catalogueRow(id)?.licence ?? 'not stated',
        source: pathToFileURL(path.resolve(folder)).href,
        ...(await describeFolder(staged, id)),
        ...given,
        id,
        files,
      };
      await writeManifest(staged, manifest);
      const placed = await place(staged, options.store, id);
      return { id, folder: placed, dtypes: dtypesOf(manifest), manifest };
    } finally {
      await discard(staged);
    }
  });
}

/** The folder's own manifest, if it has one; its files must be what it says. */
async function givenManifest(folder: string): Promise<ModelManifest | undefined> {
  if (!(await exists(path.join(folder, 'manifest.json')))) return undefined;
  const [problem] = await verifyModel(folder);
  if (problem !== undefined) {
    throw new VerbatimError('model-damaged', `${path.join(folder, problem.file)} ${problem.problem}.`);
  }
  return readManifest(folder);
}

/** Where each file of the model comes from, by its path inside the model. */
async function findFiles(folder: string, id: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const name of ['config.json', 'tokenizer.json', 'tokenizer_config.json']) {
    if (await exists(path.join(folder, name))) found.set(name, path.join(folder, name));
  }
  let weights = 0;
  for (const dtype of Object.keys(WEIGHT_FILES) as Dtype[]) {
    for (const candidate of weightCandidates(dtype)) {
      const file = path.join(folder, candidate);
      if (found.has(WEIGHT_FILES[dtype]) || !(await exists(file))) continue;
      found.set(WEIGHT_FILES[dtype], file);
      weights++;
    }
  }
  if (weights === 0) throw await noWeights(folder, id);
  for (const name of ['config.json', 'tokenizer.json']) {
    if (!found.has(name)) {
      throw new VerbatimError(
        'model-not-found',
        `No ${name} in ${received(folder)}; expected config.json, tokenizer.json and ONNX weights.`,
      );
    }
  }
  return found;
}

async function noWeights(folder: string, id: string): Promise<VerbatimError> {
  const unsafe = (await readdir(folder)).find(isUnsafeWeights);
  if (unsafe !== undefined) {
    return new VerbatimError(
      'model-unsafe-format',
      `Refused ${received(unsafe)} in ${received(folder)}: weights in this format may run code when they are loaded; ${exportHint(id)}.`,
    );
  }
  return new VerbatimError(
    'model-not-found',
    `No ONNX weights in ${received(folder)}; expected one of ${Object.values(WEIGHT_FILES).join(', ')}; ${exportHint(id)}.`,
  );
}

async function copyFiles(
  sources: ReadonlyMap<string, string>,
  target: string,
): Promise<Record<string, FileFingerprint>> {
  const files: Record<string, FileFingerprint> = {};
  for (const [name, source] of sources) {
    const copy = path.join(target, name);
    try {
      await mkdir(path.dirname(copy), { recursive: true });
      await copyFile(source, copy);
    } catch (error) {
      throw unwritable(copy, error);
    }
    files[name] = await fingerprint(copy);
  }
  return files;
}

import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { received, VerbatimError } from '../core/errors.js';
import { checkJson } from './check-json.js';
import { floatNetwork } from './float-network.js';
import {
  configSchema,
  manifestSchema,
  usablePositions,
  WEIGHT_FILES,
  type Dtype,
  type ModelConfig,
  type ModelFiles,
  type ModelManifest,
} from './model-layout.js';

/** Folder of the reader that is part of this package. */
export const DEFAULT_MODEL_FOLDER = fileURLToPath(new URL('../../models/default', import.meta.url));

/** Best first: int8 is the fastest on every CPU that was measured, fp16 the slowest. */
const DTYPE_PREFERENCE: readonly Dtype[] = ['q8', 'fp32', 'fp16'];

/**
 * Reads a model's folder, each file once. With a manifest.json, every file's length and SHA-256 are checked; a plain
 * Hugging Face folder without one is read as it is.
 *
 * @param dtype - number format of the weights; without it, the best that the folder has. Where there is no fp32 but a q8 that was
 * quantized dynamically, fp32 is made of it: the same weights, computed with in floating point.
 * @throws VerbatimError `model-not-found` if the folder or a file is missing, `model-damaged` if a file is not what the manifest says.
 */
export async function readModelFiles(folder: string, dtype?: Dtype): Promise<ModelFiles> {
  const stored = await readStoredManifest(folder);
  const chosen = dtype ?? (await bestDtype(folder));
  const bytes = new Map<string, Uint8Array>();
  const read = async (name: string): Promise<Uint8Array> => {
    const content = await readModelFile(folder, name);
    if (stored !== undefined) checkFile(path.join(folder, name), content, stored.files[name]);
    return content;
  };
  for (const name of ['config.json', 'tokenizer.json']) bytes.set(name, await read(name));
  bytes.set(WEIGHT_FILES[chosen], await readWeights(folder, chosen, read));
  const json = (name: string): Uint8Array => bytes.get(name) ?? new Uint8Array();
  const config = checkJson(configSchema, json('config.json'), path.join(folder, 'config.json'));
  return {
    folder,
    manifest: stored ?? impliedManifest(folder, config),
    config,
    dtype: chosen,
    tokenizer: checkJson(z.unknown(), json('tokenizer.json'), path.join(folder, 'tokenizer.json')),
    bytes,
  };
}

async function readWeights(
  folder: string,
  dtype: Dtype,
  read: (name: string) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  if (dtype === 'fp32' && !(await isThere(folder, 'fp32')) && (await isThere(folder, 'q8'))) {
    const converted = floatNetwork(await read(WEIGHT_FILES.q8));
    if (converted !== undefined) return converted;
  }
  return read(WEIGHT_FILES[dtype]);
}

async function isThere(folder: string, dtype: Dtype): Promise<boolean> {
  return (await stat(path.join(folder, WEIGHT_FILES[dtype])).catch(() => undefined)) !== undefined;
}

async function readStoredManifest(folder: string): Promise<ModelManifest | undefined> {
  const file = path.join(folder, 'manifest.json');
  const bytes = await readFile(file).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    // A manifest that cannot be read must not pass for none: its checksums would go unchecked.
    throw new VerbatimError(
      'model-damaged',
      `Cannot read ${received(file)}: ${code ?? 'unknown error'}.`,
      error,
    );
  });
  return bytes === undefined ? undefined : checkJson(manifestSchema, bytes, file);
}

async function bestDtype(folder: string): Promise<Dtype> {
  for (const dtype of DTYPE_PREFERENCE) {
    if (await isThere(folder, dtype)) return dtype;
  }
  throw new VerbatimError(
    'model-not-found',
    `No weights in the model folder ${received(folder)}; expected ${Object.values(WEIGHT_FILES).join(', ')}.`,
  );
}

function impliedManifest(folder: string, config: ModelConfig): ModelManifest {
  return {
    format: 1,
    id: path.basename(path.resolve(folder)),
    revision: 'unknown',
    licence: 'unknown',
    source: folder,
    architecture: config.architectures?.[0] ?? config.model_type ?? 'unknown',
    maxSequenceLength: usablePositions(config),
    files: {},
  };
}

async function readModelFile(folder: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(path.join(folder, name));
  } catch (error) {
    throw new VerbatimError(
      'model-not-found',
      `No readable ${name} in the model folder ${received(folder)}; expected config.json, tokenizer.json and onnx/.`,
      error,
    );
  }
}

function checkFile(
  file: string,
  bytes: Uint8Array,
  expected: { readonly bytes: number; readonly sha256: string } | undefined,
): void {
  if (expected === undefined)
    throw new VerbatimError('model-damaged', `${file} is not listed in the manifest.`);
  if (bytes.length !== expected.bytes) {
    throw new VerbatimError(
      'model-damaged',
      `${file} has ${bytes.length} bytes; the manifest says ${expected.bytes}.`,
    );
  }
  if (createHash('sha256').update(bytes).digest('hex') !== expected.sha256) {
    throw new VerbatimError('model-damaged', `${file} is damaged: its SHA-256 is not the manifest's.`);
  }
}

import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { received, VerbatimError } from '../core/errors.js';
import { checkJson } from './check-json.js';

/** Number formats of the weights, by the file name that Hugging Face's layout gives them. */
export const WEIGHT_FILES = {
  fp32: 'onnx/model.onnx',
  fp16: 'onnx/model_fp16.onnx',
  q8: 'onnx/model_quantized.onnx',
} as const;

export type Dtype = keyof typeof WEIGHT_FILES;

/** Checks manifest.json. */
export const manifestSchema = z.object({
  format: z.literal(1),
  id: z.string(),
  revision: z.string(),
  licence: z.string(),
  /** Where the weights come from. */
  source: z.string(),
  architecture: z.string(),
  /** Tokens of the longest window that the model takes. */
  maxSequenceLength: z.int().min(16),
  nullScoreDifferenceThreshold: z
    .object({
      value: z.number(),
      /** Share of unanswerable questions that the threshold was fitted for. */
      unanswerableShare: z.number().min(0).max(1),
      fittedOn: z.string(),
    })
    .optional(),
  /** confidence = 1 / (1 + exp(−(slope · margin + intercept))). */
  calibration: z.object({ slope: z.number(), intercept: z.number(), fittedOn: z.string() }).optional(),
  files: z.record(
    z.string(),
    z.object({ bytes: z.int().min(1), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
});

/** What a model's folder says of it in manifest.json. */
export type ModelManifest = z.infer<typeof manifestSchema>;

/** The part of config.json that is read. */
export const configSchema = z.looseObject({
  architectures: z.array(z.string()).optional(),
  model_type: z.string().optional(),
  max_position_embeddings: z.int().optional(),
  vocab_size: z.int().optional(),
  pad_token_id: z.int().nullish(),
  num_hidden_layers: z.int().optional(),
  hidden_size: z.int().optional(),
});

export type ModelConfig = z.infer<typeof configSchema>;

/** A model's files, read once and checked against the manifest. */
export interface ModelFiles {
  readonly folder: string;
  readonly manifest: ModelManifest;
  readonly config: ModelConfig;
  readonly dtype: Dtype;
  /** Parsed tokenizer.json. */
  readonly tokenizer: unknown;
  /** Bytes of every file by its path inside the folder: what the runtime is given instead of reading again. */
  readonly bytes: ReadonlyMap<string, Uint8Array>;
}

/** Folder of the reader that is part of this package. */
export const DEFAULT_MODEL_FOLDER = fileURLToPath(new URL('../../models/default', import.meta.url));

/** Best first: int8 is the fastest on every CPU that was measured, fp16 the slowest. */
const DTYPE_PREFERENCE: readonly Dtype[] = ['q8', 'fp32', 'fp16'];

/** Architectures that count positions from the padding token on, so that the first ones are never used. */
const OFFSET_POSITIONS: ReadonlySet<string> = new Set(['roberta', 'xlm-roberta', 'camembert']);

/**
 * Reads a model's folder, each file once. With a manifest.json, every file's length and SHA-256 are checked; a plain
 * Hugging Face folder without one is read as it is.
 *
 * @param dtype - number format of the weights; without it, the best that the folder has.
 * @throws VerbatimError `model-not-found` if the folder or a file is missing, `model-damaged` if a file is not what the manifest says.
 */
export async function readModelFiles(folder: string, dtype?: Dtype): Promise<ModelFiles> {
  const stored = await readStoredManifest(folder);
  const chosen = dtype ?? (await bestDtype(folder));
  const bytes = new Map<string, Uint8Array>();
  for (const name of ['config.json', 'tokenizer.json', WEIGHT_FILES[chosen]]) {
    const content = await readModelFile(folder, name);
    if (stored !== undefined) checkFile(path.join(folder, name), content, stored.files[name]);
    bytes.set(name, content);
  }
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

/** Tokens of the longest window that the model takes: what the manifest says, if the network has as many positions. */
export function longestWindow({ manifest, config }: ModelFiles): number {
  return Math.min(manifest.maxSequenceLength, usablePositions(config));
}

/** What every BERT-like network takes, for a configuration that does not say. */
const DEFAULT_POSITIONS = 512;

/** Tokens of the longest window that a network of this configuration takes. */
export function usablePositions(config: ModelConfig): number {
  if (config.max_position_embeddings === undefined) return DEFAULT_POSITIONS;
  const offset = OFFSET_POSITIONS.has(config.model_type ?? '') ? (config.pad_token_id ?? 1) + 1 : 0;
  return config.max_position_embeddings - offset;
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
    const found = await stat(path.join(folder, WEIGHT_FILES[dtype])).catch(() => undefined);
    if (found !== undefined) return dtype;
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

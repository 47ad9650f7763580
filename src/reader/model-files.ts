import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { received, VerbatimError } from '../core/errors.js';

/** Number formats of the weights, by the file name that Hugging Face's layout gives them. */
export const WEIGHT_FILES = {
  fp32: 'onnx/model.onnx',
  fp16: 'onnx/model_fp16.onnx',
  q8: 'onnx/model_quantized.onnx',
} as const;

export type Dtype = keyof typeof WEIGHT_FILES;

const manifestSchema = z.object({
  format: z.literal(1),
  id: z.string(),
  version: z.string(),
  licence: z.string(),
  maxSequenceLength: z.int().min(16),
  nullScoreDifferenceThreshold: z.object({
    value: z.number(),
    /** Share of unanswerable questions that the threshold was fitted for. */
    unanswerableShare: z.number().min(0).max(1),
    fittedOn: z.string(),
  }),
  /** confidence = 1 / (1 + exp(−(slope · margin + intercept))). */
  calibration: z.object({ slope: z.number(), intercept: z.number(), fittedOn: z.string() }),
  files: z.record(
    z.string(),
    z.object({ bytes: z.int().min(1), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
});

/** What a model's folder says of it in manifest.json. */
export type ModelManifest = z.infer<typeof manifestSchema>;

const configSchema = z.looseObject({
  architectures: z.array(z.string()).optional(),
  model_type: z.string().optional(),
  max_position_embeddings: z.int().optional(),
  vocab_size: z.int().optional(),
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

/**
 * Reads a model's folder, each file once, and checks every file's length and SHA-256.
 *
 * @throws VerbatimError `model-not-found` if the folder or a file is missing, `model-damaged` if a file is not what the manifest says.
 */
export async function readModelFiles(folder: string, dtype: Dtype): Promise<ModelFiles> {
  const manifest = parse(
    manifestSchema,
    await readModelFile(folder, 'manifest.json'),
    path.join(folder, 'manifest.json'),
  );
  const names = ['config.json', 'tokenizer.json', WEIGHT_FILES[dtype]];
  const bytes = new Map<string, Uint8Array>();
  for (const name of names) {
    const expected = manifest.files[name];
    if (expected === undefined) {
      throw new VerbatimError(
        'model-not-found',
        `${folder}: the manifest lists no ${name}; it has ${Object.keys(manifest.files).join(', ')}.`,
      );
    }
    bytes.set(name, checkFile(path.join(folder, name), await readModelFile(folder, name), expected));
  }
  const json = (name: string): Uint8Array => bytes.get(name) ?? new Uint8Array();
  return {
    folder,
    manifest,
    config: parse(configSchema, json('config.json'), path.join(folder, 'config.json')),
    dtype,
    tokenizer: parse(z.unknown(), json('tokenizer.json'), path.join(folder, 'tokenizer.json')),
    bytes,
  };
}

async function readModelFile(folder: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(path.join(folder, name));
  } catch (error) {
    throw new VerbatimError(
      'model-not-found',
      `No readable ${name} in the model folder ${received(folder)}; expected manifest.json, config.json, tokenizer.json and onnx/.`,
      error,
    );
  }
}

function checkFile(file: string, bytes: Uint8Array, expected: { bytes: number; sha256: string }): Uint8Array {
  if (bytes.length !== expected.bytes) {
    throw new VerbatimError(
      'model-damaged',
      `${file} has ${bytes.length} bytes; the manifest says ${expected.bytes}.`,
    );
  }
  if (createHash('sha256').update(bytes).digest('hex') !== expected.sha256) {
    throw new VerbatimError('model-damaged', `${file} is damaged: its SHA-256 is not the manifest's.`);
  }
  return bytes;
}

function parse<T>(schema: z.ZodType<T>, bytes: Uint8Array, file: string): T {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new VerbatimError('model-damaged', `${file} is not valid JSON.`, error);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new VerbatimError(
    'model-damaged',
    `${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}.`,
  );
}

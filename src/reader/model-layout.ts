import { z } from 'zod';
import { VerbatimError } from '../core/errors.js';
import type { Tokenizer } from './tokenizer/types.js';

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

/** Architectures that count positions from the padding token on, so that the first ones are never used. */
const OFFSET_POSITIONS: ReadonlySet<string> = new Set(['roberta', 'xlm-roberta', 'camembert']);

/** Tokens of the longest window that the model takes: what the manifest says, if the network has as many positions. */
export function longestWindow({ manifest, config }: Pick<ModelFiles, 'manifest' | 'config'>): number {
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

/** @throws VerbatimError `model-damaged` if the tokenizer gives ids that the network's embedding table does not have. */
export function checkVocabulary(name: string, config: ModelConfig, { vocabularySize }: Tokenizer): void {
  if (config.vocab_size !== undefined && vocabularySize > config.vocab_size) {
    throw new VerbatimError(
      'model-damaged',
      `${name}: the tokenizer knows ${vocabularySize} ids, the network's vocabulary (vocab_size) has ${config.vocab_size}; they belong to different models.`,
    );
  }
}

export { ExtractiveReader } from './extractive-reader.js';
export { DEFAULT_READING } from './reading-rules.js';
export { loadReader, type LoadedReader, type LoadReaderOptions } from './load-reader.js';
export { DEFAULT_MODEL_FOLDER, type Dtype, type ModelManifest } from './model-files.js';
export { loadTokenizer } from './tokenizer/load-tokenizer.js';
export type { Encoding, Tokenizer } from './tokenizer/types.js';
export type {
  ContextWindow,
  PassageReading,
  ReadablePassage,
  Reader,
  ReadOptions,
  ScoredSpan,
  SpanLogits,
  SpanModel,
} from './types.js';

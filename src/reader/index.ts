export { ExtractiveReader } from './extractive-reader.js';
export { DEFAULT_READING } from './reading-rules.js';
export { loadReader, type LoadedReader, type LoadReaderOptions } from './load-reader.js';
export { DEFAULT_MODEL_FOLDER } from './model-files.js';
export { type Dtype, type ModelManifest } from './model-layout.js';
export { modelCatalogue, type CatalogueRow } from './model-catalogue.js';
export {
  defaultModelStore,
  listModels,
  modelInfo,
  removeModel,
  resolveModel,
  verifyModel,
  type InstalledModel,
  type ModelListing,
  type ModelProblem,
} from './model-store.js';
export { addModel, type AddModelOptions } from './add-model.js';
export { DEFAULT_ENDPOINT, type HubOptions } from './hub-client.js';
export { pullModel, type PulledModel, type PullOptions } from './hub-pull.js';
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
  TokenScore,
} from './types.js';

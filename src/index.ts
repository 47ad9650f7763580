/** The pipeline: a corpus in, cited answers out. */
export {
  createVerbatim,
  updateIndex,
  type AskOptions,
  type IndexUpdate,
  type UpdateIndexOptions,
  type Verbatim,
  type VerbatimOptions,
} from './pipeline/index.js';
/** Reader and aggregator over passages that anything else found. */
export {
  createAnswerer,
  type Answerer,
  type AnswererOptions,
  type DecideOptions,
  type SearchHit,
} from './pipeline/index.js';
/** Results. */
export type {
  Answer,
  AnswerProgress,
  AnswerResult,
  Candidate,
  CandidateScores,
  FeatureContribution,
  NoAnswer,
  NoAnswerReason,
  PassageDecision,
} from './pipeline/index.js';
export type { Citation } from './core/citation.js';
/** The three seams: a retriever, a reader and an aggregator can each be replaced. */
export {
  aggregate,
  readProfile,
  type AggregateOptions,
  type AggregationProfile,
  type FusionProfile,
  type NullScoreProfile,
  type StoredProfile,
} from './pipeline/index.js';
export {
  Bm25Retriever,
  KnowledgeBase,
  splitPassages,
  type Bm25Parameters,
  type Bm25RetrieverOptions,
  type Change,
  type ChangeSummary,
  type DocumentCriteria,
  type DocumentFilter,
  type DocumentPage,
  type DocumentSummary,
  type KnowledgeBaseOptions,
  type Matching,
  type PassageOptions,
  type RetrieveOptions,
  type Retriever,
} from './retriever/index.js';
export {
  loadReader,
  type Dtype,
  type LoadedReader,
  type LoadReaderOptions,
  type ModelManifest,
  type PassageReading,
  type ReadablePassage,
  type Reader,
  type ReadOptions,
  type ScoredSpan,
  type TokenScore,
} from './reader/index.js';
/** Installed models and the catalogue. */
export {
  addModel,
  listModels,
  modelCatalogue,
  modelInfo,
  pullModel,
  removeModel,
  resolveModel,
  verifyModel,
  type AddModelOptions,
  type CatalogueRow,
  type HubOptions,
  type InstalledModel,
  type ModelListing,
  type ModelProblem,
  type PulledModel,
  type PullOptions,
} from './reader/index.js';
/** Documents and passages. */
export {
  listCorpusFiles,
  loadCorpus,
  readCorpusFile,
  readMarkdown,
  readPlainText,
  type CorpusFile,
  type CorpusOptions,
  type DocumentIdentity,
  type LoadedCorpus,
  type ReadFileOptions,
} from './ingest/index.js';
export type { Block, BlockKind, DocumentMetadata, SourceAnchor, SourceDocument } from './core/document.js';
export type { Passage, RetrievedPassage, TermContribution } from './core/passage.js';
export type { Span } from './core/span.js';
/** Errors. */
export { VerbatimError, type VerbatimErrorCode } from './core/errors.js';

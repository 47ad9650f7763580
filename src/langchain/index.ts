/** LangChain: this package's answers, passages and evidence behind the framework's interfaces. */
export { createAnswerTool, type AnswerSource, type AnswerToolOptions } from './answer-tool.js';
export {
  createDraftChecker,
  type CheckedDraft,
  type CheckedSentence,
  type DraftCheckerOptions,
} from './draft-checker.js';
export type { PassageMetadata } from './documents.js';
export { ExtractiveCompressor, type ExtractiveCompressorOptions } from './extractive-compressor.js';
export {
  fromLangChainRetriever,
  type DocumentSource,
  type LangChainRetrieverOptions,
} from './from-langchain-retriever.js';
export {
  VerbatimRetriever,
  type VerbatimRetrieverCallOptions,
  type VerbatimRetrieverOptions,
} from './verbatim-retriever.js';

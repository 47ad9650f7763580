export { analyze } from './analyze.js';
export { DEFAULT_BM25, inverseDocumentFrequency, type Bm25Parameters } from './bm25.js';
export { Bm25Retriever, type Bm25RetrieverOptions } from './bm25-retriever.js';
export { checkCriteria, type DocumentCriteria, type DocumentFilter } from './document-filter.js';
export { cutsOf, type CutDocument, type PassageCut } from './cut-document.js';
export {
  hasDatabase,
  KnowledgeBase,
  type Change,
  type ChangeSummary,
  type DocumentPage,
  type DocumentSummary,
  type KnowledgeBaseOptions,
} from './knowledge-base/index.js';
export { type Matching } from './ranking.js';
export { DEFAULT_PASSAGES, splitPassages, type PassageOptions } from './split-passages.js';
export { DEFAULT_TOP_K, type RetrieveOptions, type Retriever } from './types.js';
export { suggest, type Suggestion } from './suggest.js';

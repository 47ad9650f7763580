export { analyze } from './analyze.js';
export { DEFAULT_BM25, inverseDocumentFrequency, termWeight, type Bm25Parameters } from './bm25.js';
export { Bm25Retriever, type Bm25RetrieverOptions } from './bm25-retriever.js';
export { DEFAULT_PASSAGES, splitPassages, type PassageOptions } from './split-passages.js';
export { DEFAULT_TOP_K, type RetrieveOptions, type Retriever } from './types.js';

/** OpenSearch: an index of passages, and a retriever over one. */
export {
  OpenSearchIndex,
  OpenSearchRetriever,
  type BulkOptions,
  type BulkReport,
  type OpenSearchClient,
  type OpenSearchIndexOptions,
  type OpenSearchOptions,
  type OpenSearchRetrieverOptions,
  type RetryOptions,
} from '../retriever/opensearch/index.js';

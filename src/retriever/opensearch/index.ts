export type { BulkOptions, BulkReport } from './bulk-index.js';
export type { OpenSearchClient } from './client.js';
export type { OpenSearchOptions } from './connection.js';
export { OpenSearchIndex, type OpenSearchIndexOptions } from './opensearch-index.js';
export { OpenSearchRetriever, type OpenSearchRetrieverOptions } from './opensearch-retriever.js';
export type { RetryOptions } from './retry.js';

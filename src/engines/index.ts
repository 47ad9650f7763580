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
/** Retrieval over documents that an engine holds already. */
export {
  documentsRetriever,
  type DocumentsRetrieverOptions,
  type SearchClient,
} from './opensearch-documents.js';
export {
  meilisearchRetriever,
  type MeilisearchClient,
  type MeilisearchRetrieverOptions,
} from './meilisearch.js';
export { postgresRetriever, type PostgresPool, type PostgresRetrieverOptions } from './postgres.js';
export { typesenseRetriever, type TypesenseClient, type TypesenseRetrieverOptions } from './typesense.js';
export type { EnginePassage, EngineRetriever, EngineRetrieverOptions } from './engine-retriever.js';
/** Hits of search responses, for `answerFromHits`. */
export { hitsFromOpenSearch } from './opensearch-documents.js';
export { hitsFromMeilisearch } from './meilisearch.js';
export { hitsFromTypesense } from './typesense.js';
export { hitsFromDocuments, hitsFromPostgres, type DocumentFields } from './documents.js';
export type { FieldHit, HitFields, HitOptions } from './hit-fields.js';
/** From a citation to the stored field. */
export { fieldValues } from './field-values.js';
export { sourceSpan, type SourcePiece, type SourceSpan, type SourceText } from './source-text.js';
/** OpenSearch's search pipelines. */
export {
  openSearchConnector,
  openSearchModel,
  openSearchSearchPipeline,
  type ConnectorOptions,
  type SearchPipelineOptions,
} from './opensearch-pipeline.js';

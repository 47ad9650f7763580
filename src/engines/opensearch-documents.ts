import { engineError } from '../retriever/opensearch/client-error.js';
import { checkIndexName } from '../retriever/opensearch/index-settings.js';
import { engineRetriever, type EngineRetriever, type EngineRetrieverOptions } from './engine-retriever.js';
import {
  fieldNames,
  listIn,
  property,
  readHits,
  requireHits,
  strings,
  type EngineHit,
  type FieldHit,
  type HitFields,
  type HitOptions,
} from './hit-fields.js';

/** What is used of a `Client` of @opensearch-project/opensearch or of @elastic/elasticsearch. */
export interface SearchClient {
  readonly transport: {
    request(
      params: { method: string; path: string; body?: Record<string, unknown> },
      options?: { requestTimeout?: number; signal?: AbortSignal },
    ): PromiseLike<unknown>;
  };
}

export interface DocumentsRetrieverOptions extends EngineRetrieverOptions {
  readonly client: SearchClient;
  /** Name of an index or alias. */
  readonly index: string;
  /** What is searched, with boosts: `['title^2', 'body']`. @defaultValue the text and title fields */
  readonly fields?: readonly string[];
  /** Makes the query of a question: filters, vectors, anything. @defaultValue `multi_match` over `fields`, any word */
  readonly query?: (question: string) => Record<string, unknown>;
}

/**
 * Retrieval on an index of OpenSearch or Elasticsearch that is there already, with a mapping of its own; an index for passages is made by
 * `OpenSearchIndex`. Scores and the order of equal ones are the engine's.
 *
 * @throws VerbatimError `invalid-option`. Nothing is sent before the first question.
 *
 * @example
 * const client = new Client({ node: 'http://127.0.0.1:9200' });
 * const retriever = documentsRetriever({ client, index: 'articles', textField: 'body', titleField: 'headline' });
 * const qa = await createVerbatim({ retriever });
 */
export function documentsRetriever(options: DocumentsRetrieverOptions): EngineRetriever {
  const { client, timeoutMs } = options;
  const index = checkIndexName(options.index);
  const fields = options.fields ?? [options.textField, options.titleField ?? []].flat(2);
  const query = options.query ?? ((question) => ({ multi_match: { query: question, fields } }));
  const name = `The search engine of index ${index}`;
  return engineRetriever(
    {
      name,
      async search(question, topK, signal) {
        const sent = client.transport.request(
          {
            method: 'POST',
            path: `/${encodeURIComponent(index)}/_search`,
            body: {
              size: topK,
              track_total_hits: false,
              _source: fieldNames(options),
              query: query(question),
            },
          },
          { signal, ...(timeoutMs === undefined ? {} : { requestTimeout: timeoutMs }) },
        );
        // OpenSearch's client knows no signals, and its promise can be aborted.
        const abort = property(sent, 'abort');
        if (typeof abort === 'function') {
          signal.addEventListener('abort', () => {
            abort.call(sent);
          });
        }
        return sent;
      },
      hits: listOf,
      read: (hits, topK) => readHits(hits, open, options, { topK }),
      explain: (error) => engineError(name, error),
    },
    options,
  );
}

/**
 * Hits of a search response of OpenSearch or Elasticsearch, as the clients return it or as the server sent it: texts from `_source`, from
 * `fields`, or from highlighting.
 *
 * @throws VerbatimError `invalid-option` for anything else.
 *
 * @example
 * const response = await client.search({ index: 'articles', body: { query: { match: { body: question } } } });
 * const hits = hitsFromOpenSearch(response, { textField: 'body', titleField: 'headline' });
 * const result = await answerer.answerFromHits(question, hits);
 */
export function hitsFromOpenSearch(
  response: unknown,
  fields: HitFields,
  options: HitOptions = {},
): FieldHit[] {
  return readHits(requireHits(listOf(response), 'OpenSearch', 'hits.hits'), open, fields, options);
}

function listOf(response: unknown): readonly unknown[] | undefined {
  return listIn(property(property(response, 'body') ?? response, 'hits'), 'hits');
}

function open(hit: unknown): EngineHit {
  const [id] = strings(property(hit, '_id'));
  const score = property(hit, '_score');
  const highlight = property(hit, 'highlight');
  return {
    document: property(hit, '_source') ?? property(hit, 'fields'),
    highlights: (field) => strings(property(highlight, field)),
    ...(id === undefined ? {} : { id }),
    ...(typeof score === 'number' ? { score } : {}),
  };
}

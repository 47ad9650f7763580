import type { EngineError } from '../retriever/engine/engine-error.js';
import { failureOf, unreachable } from '../retriever/engine/engine-error.js';
import {
  engineRetriever,
  messageOf,
  type EngineRetriever,
  type EngineRetrieverOptions,
} from './engine-retriever.js';
import { fieldValues } from './field-values.js';
import {
  fieldNames,
  listIn,
  property,
  readHits,
  requireHits,
  type EngineHit,
  type FieldHit,
  type HitFields,
  type HitOptions,
} from './hit-fields.js';

/** What is used of a `Meilisearch` of the package meilisearch. */
export interface MeilisearchClient {
  index(uid: string): {
    search(
      query: string,
      parameters: Record<string, unknown>,
      request: { signal: AbortSignal },
    ): PromiseLike<unknown>;
  };
}

export interface MeilisearchRetrieverOptions extends EngineRetrieverOptions {
  readonly client: MeilisearchClient;
  /** The index's uid. */
  readonly index: string;
  /** Further parameters of each search: `{ filter: 'lang = en' }`. @defaultValue `{ matchingStrategy: 'frequency' }` */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/**
 * Retrieval on a Meilisearch index. Where not all words of a question are found together, the most frequent are left out first. Meilisearch
 * returns no more than its `pagination.maxTotalHits`.
 *
 * @throws VerbatimError `invalid-option`. Nothing is sent before the first question.
 *
 * @example
 * const client = new Meilisearch({ host: 'http://127.0.0.1:7700', apiKey });
 * const retriever = meilisearchRetriever({ client, index: 'articles', textField: 'body' });
 */
export function meilisearchRetriever(options: MeilisearchRetrieverOptions): EngineRetriever {
  const { client, index, parameters = { matchingStrategy: 'frequency' } } = options;
  const fields: HitFields = { idField: 'id', ...options };
  const name = `Meilisearch index ${index}`;
  return engineRetriever(
    {
      name,
      search: (question, topK, signal) =>
        client.index(index).search(
          question,
          {
            limit: topK,
            // Above nested fields stand objects, which are asked for whole.
            attributesToRetrieve: fieldNames(fields).flatMap(withParents),
            showRankingScore: true,
            ...parameters,
          },
          { signal },
        ),
      hits: (response) => listIn(response, 'hits'),
      read: (hits, topK) => readHits(hits, open, fields, { topK }),
      explain: (error) => explain(name, error),
    },
    options,
  );
}

/**
 * Hits of a search response of Meilisearch. Highlighting is `_formatted`; the id is the field `id` unless another is named.
 *
 * @throws VerbatimError `invalid-option` for anything else.
 *
 * @example
 * const response = await client.index('articles').search(question, { showRankingScore: true });
 * const hits = hitsFromMeilisearch(response, { textField: 'body', titleField: 'title' });
 */
export function hitsFromMeilisearch(
  response: unknown,
  fields: HitFields,
  options: HitOptions = {},
): FieldHit[] {
  const hits = requireHits(listIn(response, 'hits'), 'Meilisearch', 'hits');
  return readHits(hits, open, { idField: 'id', ...fields }, options);
}

function open(hit: unknown): EngineHit {
  const score = property(hit, '_rankingScore');
  const formatted = property(hit, '_formatted');
  return {
    document: hit,
    highlights: (field) => fieldValues(formatted, field),
    ...(typeof score === 'number' ? { score } : {}),
  };
}

function withParents(field: string): string[] {
  const parts = field.split('.');
  return parts.map((_, i) => parts.slice(0, i + 1).join('.'));
}

/** The client's error of an answer has the response and, as its cause, Meilisearch's code and message. */
function explain(name: string, error: unknown): EngineError {
  const { response, cause } = error as { response?: { status?: number }; cause?: { code?: string } };
  if (response?.status === undefined) return unreachable(name, messageOf(error));
  return failureOf(name, {
    status: response.status,
    reason: messageOf(error),
    types: cause?.code === undefined ? [] : [cause.code],
  });
}

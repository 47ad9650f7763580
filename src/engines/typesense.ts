import type { EngineError } from '../retriever/engine/engine-error.js';
import { failureOf, unreachable } from '../retriever/engine/engine-error.js';
import {
  engineRetriever,
  messageOf,
  type EngineRetriever,
  type EngineRetrieverOptions,
} from './engine-retriever.js';
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

/** Typesense returns no more hits a page. */
const PAGE = 250;
const TYPESENSE: Partial<HitFields> = { idField: 'id', marks: ['<mark>', '</mark>'] };

/** What is used of a `Client` of the package typesense. */
export interface TypesenseClient {
  collections(name: string): {
    documents(): {
      search(
        parameters: { q: string; query_by: string },
        options: { abortSignal?: AbortSignal },
      ): PromiseLike<unknown>;
    };
  };
}

export interface TypesenseRetrieverOptions extends EngineRetrieverOptions {
  readonly client: TypesenseClient;
  readonly collection: string;
  /** What is searched. @defaultValue the title and text fields */
  readonly fields?: readonly string[];
  /** Further parameters of each search: `{ filter_by: 'lang:=en' }`. @defaultValue none */
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
}

/**
 * Retrieval on a Typesense collection. Where not all words of a question are found together, words are left out from its end and its
 * beginning until enough is found. Order and equal scores are Typesense's: its scores are larger than a number holds exactly.
 *
 * @throws VerbatimError `invalid-option`. Nothing is sent before the first question.
 *
 * @example
 * const client = new Client({ nodes: [{ host: '127.0.0.1', port: 8108, protocol: 'http' }], apiKey });
 * const retriever = typesenseRetriever({ client, collection: 'articles', textField: 'body' });
 */
export function typesenseRetriever(options: TypesenseRetrieverOptions): EngineRetriever {
  const { client, collection, parameters } = options;
  const fields: HitFields = { ...TYPESENSE, ...options };
  const searched = options.fields ?? [options.titleField ?? [], options.textField].flat(2);
  const name = `Typesense collection ${collection}`;
  return engineRetriever(
    {
      name,
      async search(question, topK, signal) {
        const documents = client.collections(collection).documents();
        const hits: unknown[] = [];
        for (let page = 1; hits.length < topK; page++) {
          const found = listIn(
            await documents.search(
              {
                q: question,
                query_by: searched.join(','),
                ...{ per_page: Math.min(topK, PAGE), page },
                ...{ include_fields: fieldNames(fields).join(','), drop_tokens_threshold: topK },
                ...{ drop_tokens_mode: 'both_sides:3', ...parameters },
              },
              { abortSignal: signal },
            ),
            'hits',
          );
          if (found === undefined) return undefined;
          hits.push(...found);
          if (found.length < Math.min(topK, PAGE)) break;
        }
        return { hits };
      },
      hits: (response) => listIn(response, 'hits'),
      read: (hits, topK) => readHits(hits, open, fields, { topK }),
      explain: (error) => explain(name, error),
    },
    options,
  );
}

/**
 * Hits of a search response of Typesense. Highlighting is `highlights`, or the newer `highlight`.
 *
 * @throws VerbatimError `invalid-option` for anything else.
 *
 * @example
 * const response = await client.collections('articles').documents().search({ q: question, query_by: 'body' });
 * const hits = hitsFromTypesense(response, { textField: 'body', titleField: 'title' });
 */
export function hitsFromTypesense(
  response: unknown,
  fields: HitFields,
  options: HitOptions = {},
): FieldHit[] {
  const hits = requireHits(listIn(response, 'hits'), 'Typesense', 'hits');
  return readHits(hits, open, { ...TYPESENSE, ...fields }, options);
}

function open(hit: unknown): EngineHit {
  const score = property(hit, 'text_match');
  return {
    document: property(hit, 'document'),
    highlights: (field) => fragments(hit, field),
    ...(typeof score === 'number' ? { score } : {}),
  };
}

/** One field's fragments: in a list of fields (`highlights`), or as an object beside the document's (`highlight`). */
function fragments(hit: unknown, field: string): string[] {
  const listed = [property(hit, 'highlights')].flat().filter((entry) => property(entry, 'field') === field);
  const own = [property(property(hit, 'highlight'), field)].flat();
  return (listed.length > 0 ? listed : own).flatMap((entry) =>
    strings(property(entry, 'snippet') ?? property(entry, 'snippets')),
  );
}

/** The client's errors of an answer have a status. */
function explain(name: string, error: unknown): EngineError {
  const status = property(error, 'httpStatus');
  return typeof status === 'number'
    ? failureOf(name, { status, reason: messageOf(error) })
    : unreachable(name, messageOf(error));
}

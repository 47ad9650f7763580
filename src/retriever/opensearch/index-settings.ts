import { z } from 'zod';
import { received, VerbatimError } from '../../core/errors.js';
import type { Bm25Parameters } from '../bm25.js';
import type { OpenSearchConnection } from './connection.js';
import { EngineError } from '../engine/engine-error.js';
import { DERIVED_FIELDS } from './passage-document.js';

/** Changes with every change of analysis or fields that makes an index unusable for another version. */
const FORMAT = 1;
const OLDEST_ENGINE = 2;

export interface IndexSettings {
  readonly bm25: Bm25Parameters;
  readonly shards: number;
  readonly replicas: number;
}

/** Settings and mapping of an index of passages. */
export function indexBody({ bm25, shards, replicas }: IndexSettings): Record<string, unknown> {
  return {
    settings: {
      number_of_shards: shards,
      number_of_replicas: replicas,
      similarity: { default: { type: 'BM25', k1: bm25.k1, b: bm25.b } },
    },
    mappings: {
      _meta: { verbatim: { format: FORMAT } },
      _source: { excludes: DERIVED_FIELDS },
      dynamic: false,
      properties: {
        // Positions are never asked for: leaving them out halves the postings.
        searched: { type: 'text', analyzer: 'whitespace', index_options: 'freqs' },
        documentId: { type: 'keyword' },
        start: { type: 'integer', index: false },
        end: { type: 'integer', index: false },
        metadata: { properties: { tags: { type: 'keyword', doc_values: false } } },
        // A date that is none must not keep a passage out of the index; a filter by date leaves it out.
        day: { type: 'date', format: 'strict_date', doc_values: false, ignore_malformed: true },
        instant: { type: 'long', doc_values: false },
      },
    },
  };
}

/**
 * Checks a name: of one index or alias, and no pattern, which would be searched in silence where it matches nothing.
 *
 * @throws VerbatimError `invalid-option`.
 */
export function checkIndexName(name: string): string {
  if (!/^[^\s_+<-][^\s\\/*?"<>|,#:]*$/u.test(name)) {
    throw new VerbatimError(
      'invalid-option',
      `Expected index to be the name of one index or alias, got ${received(name)}.`,
    );
  }
  return name;
}

/** Elasticsearch names no distribution. */
const engineSchema = z.object({
  version: z.object({ number: z.string(), distribution: z.optional(z.string()) }),
});
const mappingsSchema = z.record(
  z.string(),
  z.object({
    mappings: z.object({
      _meta: z.optional(z.object({ verbatim: z.optional(z.object({ format: z.unknown() })) })),
    }),
  }),
);

/**
 * Checks that the engine is an OpenSearch that can do what is asked of it.
 *
 * @throws VerbatimError `engine-refused` for another engine or version.
 */
export async function checkEngine(connection: OpenSearchConnection, signal?: AbortSignal): Promise<void> {
  const request = { method: 'GET', path: '/' } as const;
  const answer = await connection.request(request, engineSchema, signal).catch((error: unknown) => {
    // A user who may search an index need not be allowed to ask for the version.
    if (error instanceof EngineError && error.types.includes('security_exception')) return undefined;
    throw error;
  });
  if (answer === undefined) return;
  const { number, distribution = 'another engine' } = answer.version;
  if (distribution !== 'opensearch' || Number.parseInt(number) < OLDEST_ENGINE) {
    throw new EngineError(
      'engine-refused',
      `Expected OpenSearch ${OLDEST_ENGINE} or later, got ${distribution} ${number}.`,
    );
  }
}

/**
 * Finds the indices behind a name.
 *
 * @returns none if there is no such index or alias.
 * @throws VerbatimError `engine-refused` if one is not an index of this package and version: searching it would find nothing.
 */
export async function findIndices(
  connection: OpenSearchConnection,
  name: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const request = { method: 'GET', path: `/${encodeURIComponent(name)}/_mapping` } as const;
  const answer = await connection.request(request, mappingsSchema, signal).catch((error: unknown) => {
    if (error instanceof EngineError && error.types.includes('index_not_found_exception')) return {};
    throw error;
  });
  for (const [index, { mappings }] of Object.entries(answer)) {
    const format = mappings._meta?.verbatim?.format;
    if (format !== FORMAT) {
      throw new EngineError(
        'engine-refused',
        format === undefined
          ? `Expected ${received(name)} to be an index made by Verbatim, got index ${received(index)} of something else.`
          : `Expected an index of format ${FORMAT}, got format ${received(format)} in index ${received(index)}; build it again.`,
      );
    }
  }
  return Object.keys(answer);
}

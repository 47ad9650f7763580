import { createHash } from 'node:crypto';
import { z } from 'zod';
import { received, requireInteger } from '../../core/errors.js';
import type { RetrievedPassage } from '../../core/passage.js';
import { analyze } from '../analyze.js';
import { DEFAULT_TOP_K, type RetrieveOptions, type Retriever } from '../types.js';
import { OpenSearchConnection, type OpenSearchOptions } from './connection.js';
import { EngineError } from '../engine/engine-error.js';
import { explanationSchema, scoreFactor, termContributions } from './explanation.js';
import { checkEngine, checkIndexName, findIndices } from './index-settings.js';
import { engineTerm, passageSchema } from './passage-document.js';
import { filterClauses, MAX_TOP_K, searchBody } from './search-request.js';

/** A question that takes longer has lost its asker. */
const SEARCH_TIMEOUT_MS = 10_000;

export interface OpenSearchRetrieverOptions extends OpenSearchOptions {
  /** Index or alias that `OpenSearchIndex` filled. */
  readonly index: string;
}

/** What a search ends with whose index is exchanged for another while it is on its way. */
const EXCHANGED: ReadonlySet<string> = new Set([
  'index_not_found_exception',
  'search_context_missing_exception',
]);

const answerSchema = z.object({
  hits: z.object({
    hits: z.array(
      z.object({
        _index: z.string(),
        _score: z.number(),
        _source: passageSchema,
        _explanation: z.optional(explanationSchema),
      }),
    ),
  }),
});

type Hit = z.infer<typeof answerSchema>['hits']['hits'][number];

/**
 * Retrieval on OpenSearch, as the embedded index does it: the same terms, the same formula, the same order of equal scores.
 * Two things differ: Lucene keeps a passage's length in one byte (exact below 40 terms, above it up to an eighth too short), and
 * computes in single precision. Passages that are nearly as good as each other can change places.
 *
 * @example
 * const retriever = new OpenSearchRetriever({ node: 'http://127.0.0.1:9200', index: 'kb' });
 * const qa = await createVerbatim({ retriever });
 */
export class OpenSearchRetriever implements Retriever {
  readonly #connection: OpenSearchConnection;
  readonly #index: string;
  #checked = false;
  /** By index: the constant that its scores carry. */
  readonly #factors = new Map<string, number>();

  /** @throws VerbatimError `invalid-option`. Nothing is sent before the first question. */
  constructor(options: OpenSearchRetrieverOptions) {
    this.#index = checkIndexName(options.index);
    this.#connection = new OpenSearchConnection(options, SEARCH_TIMEOUT_MS);
  }

  /**
   * @throws VerbatimError `invalid-option`; `engine-unavailable` if OpenSearch is down, overloaded or too slow; `engine-refused` for
   * a wrong index, wrong credentials or another version; the signal's reason once it is aborted, and the search is cancelled.
   */
  async retrieve(question: string, options: RetrieveOptions = {}): Promise<RetrievedPassage[]> {
    const topK = requireInteger('topK', options.topK ?? DEFAULT_TOP_K, 1, MAX_TOP_K);
    const filter = filterClauses(options.filter);
    options.signal?.throwIfAborted();
    const queryFrequencies = new Map<string, number>();
    for (const term of analyze(question).map(engineTerm))
      queryFrequencies.set(term, (queryFrequencies.get(term) ?? 0) + 1);
    await this.#check(options.signal);
    if (queryFrequencies.size === 0) return [];
    const search = async (explain: boolean): Promise<Hit[]> => {
      const body = searchBody(queryFrequencies, filter, topK, explain);
      try {
        return await this.#search(body, question, options.signal);
      } catch (error) {
        if (!(error instanceof EngineError) || !error.types.some((type) => EXCHANGED.has(type))) throw error;
        return this.#search(body, question, options.signal);
      }
    };

    let hits = await search(options.explain ?? false);
    // The first answer of an index is asked for again with its account, which tells the factor.
    if (hits.some(({ _index, _explanation }) => _explanation === undefined && !this.#factors.has(_index)))
      hits = await search(true);
    return hits.map(({ _index, _score, _source, _explanation }, i) => {
      const factor =
        this.#factors.get(_index) ?? (_explanation && scoreFactor(_explanation, queryFrequencies));
      if (factor === undefined) {
        const message = `OpenSearch accounts for the scores of index ${received(_index)} in an unknown form.`;
        throw new EngineError('engine-refused', message);
      }
      this.#factors.set(_index, factor);
      return {
        ..._source,
        score: _score / factor,
        rank: i + 1,
        ...(options.explain === true && _explanation !== undefined
          ? { explanation: termContributions(_explanation, queryFrequencies, factor) }
          : {}),
      };
    });
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  /** Checks engine and index at the first question; a wrong index would otherwise look like one that holds no answer. */
  async #check(signal: AbortSignal | undefined): Promise<void> {
    if (this.#checked) return;
    await checkEngine(this.#connection, signal);
    const indices = await findIndices(this.#connection, this.#index, signal);
    if (indices.length === 0) {
      const message = `Expected index to be the name of an index or alias, but there is no ${received(this.#index)}.`;
      throw new EngineError('engine-refused', message);
    }
    this.#checked = true;
  }

  async #search(
    body: Record<string, unknown>,
    question: string,
    signal: AbortSignal | undefined,
  ): Promise<Hit[]> {
    const { hits } = await this.#connection.request(
      {
        method: 'POST',
        path: `/${encodeURIComponent(this.#index)}/_search`,
        querystring: {
          // Shards count terms for themselves; this asks all of them first, so that every shard scores by the whole
          // index. With one shard OpenSearch leaves the step out.
          search_type: 'dfs_query_then_fetch',
          // Without the shards that failed, the best passage may be missing: that is an outage, not a result.
          allow_partial_search_results: 'false',
          // Copies of a shard may count deleted passages differently: a question always goes to the same copies.
          preference: createHash('sha256').update(question).digest('hex').slice(0, 16),
        },
        body,
      },
      answerSchema,
      signal,
    );
    return hits.hits;
  }
}

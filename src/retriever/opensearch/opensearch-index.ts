import { z } from 'zod';
import { received, requireInteger } from '../../core/errors.js';
import type { Passage } from '../../core/passage.js';
import { checkBm25Parameters, type Bm25Parameters } from '../bm25.js';
import { bulkIndex, type BulkOptions, type BulkReport } from './bulk-index.js';
import { OpenSearchConnection, type OpenSearchOptions } from './connection.js';
import { EngineError } from '../engine/engine-error.js';
import { checkEngine, checkIndexName, findIndices, indexBody, type IndexSettings } from './index-settings.js';
import { withRetries } from './retry.js';

/** Removing documents and making new passages visible take as long as there is work to do. */
const WRITE_TIMEOUT_MS = 120_000;
/** OpenSearch takes at most 65,536 values in one condition. */
const MAX_IDS_AT_ONCE = 10_000;
/** OpenSearch makes no index with more (`opensearch.index.max_number_of_shards`). */
const MAX_SHARDS = 1024;

export interface OpenSearchIndexOptions extends OpenSearchOptions {
  /** Alias that is searched. The indices behind it are named after it. */
  readonly index: string;
  /** Fixed when an index is made: a change takes effect with the next `reindex`. */
  readonly bm25?: Partial<Bm25Parameters>;
  /** Parts of an index, 1 to 1024; each holds up to some 50 GB. Fixed when an index is made. @defaultValue 1 */
  readonly shards?: number;
  /** Further copies of each part, at least 0. @defaultValue 1: the loss of a node does not stop searching */
  readonly replicas?: number;
  /** @defaultValue the system's clock */
  readonly now?: () => Date;
}

const doneSchema = z.object({ acknowledged: z.literal(true) });
const refreshedSchema = z.object({ _shards: z.object({ failed: z.literal(0) }) });
const deletedSchema = z.object({ deleted: z.int() });

/**
 * Fills the index that `OpenSearchRetriever` searches.
 *
 * @example
 * const index = new OpenSearchIndex({ node: 'http://127.0.0.1:9200', index: 'kb' });
 * await index.reindex(documents.flatMap((document) => splitPassages(document)));
 * await index.close();
 */
export class OpenSearchIndex {
  readonly #connection: OpenSearchConnection;
  readonly #alias: string;
  readonly #settings: IndexSettings;
  readonly #now: () => Date;

  /** @throws VerbatimError `invalid-option`. */
  constructor(options: OpenSearchIndexOptions) {
    this.#alias = checkIndexName(options.index);
    this.#settings = {
      bm25: checkBm25Parameters(options.bm25),
      shards: requireInteger('shards', options.shards ?? 1, 1, MAX_SHARDS),
      replicas: requireInteger('replicas', options.replicas ?? 1, 0),
    };
    this.#now = options.now ?? (() => new Date());
    this.#connection = new OpenSearchConnection(options, WRITE_TIMEOUT_MS);
  }

  /**
   * Adds passages to what is there, or to a new index if there is none. A passage replaces the one with its id; the others of a
   * document that has changed are to be removed first.
   *
   * @returns once searches find them.
   * @throws VerbatimError as `bulkIndex`.
   */
  async add(
    passages: Iterable<Passage> | AsyncIterable<Passage>,
    options: BulkOptions = {},
  ): Promise<BulkReport> {
    const existing = await this.#find(options.signal);
    if (existing.length === 0) await this.#switchTo(await this.#create(options), existing, options);
    const report = await bulkIndex(this.#connection, this.#alias, passages, options);
    await this.#refresh(this.#alias, options);
    return report;
  }

  /**
   * Builds a new index beside the one that is searched, then exchanges them in one step: every search sees all of the old or all of
   * the new passages. If anything fails, a refused passage included, the new index is deleted and the old one stays.
   *
   * @throws VerbatimError as `bulkIndex`. Where the engine stays away, the new index is left over, without an alias.
   */
  async reindex(
    passages: Iterable<Passage> | AsyncIterable<Passage>,
    options: BulkOptions = {},
  ): Promise<BulkReport> {
    const index = await this.#create(options);
    let report: BulkReport;
    let existing: string[];
    try {
      report = await bulkIndex(this.#connection, index, passages, { maxRefused: 0, ...options });
      await this.#refresh(index, options);
      existing = await this.#find(options.signal);
      await this.#switchTo(index, existing, options);
    } catch (error) {
      // The first error says what happened.
      await this.#delete(index).catch(() => undefined);
      throw error;
    }
    for (const old of existing) await this.#delete(old);
    return report;
  }

  /**
   * Removes every passage of some documents. Until OpenSearch merges its segments they still count in the statistics that scores are
   * made of; a reindex clears them away.
   *
   * @returns how many passages were removed.
   */
  async removeDocuments(
    documentIds: readonly string[],
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<number> {
    let removed = 0;
    for (let i = 0; i < documentIds.length; i += MAX_IDS_AT_ONCE) {
      const { deleted } = await this.#connection.request(
        {
          method: 'POST',
          path: `/${encodeURIComponent(this.#alias)}/_delete_by_query`,
          querystring: { refresh: 'true' },
          body: { query: { terms: { documentId: documentIds.slice(i, i + MAX_IDS_AT_ONCE) } } },
        },
        deletedSchema,
        options.signal,
      );
      removed += deleted;
    }
    return removed;
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  /** The indices behind the alias; an index that has the alias' name itself cannot be exchanged. */
  async #find(signal: AbortSignal | undefined): Promise<string[]> {
    const found = await findIndices(this.#connection, this.#alias, signal);
    if (found.includes(this.#alias)) {
      throw new EngineError(
        'engine-refused',
        `Expected index to be the name of an alias, but ${received(this.#alias)} is an index.`,
      );
    }
    return found;
  }

  async #create(options: BulkOptions): Promise<string> {
    await checkEngine(this.#connection, options.signal);
    await this.#find(options.signal);
    const time = this.#now().toISOString().replace(/\D/gu, '');
    const index = `${this.#alias}-${time}`;
    await this.#connection.request(
      { method: 'PUT', path: `/${encodeURIComponent(index)}`, body: indexBody(this.#settings) },
      doneSchema,
      options.signal,
    );
    return index;
  }

  async #switchTo(index: string, existing: readonly string[], options: BulkOptions): Promise<void> {
    const alias = this.#alias;
    await withRetries(
      () =>
        this.#connection.request(
          {
            method: 'POST',
            path: '/_aliases',
            body: {
              actions: [
                ...existing.map((old) => ({ remove: { index: old, alias } })),
                { add: { index, alias } },
              ],
            },
          },
          doneSchema,
          options.signal,
        ),
      options,
    );
  }

  async #refresh(index: string, options: BulkOptions): Promise<void> {
    const request = { method: 'POST', path: `/${encodeURIComponent(index)}/_refresh` } as const;
    await withRetries(() => this.#connection.request(request, refreshedSchema, options.signal), options);
  }

  async #delete(index: string): Promise<void> {
    const request = { method: 'DELETE', path: `/${encodeURIComponent(index)}` } as const;
    await this.#connection.request(request, doneSchema);
  }
}

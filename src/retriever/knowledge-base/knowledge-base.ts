import type { Database } from 'libsql';
import type { SourceDocument } from '../../core/document.js';
import { received, requireInteger, VerbatimError } from '../../core/errors.js';
import { comparePosition, type RetrievedPassage } from '../../core/passage.js';
import type { PassageSource } from '../bm25-index.js';
import { documentTest } from '../document-filter.js';
import type { CutDocument } from '../cut-document.js';
import { checkRanking, type Ranking, type RankingOptions } from '../ranking.js';
import { searchedTerms } from '../searched-terms.js';
import { checkPassageOptions, type PassageOptions } from '../split-passages.js';
import { DEFAULT_TOP_K, type RetrieveOptions, type Retriever } from '../types.js';
import { applyChange, type Change, type ChangeSummary } from './apply-change.js';
import {
  openForReading,
  openForWriting,
  readState,
  releaseWriterLock,
  statement,
  takeWriterLock,
  translateErrors,
} from './database.js';
import { LoadedIndex } from './loaded-index.js';
import { compactSegments, loadSegments, mergeSmallSegments } from './segments.js';
import { fromRow, summaryOf, type DocumentRow, type DocumentSummary } from './stored-document.js';
import { StoredPassages } from './stored-passages.js';

export interface KnowledgeBaseOptions extends RankingOptions {
  /** Whether it may be changed; one process at a time may. A knowledge base that does not exist is then made. @defaultValue false */
  readonly write?: boolean;
  /** How documents are cut into passages; settled when the knowledge base is made. */
  readonly passages?: Partial<PassageOptions>;
}

export interface DocumentPage {
  readonly documents: readonly DocumentSummary[];
  /** Give it as `after` for the next page; absent on the last. */
  readonly next?: string;
}

/**
 * Documents, their passages and the postings of these on disk, and a BM25 index of them in memory, made from the postings the first time
 * that something is searched. A change is in the database, and so survives a crash, before it is acknowledged; every search sees all that
 * was acknowledged before, by whichever process.
 */
export class KnowledgeBase implements Retriever {
  readonly #folder: string;
  readonly #database: Database;
  readonly #lock: Database | undefined;
  readonly #passageOptions: PassageOptions;
  readonly #index: LoadedIndex;
  readonly #passages: StoredPassages;

  private constructor(folder: string, database: Database, lock: Database | undefined, ranking: Ranking) {
    this.#folder = folder;
    this.#database = database;
    this.#lock = lock;
    this.#index = new LoadedIndex(database, ranking);
    this.#passages = new StoredPassages(database);
    this.#passageOptions = JSON.parse(readState(this.#database).settings) as PassageOptions;
  }

  /**
   * Opens a knowledge base in a folder.
   *
   * @throws VerbatimError `index-not-found`, `index-damaged`, `index-version`, `index-read-only`, `index-busy`, `disk-full`;
   * `invalid-option` for parameters out of range, and for passage options that are not those it was made with.
   */
  static async open(folder: string, options: KnowledgeBaseOptions = {}): Promise<KnowledgeBase> {
    const ranking = checkRanking(options);
    const passages = checkPassageOptions(options.passages);
    const lock = options.write === true ? takeWriterLock(folder) : undefined;
    try {
      const database = lock === undefined ? openForReading(folder) : openForWriting(folder, passages);
      const opened = translateErrors(folder, () => new KnowledgeBase(folder, database, lock, ranking));
      const { maxWords, overlapWords } = opened.#passageOptions;
      if (
        options.passages !== undefined &&
        (passages.maxWords !== maxWords || passages.overlapWords !== overlapWords)
      ) {
        await opened.close();
        throw new VerbatimError(
          'invalid-option',
          `Expected passages of ${maxWords} words that overlap by ${overlapWords}, with which the index in ${received(folder)} was made; ` +
            `got ${passages.maxWords} and ${passages.overlapWords}.`,
        );
      }
      return opened;
    } catch (error) {
      if (lock?.open === true) releaseWriterLock(lock);
      throw error;
    }
  }

  /** Number of passages. */
  get size(): number {
    return this.#read(() => readState(this.#database).passages);
  }

  /** Grows with every change: two answers from the same version are answers from the same documents. */
  get version(): number {
    return this.#read(() => readState(this.#database).commit_number);
  }

  /** Number of documents. */
  get documentCount(): number {
    return this.#read(() => (this.#row('SELECT count(*) AS n FROM documents') as { n: number }).n);
  }

  /** Makes the index in memory now instead of with the first search. */
  async load(): Promise<void> {
    this.#read(() => this.#index.current().prepare());
  }

  /**
   * Puts documents in, in one transaction: either all or none.
   *
   * @throws VerbatimError as {@link KnowledgeBase.apply}.
   */
  async upsert(documents: Iterable<SourceDocument>): Promise<ChangeSummary> {
    return this.apply({ upsert: documents });
  }

  /**
   * Takes documents out, in one transaction.
   *
   * @returns how many were there.
   * @throws VerbatimError as {@link KnowledgeBase.apply}.
   */
  async remove(ids: Iterable<string>): Promise<number> {
    return (await this.apply({ remove: ids })).removed;
  }

  /**
   * Makes a change in one transaction. Once the promise is fulfilled, it is on disk.
   *
   * @throws VerbatimError `index-read-only` if the knowledge base was opened for reading, `disk-full`, `invalid-option` for an id that
   * cannot be a key; then nothing has changed.
   */
  async apply(change: Change): Promise<ChangeSummary> {
    this.#requireWritable();
    const summary = translateErrors(this.#folder, () =>
      this.#transaction(() => applyChange(this.#database, change, this.#passageOptions)),
    );
    translateErrors(this.#folder, () => this.#transaction(() => mergeSmallSegments(this.#database)));
    return summary;
  }

  /** Frees the room of removed passages in the postings. Searches give the same before, meanwhile and after. */
  async compact(): Promise<void> {
    this.#requireWritable();
    translateErrors(this.#folder, () => {
      compactSegments(this.#database, (action) => this.#transaction(action));
      this.#database.pragma('wal_checkpoint(TRUNCATE)');
    });
  }

  /** A document as it was put in, or undefined. */
  async get(id: string): Promise<SourceDocument | undefined> {
    return (await this.getCut(id))?.document;
  }

  /** The same with where its passages were cut. */
  async getCut(id: string): Promise<CutDocument | undefined> {
    return this.#read(() => {
      const row = this.#row('SELECT number, id, summary, body, checksum FROM documents WHERE id = ?', id);
      return row === undefined ? undefined : fromRow(row as DocumentRow);
    });
  }

  /**
   * A page of the documents, in the order of their ids.
   *
   * @param options - `after`: the `next` of the page before; `limit`: 1 to 1,000.
   */
  async list(options: { readonly after?: string; readonly limit?: number } = {}): Promise<DocumentPage> {
    const limit = requireInteger('limit', options.limit ?? 100, 1, 1000);
    return this.#read(() => {
      const rows = this.#rows(
        'SELECT id, summary, passages FROM documents WHERE id > ? ORDER BY id LIMIT ?',
        options.after ?? '',
        limit + 1,
      ) as { id: string; summary: string; passages: number }[];
      const documents = rows.slice(0, limit).map(summaryOf);
      const last = documents.at(-1);
      return { documents, ...(rows.length > limit && last !== undefined ? { next: last.id } : {}) };
    });
  }

  /** The files that documents came from, with the hash of their content. */
  async sources(): Promise<Map<string, string>> {
    return this.#read(() => new Map(this.#rawRows('SELECT id, hash FROM sources') as [string, string][]));
  }

  /** Ids of the documents that came from a file. */
  async documentsOf(source: string): Promise<string[]> {
    return this.#read(() =>
      (this.#rawRows('SELECT id FROM documents WHERE source = ?', source) as [string][]).map(([id]) => id),
    );
  }

  async retrieve(question: string, options: RetrieveOptions = {}): Promise<RetrievedPassage[]> {
    const topK = requireInteger('topK', options.topK ?? DEFAULT_TOP_K, 1);
    const isWanted = options.filter === undefined ? undefined : documentTest(options.filter);
    options.signal?.throwIfAborted();
    return this.#read(() => {
      const index = this.#index.current();
      const allowed = isWanted === undefined ? undefined : this.#index.allowedPassages(index.end, isWanted);
      const isAllowed = allowed && ((ordinal: number): boolean => allowed[ordinal] === 1);
      return index
        .search(question, this.#source(), { topK, isAllowed, explain: options.explain })
        .map(({ ordinal, ...found }, i) => ({ ...this.#passages.passage(ordinal), ...found, rank: i + 1 }));
    });
  }

  async complete(beginning: string, limit: number): Promise<string[]> {
    return this.#read(() => this.#index.current().complete(beginning, limit));
  }

  /**
   * Reads everything and compares checksums.
   *
   * @throws VerbatimError `index-damaged`, naming the first damage.
   */
  async verify(): Promise<void> {
    this.#read(() => {
      const [result] = this.#database.prepare('PRAGMA integrity_check(1)').raw().get() as [string];
      if (result !== 'ok') {
        throw new VerbatimError(
          'index-damaged',
          `The index in ${received(this.#folder)} is damaged: ${result}.`,
        );
      }
      loadSegments(this.#database, 0);
      const row = this.#database.prepare(
        'SELECT id, summary, body, checksum FROM documents WHERE number = ?',
      );
      for (const [number] of this.#rawRows('SELECT number FROM documents') as [number][]) {
        fromRow(row.get(number) as DocumentRow);
      }
    });
  }

  /** Lets go of the files. Later calls are rejected with the code `closed`. */
  async close(): Promise<void> {
    if (!this.#database.open) return;
    if (this.#lock !== undefined) this.#database.pragma('wal_checkpoint(TRUNCATE)');
    this.#database.close();
    if (this.#lock !== undefined) releaseWriterLock(this.#lock);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #requireWritable(): void {
    this.#requireOpen();
    if (this.#lock === undefined) {
      throw new VerbatimError(
        'index-read-only',
        `The index in ${received(this.#folder)} was opened for reading; open it with { write: true } to change it.`,
      );
    }
  }

  #requireOpen(): void {
    if (!this.#database.open) throw new VerbatimError('closed', 'The knowledge base has been closed.');
  }

  /** Runs an action that sees one state of the database, whatever other processes commit meanwhile. */
  #read<T>(action: () => T): T {
    this.#requireOpen();
    return translateErrors(this.#folder, () => {
      this.#database.exec('BEGIN');
      try {
        return action();
      } finally {
        this.#database.exec('COMMIT');
      }
    });
  }

  #transaction<T>(action: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = action();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      // Where the disk is full, the database has rolled back by itself.
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** For one search: where a passage stands is looked up once. */
  #source(): PassageSource {
    const positions = new Map<number, Parameters<typeof comparePosition>[0]>();
    const positionOf = (ordinal: number): Parameters<typeof comparePosition>[0] => {
      const known = positions.get(ordinal);
      if (known !== undefined) return known;
      const { id, first } = this.#passages.place(ordinal);
      // The passages of a document are numbered in order.
      const position = { documentId: id, start: ordinal - first, end: 0 };
      positions.set(ordinal, position);
      return position;
    };
    return {
      terms: (ordinal) => searchedTerms(this.#passages.passage(ordinal)),
      compare: (a, b) => comparePosition(positionOf(a), positionOf(b)),
    };
  }

  #row(sql: string, ...parameters: unknown[]): unknown {
    return statement(this.#database, sql).get(...parameters);
  }

  #rows(sql: string, ...parameters: unknown[]): unknown[] {
    return statement(this.#database, sql).all(...parameters);
  }

  #rawRows(sql: string, ...parameters: unknown[]): unknown[] {
    return this.#database
      .prepare(sql)
      .raw()
      .all(...parameters);
  }
}

import type { Database } from 'libsql';
import type { DocumentMetadata } from '../../core/document.js';
import { Bm25Index } from '../bm25-index.js';
import type { Ranking } from '../ranking.js';
import { readState } from './database.js';
import { loadSegments } from './segments.js';

/** What of a place's row filters look at. */
interface FilteredDocument {
  readonly id: string;
  readonly first: number;
  readonly passages: number;
  readonly metadata: DocumentMetadata | undefined;
}

/** The BM25 index in memory, made from the postings on disk when it is first asked for and then kept up with them. */
export class LoadedIndex {
  readonly #database: Database;
  readonly #ranking: Ranking;
  #index: { readonly bm25: Bm25Index; readonly commit: number } | undefined;
  #filtered: { readonly commit: number; readonly documents: readonly FilteredDocument[] } | undefined;

  constructor(database: Database, ranking: Ranking) {
    this.#database = database;
    this.#ranking = ranking;
  }

  /** The index in memory, brought up to the state that the current transaction sees. */
  current(): Bm25Index {
    const { commit_number: commit, purge_commit: purge } = readState(this.#database);
    const held = this.#index;
    if (held?.commit === commit) return held.bm25;
    // Removals that compaction has forgotten can no longer be caught up with.
    const known =
      held !== undefined && held.commit >= purge - 1
        ? held
        : { bm25: new Bm25Index(this.#ranking), commit: -1 };
    known.bm25.load(loadSegments(this.#database, known.bm25.end));
    const removals = this.#database
      .prepare('SELECT first, passages FROM removals WHERE commit_number > ?')
      .raw()
      .all(known.commit) as [number, number][];
    known.bm25.remove(
      removals.flatMap(([first, count]) => Array.from({ length: count }, (_, i) => first + i)),
    );
    this.#index = { bm25: known.bm25, commit };
    return known.bm25;
  }

  /** 1 for each passage of the documents that a filter wants. */
  allowedPassages(
    end: number,
    isWanted: (documentId: string, metadata: DocumentMetadata | undefined) => boolean,
  ): Uint8Array {
    const allowed = new Uint8Array(end);
    for (const { id, metadata, first, passages } of this.#filteredDocuments()) {
      if (isWanted(id, metadata)) allowed.fill(1, first, first + passages);
    }
    return allowed;
  }

  #filteredDocuments(): readonly FilteredDocument[] {
    const { commit_number: commit } = readState(this.#database);
    if (this.#filtered?.commit !== commit) {
      const rows = this.#database
        .prepare("SELECT id, first, passages, json_extract(summary, '$.metadata') FROM documents")
        .raw()
        .all() as [string, number, number, string | null][];
      const documents = rows.map(([id, first, passages, metadata]) => ({
        id,
        first,
        passages,
        metadata: metadata === null ? undefined : (JSON.parse(metadata) as DocumentMetadata),
      }));
      this.#filtered = { commit, documents };
    }
    return this.#filtered.documents;
  }
}

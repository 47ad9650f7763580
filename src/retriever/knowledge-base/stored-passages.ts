import type { Database } from 'libsql';
import { LRUCache } from 'lru-cache';
import { VerbatimError } from '../../core/errors.js';
import type { Passage } from '../../core/passage.js';
import { passageOf, type CutDocument } from '../cut-document.js';
import { statement } from './database.js';
import { fromRow, type DocumentRow } from './stored-document.js';

/** Characters of documents that were read last and are kept. */
const DOCUMENT_CACHE_CHARACTERS = 32_000_000;

const PLACES_KEPT = 20_000;

/** Where a document's passages stand in the numbering. */
export interface DocumentPlace {
  readonly number: number;
  readonly id: string;
  readonly first: number;
  readonly passages: number;
}

/** Passages by their ordinals. */
export class StoredPassages {
  readonly #database: Database;
  /** A number is given to one document only, whose row never changes. */
  readonly #documents = new LRUCache<number, CutDocument>({
    maxSize: DOCUMENT_CACHE_CHARACTERS,
    sizeCalculation: ({ document }) => document.text.length + 1,
  });

  /** By ordinal, which is never given again either. */
  readonly #places = new LRUCache<number, DocumentPlace>({ max: PLACES_KEPT });

  constructor(database: Database) {
    this.#database = database;
  }

  /** @throws VerbatimError `index-damaged` if no document has the passage, or its row is damaged. */
  passage(ordinal: number): Passage {
    const { number, first } = this.place(ordinal);
    let stored = this.#documents.get(number);
    if (stored === undefined) {
      const row = statement(
        this.#database,
        'SELECT id, summary, body, checksum FROM documents WHERE number = ?',
      ).get(number);
      stored = fromRow(row as DocumentRow);
      this.#documents.set(number, stored);
    }
    return passageOf(stored, ordinal - first);
  }

  /** The document that a passage belongs to. */
  place(ordinal: number): DocumentPlace {
    const known = this.#places.get(ordinal);
    if (known !== undefined) return known;
    const place = statement(
      this.#database,
      'SELECT number, id, first, passages FROM documents WHERE first <= ? AND passages > 0 ORDER BY first DESC LIMIT 1',
    ).get(ordinal) as DocumentPlace | undefined;
    if (place === undefined || ordinal >= place.first + place.passages) {
      throw new VerbatimError(
        'index-damaged',
        `The index names passage ${ordinal}, which no document has; index the documents again.`,
      );
    }
    this.#places.set(ordinal, place);
    return place;
  }
}

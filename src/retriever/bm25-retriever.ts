import type { SourceDocument } from '../core/document.js';
import { requireInteger } from '../core/errors.js';
import { comparePosition, type Passage, type RetrievedPassage } from '../core/passage.js';
import { Bm25Index, type PassageSource } from './bm25-index.js';
import { documentTest } from './document-filter.js';
import { checkRanking, type RankingOptions } from './ranking.js';
import { searchedTerms } from './searched-terms.js';
import { splitPassages, type PassageOptions } from './split-passages.js';
import { DEFAULT_TOP_K, type RetrieveOptions, type Retriever } from './types.js';

export interface Bm25RetrieverOptions extends RankingOptions {
  /** How documents are cut into passages. */
  readonly passages?: Partial<PassageOptions>;
}

/** BM25 over passages held in memory. A passage's title and headings are indexed with its text. */
export class Bm25Retriever implements Retriever {
  readonly #passageOptions: Partial<PassageOptions>;
  readonly #index: Bm25Index;
  readonly #passages: Passage[] = [];
  readonly #source: PassageSource = {
    terms: (ordinal) => searchedTerms(this.#passage(ordinal)),
    compare: (a, b) => comparePosition(this.#passage(a), this.#passage(b)),
  };

  /** @throws VerbatimError `invalid-option` for a matching that there is not, and for parameters out of range. */
  constructor(options: Bm25RetrieverOptions = {}) {
    this.#index = new Bm25Index(checkRanking(options));
    this.#passageOptions = options.passages ?? {};
  }

  /** Number of passages in the index. */
  get size(): number {
    return this.#index.size;
  }

  /** Cuts a document into passages and adds them. */
  addDocument(document: SourceDocument): void {
    for (const passage of splitPassages(document, this.#passageOptions)) this.addPassage(passage);
  }

  /** Adds one passage as it is. */
  addPassage(passage: Passage): void {
    this.#index.add(searchedTerms(passage));
    this.#passages.push(passage);
  }

  async retrieve(question: string, options: RetrieveOptions = {}): Promise<RetrievedPassage[]> {
    const topK = requireInteger('topK', options.topK ?? DEFAULT_TOP_K, 1);
    const isWanted = options.filter === undefined ? undefined : documentTest(options.filter);
    options.signal?.throwIfAborted();
    const isAllowed =
      isWanted &&
      ((ordinal: number): boolean => {
        const { documentId, metadata } = this.#passage(ordinal);
        return isWanted(documentId, metadata);
      });
    return this.#index
      .search(question, this.#source, { topK, isAllowed, explain: options.explain })
      .map(({ ordinal, ...found }, i) => ({ ...this.#passage(ordinal), ...found, rank: i + 1 }));
  }

  async complete(beginning: string, limit: number): Promise<string[]> {
    return this.#index.complete(beginning, limit);
  }

  #passage(ordinal: number): Passage {
    const passage = this.#passages[ordinal];
    if (passage === undefined) throw new RangeError(`there is no passage ${ordinal}`);
    return passage;
  }
}

import type { SourceDocument } from '../core/document.js';
import { requireInteger } from '../core/errors.js';
import { comparePosition, type Passage, type RetrievedPassage } from '../core/passage.js';
import { checkBm25Parameters, type Bm25Parameters } from './bm25.js';
import { Bm25Index } from './bm25-index.js';
import { documentTest } from './document-filter.js';
import { searchedTerms } from './searched-terms.js';
import { splitPassages, type PassageOptions } from './split-passages.js';
import { DEFAULT_TOP_K, type RetrieveOptions, type Retriever } from './types.js';

export interface Bm25RetrieverOptions {
  readonly bm25?: Partial<Bm25Parameters>;
  /** How documents are cut into passages. */
  readonly passages?: Partial<PassageOptions>;
}

/** Exact BM25 over passages held in memory. A passage's title and headings are indexed with its text. */
export class Bm25Retriever implements Retriever {
  readonly #passageOptions: Partial<PassageOptions>;
  readonly #index: Bm25Index;
  readonly #passages: Passage[] = [];

  /** @throws VerbatimError `invalid-option` for parameters out of range. */
  constructor(options: Bm25RetrieverOptions = {}) {
    this.#index = new Bm25Index(checkBm25Parameters(options.bm25));
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
    return this.#index
      .search(question, topK, isWanted && ((ordinal) => this.#isWanted(ordinal, isWanted)))
      .flatMap(({ ordinal, score }) => {
        const passage = this.#passages[ordinal];
        return passage === undefined ? [] : [{ ordinal, score, passage }];
      })
      .sort((a, b) => b.score - a.score || comparePosition(a.passage, b.passage))
      .slice(0, topK)
      .map(({ ordinal, score, passage }, i) => ({
        ...passage,
        score,
        rank: i + 1,
        ...(options.explain === true ? { explanation: this.#index.explain(question, ordinal) } : {}),
      }));
  }

  #isWanted(ordinal: number, isWanted: ReturnType<typeof documentTest>): boolean {
    const passage = this.#passages[ordinal];
    return passage !== undefined && isWanted(passage.documentId, passage.metadata);
  }
}

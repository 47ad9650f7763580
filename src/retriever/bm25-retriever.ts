import type { SourceDocument } from '../core/document.js';
import { requireInteger } from '../core/errors.js';
import {
  comparePosition,
  headingPath,
  type Passage,
  type RetrievedPassage,
  type TermContribution,
} from '../core/passage.js';
import { analyze } from './analyze.js';
import { checkBm25Parameters, inverseDocumentFrequency, termWeight, type Bm25Parameters } from './bm25.js';
import { InvertedIndex } from './inverted-index.js';
import { splitPassages, type PassageOptions } from './split-passages.js';
import { DEFAULT_TOP_K, type RetrieveOptions, type Retriever } from './types.js';

export interface Bm25RetrieverOptions {
  readonly bm25?: Partial<Bm25Parameters>;
  /** How documents are cut into passages. */
  readonly passages?: Partial<PassageOptions>;
}

/** One question term looked up in the index. */
interface QueryTerm {
  readonly term: string;
  readonly queryFrequency: number;
  readonly passageFrequency: number;
  readonly inverseDocumentFrequency: number;
  readonly postings: readonly (readonly number[] | undefined)[];
}

/**
 * Exact BM25 over passages held in memory: every passage that shares a term with the question is scored with
 * Σ queryFrequency · idf · tf / (tf + k1 · (1 − b + b · length / averageLength)), over the distinct question terms in
 * their order of appearance. A passage's title and headings are indexed with its text.
 */
export class Bm25Retriever implements Retriever {
  readonly #bm25: Bm25Parameters;
  readonly #passageOptions: Partial<PassageOptions>;
  readonly #index = new InvertedIndex();
  readonly #passages: Passage[] = [];
  /** Length in terms, by passage ordinal. */
  readonly #lengths: number[] = [];
  #totalLength = 0;

  /** @throws VerbatimError `invalid-option` for parameters out of range. */
  constructor(options: Bm25RetrieverOptions = {}) {
    this.#bm25 = checkBm25Parameters(options.bm25);
    this.#passageOptions = options.passages ?? {};
  }

  /** Number of passages in the index. */
  get size(): number {
    return this.#passages.length;
  }

  /** Cuts a document into passages and adds them. */
  addDocument(document: SourceDocument): void {
    for (const passage of splitPassages(document, this.#passageOptions)) this.addPassage(passage);
  }

  /** Adds one passage as it is. */
  addPassage(passage: Passage): void {
    const terms = analyze([...headingPath(passage), passage.text].join('\n'));
    const frequencies = new Map<string, number>();
    for (const term of terms) frequencies.set(term, (frequencies.get(term) ?? 0) + 1);
    this.#index.add(this.#passages.length, frequencies);
    this.#passages.push(passage);
    this.#lengths.push(terms.length);
    this.#totalLength += terms.length;
  }

  async retrieve(question: string, options: RetrieveOptions = {}): Promise<RetrievedPassage[]> {
    const topK = requireInteger('topK', options.topK ?? DEFAULT_TOP_K, 1);
    options.signal?.throwIfAborted();
    const terms = this.#lookUp(question);
    return this.#best(this.#score(terms, options.filter), topK).map(({ passage, ordinal, score }, i) => ({
      ...passage,
      score,
      rank: i + 1,
      ...(options.explain === true ? { explanation: this.#explain(terms, ordinal) } : {}),
    }));
  }

  #lookUp(question: string): QueryTerm[] {
    const queryFrequencies = new Map<string, number>();
    for (const term of analyze(question)) queryFrequencies.set(term, (queryFrequencies.get(term) ?? 0) + 1);
    return Array.from(queryFrequencies, ([term, queryFrequency]) => {
      const postings = this.#index.postings(term);
      const passageFrequency = postings.reduce((sum, ordinals) => sum + (ordinals?.length ?? 0), 0);
      return {
        term,
        queryFrequency,
        passageFrequency,
        inverseDocumentFrequency: inverseDocumentFrequency(this.size, passageFrequency),
        postings,
      };
    });
  }

  #score(terms: readonly QueryTerm[], filter: RetrieveOptions['filter']): Map<number, number> {
    const scores = new Map<number, number>();
    for (const term of terms) {
      term.postings.forEach((ordinals, slot) => {
        for (const ordinal of ordinals ?? []) {
          scores.set(ordinal, (scores.get(ordinal) ?? 0) + this.#contribution(term, slot + 1, ordinal));
        }
      });
    }
    if (filter !== undefined) {
      for (const ordinal of scores.keys()) {
        const passage = this.#passages[ordinal];
        if (passage !== undefined && !filter(passage.documentId)) scores.delete(ordinal);
      }
    }
    return scores;
  }

  #contribution(term: QueryTerm, termFrequency: number, ordinal: number): number {
    const length = this.#lengths[ordinal] ?? 0;
    const weight = termWeight(termFrequency, length, this.#totalLength / this.size, this.#bm25);
    return term.queryFrequency * term.inverseDocumentFrequency * weight;
  }

  #best(
    scores: ReadonlyMap<number, number>,
    topK: number,
  ): { passage: Passage; ordinal: number; score: number }[] {
    const candidates: { passage: Passage; ordinal: number; score: number }[] = [];
    // Only scores of at least the k-th largest need the full comparison.
    const floor = Array.from(scores.values()).sort((a, b) => b - a)[topK - 1] ?? 0;
    for (const [ordinal, score] of scores) {
      const passage = this.#passages[ordinal];
      if (passage !== undefined && score >= floor) candidates.push({ passage, ordinal, score });
    }
    return candidates
      .sort((a, b) => b.score - a.score || comparePosition(a.passage, b.passage))
      .slice(0, topK);
  }

  #explain(terms: readonly QueryTerm[], ordinal: number): TermContribution[] {
    return terms.flatMap(({ postings, ...term }) => {
      const slot = postings.findIndex((ordinals) => ordinals?.includes(ordinal));
      if (slot < 0) return [];
      const contribution = this.#contribution({ ...term, postings }, slot + 1, ordinal);
      return [{ ...term, termFrequency: slot + 1, contribution }];
    });
  }
}

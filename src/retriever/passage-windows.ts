import { LRUCache } from 'lru-cache';
import { bestWindow, type Hit } from './best-window.js';
import { ENGLISH_MATCHING } from './english-matching.js';
import type { Vocabulary } from './vocabulary.js';

/** Passages whose terms are kept, by number, so that a window over them need not analyse them again: about 10 MB. */
const PASSAGES_KEPT = 20_000;

/** No term's number. */
const UNKNOWN = 0xffff_ffff;

const NONE: readonly number[] = [];

/** A question term and the index terms that count as it. */
export interface WindowTerm {
  readonly forms: readonly { readonly term: string }[];
  readonly inverseDocumentFrequency: number;
}

/** Looks for the best window in passages, whose terms it keeps. */
export class PassageWindows {
  readonly #vocabulary: () => Vocabulary;
  /** Numbers of the terms of passages that were looked at, by ordinal. */
  readonly #passageTerms = new LRUCache<number, Uint32Array>({ max: PASSAGES_KEPT });

  constructor(vocabulary: () => Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  /**
   * For one question, what tells which of its terms stand in a passage's best window.
   *
   * @param termsOf - a passage's terms in their order.
   */
  of(
    terms: readonly WindowTerm[],
    termsOf: (ordinal: number) => readonly string[],
  ): (ordinal: number) => ReadonlySet<number> {
    const termsByNumber = this.#byNumber(terms);
    const inverseFrequencies = terms.map(({ inverseDocumentFrequency: idf }) => idf);
    return (ordinal) => {
      const hits: Hit[] = [];
      this.#numbersOf(ordinal, termsOf).forEach((number, position) => {
        for (const term of termsByNumber.get(number) ?? NONE) hits.push({ position, term });
      });
      return new Set(bestWindow(hits, inverseFrequencies, ENGLISH_MATCHING.window.length));
    };
  }

  #numbersOf(ordinal: number, termsOf: (ordinal: number) => readonly string[]): Uint32Array {
    const known = this.#passageTerms.get(ordinal);
    if (known !== undefined) return known;
    const vocabulary = this.#vocabulary();
    const numbers = Uint32Array.from(termsOf(ordinal), (term) => vocabulary.numberOf(term) ?? UNKNOWN);
    this.#passageTerms.set(ordinal, numbers);
    return numbers;
  }

  /** By number of an index term the question terms that it counts as. */
  #byNumber(terms: readonly WindowTerm[]): ReadonlyMap<number, readonly number[]> {
    const byNumber = new Map<number, number[]>();
    terms.forEach(({ forms }, i) => {
      for (const { term } of forms) {
        const number = this.#vocabulary().numberOf(term);
        if (number === undefined) continue;
        const counted = byNumber.get(number);
        if (counted === undefined) byNumber.set(number, [i]);
        else counted.push(i);
      }
    });
    return byNumber;
  }
}

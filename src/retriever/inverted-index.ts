import { Index } from 'flexsearch';

/** Larger term frequencies count as this one; no passage of ordinary size comes near it. */
export const MAX_TERM_FREQUENCY = 255;

const SEPARATOR = '\n';

/**
 * A FlexSearch index used as a plain inverted index with term frequencies.
 *
 * FlexSearch keeps no frequencies and gives no scores; all it exposes of a posting is a slot chosen at index time by
 * the `score` callback, ordinarily a rough relevance. Here the slot holds the term frequency, so that postings and
 * frequencies come back exactly as they were put in.
 */
export class InvertedIndex {
  readonly #index: Index<false, false, false>;
  /** Frequencies of the terms that are being added, in the order of the terms; read by the `score` callback. */
  #frequencies: readonly number[] = [];

  constructor() {
    this.#index = new Index<false, false, false>({
      tokenize: 'strict',
      context: false,
      resolve: false,
      // Terms are analysed before; joined for `add`, alone for `search`.
      encode: (terms: string) => terms.split(SEPARATOR),
      score: (_terms, _term, position) => (this.#frequencies[position] ?? 1) - 1,
    });
  }

  /**
   * Adds a passage's terms.
   *
   * @param ordinal - the passage's number, from 0; each may be added once.
   * @param termFrequencies - every distinct term of the passage and how often it stands there.
   */
  add(ordinal: number, termFrequencies: ReadonlyMap<string, number>): void {
    this.#frequencies = Array.from(termFrequencies.values(), (count) => Math.min(count, MAX_TERM_FREQUENCY));
    this.#index.add(ordinal, Array.from(termFrequencies.keys()).join(SEPARATOR));
  }

  /** The passages that hold a term: entry f − 1 lists the ordinals in which it stands f times; entries may be missing. */
  postings(term: string): readonly (readonly number[] | undefined)[] {
    const { result } = this.#index.search(term, { resolve: false });
    return result as (number[] | undefined)[];
  }
}

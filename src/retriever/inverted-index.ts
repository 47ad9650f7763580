import { Index } from 'flexsearch';
import { concatenate, type Ascending } from './ascending-list.js';

/** Larger term frequencies count as this one; no passage of ordinary size comes near it. */
export const MAX_TERM_FREQUENCY = 255;

const SEPARATOR = '\n';

/** The passages that hold a term: entry f − 1 lists the ordinals in which it stands f times; entries may be missing. */
export type Postings = readonly (Ascending | undefined)[];

/** Postings that are decoded when they are asked for. */
export interface StoredPostings {
  terms(): Iterable<string>;
  postings(term: string): Postings;
  /** What a term's postings take while they are stored. */
  bytes(term: string): number;
}

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
  /** What was loaded of a term and has not been asked for. */
  readonly #waiting = new Map<string, StoredPostings[]>();

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
   * @param ordinal - the passage's number, from 0; each may be added once, in ascending order.
   * @param termFrequencies - every distinct term of the passage and how often it stands there.
   */
  add(ordinal: number, termFrequencies: ReadonlyMap<string, number>): void {
    this.#frequencies = Array.from(termFrequencies.values(), (count) => Math.min(count, MAX_TERM_FREQUENCY));
    this.#index.add(ordinal, Array.from(termFrequencies.keys()).join(SEPARATOR));
  }

  /**
   * Adds postings that were made before; their ordinals come after all that the index holds. FlexSearch gets those of a term when they are
   * first asked for. Passages cannot be added to these one by one: FlexSearch would grow their lists.
   */
  load(stored: StoredPostings): void {
    for (const term of stored.terms()) {
      const waiting = this.#waiting.get(term);
      if (waiting === undefined) this.#waiting.set(term, [stored]);
      else waiting.push(stored);
    }
  }

  /** Gives FlexSearch every loaded term of so many bytes or more now. */
  decode(bytes: number): void {
    for (const [term, waiting] of this.#waiting) {
      if (waiting.reduce((sum, stored) => sum + stored.bytes(term), 0) >= bytes) this.postings(term);
    }
  }

  /** Every term. */
  *terms(): Iterable<string> {
    // The map that `import` fills and `export` writes; its declaration does not mention it.
    const { map } = this.#index as unknown as { readonly map: ReadonlyMap<string, unknown> };
    yield* map.keys();
    for (const term of this.#waiting.keys()) if (!map.has(term)) yield term;
  }

  postings(term: string): Postings {
    const waiting = this.#waiting.get(term);
    if (waiting !== undefined) {
      this.#waiting.delete(term);
      // From the last to the first: those of many small changes are put together before they are put to a long list.
      const loaded = [this.#held(term), ...waiting.map((stored) => stored.postings(term))].reduceRight(
        (later, earlier) => concatenatePostings(earlier, later),
      );
      // What FlexSearch's `export` hands out as text, `import` also takes as values; its declaration knows only the text.
      (this.#index.import as (key: string, map: unknown) => void)('map', [[term, loaded]]);
    }
    return this.#held(term);
  }

  #held(term: string): Postings {
    const { result } = this.#index.search(term, { resolve: false });
    return result as unknown as Postings;
  }
}

function concatenatePostings(a: Postings, b: Postings): Postings {
  if (a.length === 0) return b;
  return Array.from({ length: Math.max(a.length, b.length) }, (_, slot) => {
    const [first, second] = [a[slot], b[slot]];
    return first === undefined || second === undefined ? (first ?? second) : concatenate(first, second);
  });
}

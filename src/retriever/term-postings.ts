import type { Ascending } from './ascending-list.js';
import type { Postings } from './inverted-index.js';

/** An index term that counts as a question term. */
export interface FormPostings {
  readonly postings: Postings;
  /** How much an occurrence counts. */
  readonly weight: number;
}

/** A place in one list of postings, which moves on only. */
export class PostingsCursor {
  readonly ordinals: Ascending;
  /** What each of the list's passages counts: weight · tf. */
  readonly frequency: number;
  place = 0;

  constructor(ordinals: Ascending, frequency: number) {
    this.ordinals = ordinals;
    this.frequency = frequency;
  }

  /** Moves to the first passage that is not before this one; says whether it is this one. */
  advanceTo(ordinal: number): boolean {
    this.place = lowerBound(this.ordinals, ordinal, this.place);
    return this.ordinals[this.place] === ordinal;
  }
}

/** The lists of a form, each at its beginning. */
export function cursorsOf({ postings, weight }: FormPostings): PostingsCursor[] {
  const cursors: PostingsCursor[] = [];
  postings.forEach((ordinals, slot) => {
    if (ordinals !== undefined) cursors.push(new PostingsCursor(ordinals, (slot + 1) * weight));
  });
  return cursors;
}

/** How many postings the forms have together. */
export function countPostings(forms: readonly FormPostings[]): number {
  return forms
    .flatMap(({ postings }) => postings)
    .reduce((sum, ordinals) => sum + (ordinals?.length ?? 0), 0);
}

/** How often the forms of a question term stand in a passage, each by its weight: Σ weight · tf. */
export function termFrequency(forms: readonly FormPostings[], ordinal: number): number {
  return forms.reduce((sum, { postings, weight }) => {
    const slot = postings.findIndex((ordinals) => ordinals?.[lowerBound(ordinals, ordinal, 0)] === ordinal);
    return sum + weight * (slot + 1);
  }, 0);
}

/** No passage can have a larger frequency. */
export function maxTermFrequency(forms: readonly FormPostings[]): number {
  return forms.reduce((sum, { postings, weight }) => sum + weight * postings.length, 0);
}

/** Counts passages that hold any of several terms. Its memory is used again. */
export class PassageCounter {
  /** A bit for each passage. */
  #seen = new Uint32Array(0);

  /**
   * How many passages hold one of the forms.
   *
   * @param end - passages are numbered below this.
   * @param isGone - passages that do not count; undefined if there is none.
   */
  count(
    forms: readonly FormPostings[],
    end: number,
    isGone: ((ordinal: number) => boolean) | undefined,
  ): number {
    const words = (end + 31) >>> 5;
    if (this.#seen.length < words) this.#seen = new Uint32Array(2 * words);
    else this.#seen.fill(0, 0, words);
    const seen = this.#seen;
    let count = 0;
    for (const { ordinals } of forms.flatMap(cursorsOf)) {
      // An index is faster than an iterator, and lists are long.
      // eslint-disable-next-line @typescript-eslint/prefer-for-of
      for (let i = 0; i < ordinals.length; i++) {
        const ordinal = ordinals[i] ?? 0;
        const bits = seen[ordinal >>> 5] ?? 0;
        const bit = 1 << (ordinal & 31);
        if ((bits & bit) !== 0 || isGone?.(ordinal) === true) continue;
        seen[ordinal >>> 5] = bits | bit;
        count++;
      }
    }
    return count;
  }
}

/** The first place from `from` on at which an ascending list does not hold less than a value; found in steps that double. */
function lowerBound(ascending: Ascending, value: number, from: number): number {
  let low = from;
  let step = 1;
  for (; low + step < ascending.length && (ascending[low + step] ?? 0) < value; step *= 2) low += step;
  let high = Math.min(low + step, ascending.length);
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

import type { Ascending } from './ascending-list.js';
import type { Postings } from './inverted-index.js';

/** An index term that counts as a question term. */
export interface FormPostings {
  readonly postings: Postings;
  /** How much an occurrence counts; a multiple of {@link UNIT}. */
  readonly weight: number;
}

/** What weights are multiples of. */
const UNIT = 0.5;

/** Up to this share of all numbers it is faster to clear them one by one. */
export const SPARSE = 1 / 32;

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

/** Works out the frequencies of a question term in many passages at once. Its memory is used again by the next term. */
export class FrequencyCounter {
  /** Frequencies in units, by ordinal; 0 for all but those that were counted. */
  #counts = new Uint16Array(0);
  #ordinals = new Uint32Array(0);
  #size = 0;

  /** The passages that were counted; with several forms in no order. */
  get ordinals(): Uint32Array {
    return this.#ordinals.subarray(0, this.#size);
  }

  frequency(ordinal: number): number {
    return UNIT * (this.#counts[ordinal] ?? 0);
  }

  /**
   * Counts every passage that holds one of the forms.
   *
   * @param end - passages are numbered below this.
   */
  count(forms: readonly FormPostings[], end: number): void {
    this.#reset(end);
    const [counts, found] = [this.#counts, this.#ordinals];
    let size = 0;
    for (const { postings, weight } of forms) {
      postings.forEach((ordinals, slot) => {
        if (ordinals === undefined) return;
        const count = ((slot + 1) * weight) / UNIT;
        // The loops over postings are most of a search: an index is faster than an iterator here.
        // eslint-disable-next-line @typescript-eslint/prefer-for-of
        for (let i = 0; i < ordinals.length; i++) {
          const ordinal = ordinals[i] ?? 0;
          const before = counts[ordinal] ?? 0;
          if (before === 0) found[size++] = ordinal;
          counts[ordinal] = before + count;
        }
      });
    }
    this.#size = size;
  }

  /** Counts only some passages, which come in ascending order. */
  countAmong(ascending: readonly number[], forms: readonly FormPostings[], end: number): void {
    this.#reset(end);
    for (const { postings, weight } of forms) {
      postings.forEach((ordinals, slot) => {
        if (ordinals === undefined) return;
        let at = 0;
        for (const ordinal of ascending) {
          at = lowerBound(ordinals, ordinal, at);
          if (ordinals[at] !== ordinal) continue;
          const before = this.#counts[ordinal] ?? 0;
          if (before === 0) this.#ordinals[this.#size++] = ordinal;
          this.#counts[ordinal] = before + ((slot + 1) * weight) / UNIT;
        }
      });
    }
  }

  #reset(end: number): void {
    if (this.#counts.length < end) {
      this.#counts = new Uint16Array(2 * end);
      this.#ordinals = new Uint32Array(2 * end);
    } else if (this.#size > end * SPARSE) {
      this.#counts.fill(0, 0, end);
    } else {
      for (const ordinal of this.ordinals) this.#counts[ordinal] = 0;
    }
    this.#size = 0;
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

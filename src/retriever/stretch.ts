import { termWeight } from './bm25.js';
import { LargestValues } from './largest-values.js';
import type { PostingsCursor } from './term-postings.js';

/** Passages that are added up together: so many that all that is written about them stays in the processor's cache. */
export const STRETCH = 1 << 15;

/** Above this share of touched passages it is faster to clear all. */
const DENSE = 1 / 8;

/** Lengths of passages and what they count. */
export interface Norms {
  /** In terms, by ordinal; whatever is no candidate may have any. */
  readonly lengths: Uint16Array;
  /** Length norms, by length. */
  readonly norms: Float64Array;
}

/** What {@link STRETCH} successive passages come to while question terms are added up. Its memory is used again for the next ones. */
export class Stretch {
  readonly #scores = new Float32Array(STRETCH);
  /** How often one term's forms stand in each passage. */
  readonly #frequencies = new Float32Array(STRETCH);
  /** The passages whose score is not 0, in no order. */
  readonly #touched = new Uint16Array(STRETCH);
  #touchedCount = 0;
  readonly #found = new Uint16Array(STRETCH);
  #start = 0;

  /** Begins with the passages from this ordinal on. */
  begin(start: number): void {
    this.#start = start;
    if (this.#touchedCount > STRETCH * DENSE) this.#scores.fill(0);
    else for (let t = 0; t < this.#touchedCount; t++) this.#scores[this.#touched[t] ?? 0] = 0;
    this.#touchedCount = 0;
  }

  score(ordinal: number): number {
    return this.#scores[ordinal - this.#start] ?? 0;
  }

  /** Adds to the score of a passage that has one. */
  raise(ordinal: number, more: number): void {
    this.#scores[ordinal - this.#start] = this.score(ordinal) + more;
  }

  /** The k-th best score of the candidates; 0 if there are fewer. */
  kthBest(k: number, isCandidate: (ordinal: number) => boolean): number {
    const [scores, touched] = [this.#scores, this.#touched];
    const best = new LargestValues(k);
    let floor = 0;
    for (let t = 0; t < this.#touchedCount; t++) {
      const i = touched[t] ?? 0;
      const score = scores[i] ?? 0;
      if (score <= floor || !isCandidate(this.#start + i)) continue;
      best.add(score);
      floor = best.floor;
    }
    return floor;
  }

  /** The passages that score at least this much, and more than 0; they ascend. */
  atLeast(least: number): number[] {
    const [scores, touched, found] = [this.#scores, this.#touched, this.#found];
    let size = 0;
    for (let t = 0; t < this.#touchedCount; t++) {
      const i = touched[t] ?? 0;
      if ((scores[i] ?? 0) >= least) found[size++] = i;
    }
    const sorted = found.subarray(0, size).sort();
    const ordinals: number[] = [];
    for (let f = 0; f < size; f++) ordinals.push(this.#start + (sorted[f] ?? 0));
    return ordinals;
  }

  /**
   * Adds factor · {@link termWeight} to every passage in one of the lists, which are those of a term.
   *
   * @param severalForms - whether a passage may stand in more than one of the lists.
   */
  add(
    factor: number,
    lists: readonly PostingsCursor[],
    severalForms: boolean,
    { lengths, norms }: Norms,
  ): void {
    const [scores, touched, frequencies, start] = [
      this.#scores,
      this.#touched,
      this.#frequencies,
      this.#start,
    ];
    let touchedCount = this.#touchedCount;
    for (const list of lists) list.advanceTo(start);
    if (severalForms) this.#count(lists);
    for (const list of lists) {
      const { ordinals, frequency } = list;
      let place = list.place;
      for (; place < ordinals.length; place++) {
        const ordinal = ordinals[place] ?? 0;
        const i = ordinal - start;
        if (i >= STRETCH) break;
        let count = frequency;
        if (severalForms) {
          count = frequencies[i] ?? 0;
          // Another list has had the passage.
          if (count === 0) continue;
          frequencies[i] = 0;
        }
        const score = scores[i] ?? 0;
        if (score === 0) touched[touchedCount++] = i;
        scores[i] = score + factor * termWeight(count, norms[lengths[ordinal] ?? 0] ?? 0);
      }
      list.place = place;
    }
    this.#touchedCount = touchedCount;
  }

  #count(lists: readonly PostingsCursor[]): void {
    const [frequencies, start] = [this.#frequencies, this.#start];
    for (const { ordinals, frequency, place } of lists) {
      for (let at = place; at < ordinals.length; at++) {
        const i = (ordinals[at] ?? 0) - start;
        if (i >= STRETCH) break;
        frequencies[i] = (frequencies[i] ?? 0) + frequency;
      }
    }
  }
}

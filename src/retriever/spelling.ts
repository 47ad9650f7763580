import { ENGLISH_MATCHING, type SpellingOptions } from './english-matching.js';

const DIGIT = /\p{N}/u;

/** Terms by first letter and length, to find those that differ from another by an error or two. */
export class SpellingIndex {
  readonly #terms = new Map<string, string[]>();

  /** Adds a term that was not added before. Terms with a digit are never taken for others: 1985 is not 1986. */
  add(term: string): void {
    if (DIGIT.test(term)) return;
    const key = bucket(term, term.length);
    const terms = this.#terms.get(key);
    if (terms === undefined) this.#terms.set(key, [term]);
    else terms.push(term);
  }

  /**
   * The terms that an unknown one may have been meant to be: those with the fewest errors and the same first letter, the commonest first.
   *
   * @param frequencyOf - how common a term is; one of frequency 0 is passed over.
   */
  correct(
    unknown: string,
    frequencyOf: (term: string) => number,
    options: SpellingOptions = ENGLISH_MATCHING.spelling,
  ): string[] {
    if (unknown.length < options.minimumLength || DIGIT.test(unknown)) return [];
    let fewest = unknown.length >= options.twoErrorsFrom ? 2 : 1;
    let found: { readonly term: string; readonly frequency: number }[] = [];
    for (const difference of [0, -1, 1, -2, 2]) {
      if (Math.abs(difference) > fewest) break;
      for (const term of this.#terms.get(bucket(unknown, unknown.length + difference)) ?? []) {
        const errors = editDistance(unknown, term, fewest);
        if (errors > fewest) continue;
        const frequency = frequencyOf(term);
        if (frequency === 0) continue;
        if (errors < fewest) found = [];
        fewest = errors;
        found.push({ term, frequency });
      }
    }
    return found
      .sort((a, b) => b.frequency - a.frequency || (a.term < b.term ? -1 : 1))
      .slice(0, options.candidates)
      .map(({ term }) => term);
  }
}

function bucket(term: string, length: number): string {
  return `${term.charAt(0)}${length}`;
}

/**
 * Optimal string alignment distance: letters inserted, dropped, replaced, or exchanged with their neighbour. More than
 * `limit` is given as `limit + 1`.
 */
export function editDistance(a: string, b: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let smallest = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(cost);
      smallest = Math.min(smallest, cost);
    }
    if (smallest > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return Math.min(last[b.length] ?? 0, limit + 1);
}

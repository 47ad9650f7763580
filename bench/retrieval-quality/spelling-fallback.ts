import { unitFrequency, type LexicalIndex } from './lexical-index.js';

/** How a question term that no unit holds is looked for among those that units hold. */
export interface SpellingOptions {
  /** Shorter terms are not looked for. */
  readonly minimumLength: number;
  /** From this length on two errors are allowed, below it one. */
  readonly twoErrorsFrom: number;
  /** Index terms taken at most, of those with the fewest errors. */
  readonly candidates: number;
}

export const DEFAULT_SPELLING: SpellingOptions = Object.freeze({
  minimumLength: 4,
  twoErrorsFrom: 8,
  candidates: 3,
});

const DIGIT = /\p{N}/u;

/**
 * Index terms that an unknown term may have been meant to be: those with the fewest errors and the same first
 * letter, the commonest first.
 * A term with a digit is never corrected: 1985 is not 1986.
 */
export function correct(index: LexicalIndex, unknown: string, options: SpellingOptions): number[] {
  if (unknown.length < options.minimumLength || DIGIT.test(unknown)) return [];
  const limit = unknown.length >= options.twoErrorsFrom ? 2 : 1;
  let fewest = limit;
  let found: { term: number; frequency: number }[] = [];
  index.terms.forEach((term, id) => {
    if (Math.abs(term.length - unknown.length) > fewest || DIGIT.test(term)) return;
    if (!term.startsWith(unknown.charAt(0))) return;
    const errors = editDistance(unknown, term, fewest);
    if (errors > fewest) return;
    if (errors < fewest) found = [];
    fewest = errors;
    found.push({ term: id, frequency: unitFrequency(index, id) });
  });
  return found
    .sort((a, b) => b.frequency - a.frequency || a.term - b.term)
    .slice(0, options.candidates)
    .map(({ term }) => term);
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

import type { Postings } from './inverted-index.js';

/** Postings of what counts as one question term. */
export interface TermPostings {
  /** Entry i lists the passages in which the term's occurrences count (i + 1) · {@link TermPostings.unit}, in ascending order. */
  readonly slots: Postings;
  readonly unit: number;
}

/**
 * The postings of several terms that count as one: a passage's frequency is Σ weight · tf.
 *
 * @param weighted - weights are multiples of the unit.
 * @param lengths - by ordinal; negative where no passage is.
 */
export function mergePostings(
  weighted: readonly { readonly slots: Postings; readonly weight: number }[],
  unit: number,
  lengths: Int32Array,
): TermPostings & { readonly passageFrequency: number } {
  const counts = new Uint16Array(lengths.length);
  for (const { slots, weight } of weighted) {
    slots.forEach((ordinals, slot) => {
      const count = ((slot + 1) * weight) / unit;
      for (const ordinal of ordinals ?? []) counts[ordinal] = (counts[ordinal] ?? 0) + count;
    });
  }
  const merged: number[][] = [];
  let passageFrequency = 0;
  counts.forEach((count, ordinal) => {
    if (count === 0 || (lengths[ordinal] ?? 0) < 0) return;
    (merged[count - 1] ??= []).push(ordinal);
    passageFrequency++;
  });
  return { slots: merged, unit, passageFrequency };
}

/** How much a term's occurrences in a passage count; 0 if it holds none. */
export function termFrequency({ slots, unit }: TermPostings, ordinal: number): number {
  return unit * (1 + slots.findIndex((ordinals) => ordinals !== undefined && holds(ordinals, ordinal)));
}

/** Whether a number stands in an ascending list. */
function holds(ascending: readonly number[], value: number): boolean {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return ascending[low] === value;
}

/** A place of a passage where a question term stands. */
export interface Hit {
  /** In terms, from 0. */
  readonly position: number;
  /** Number of the question term. */
  readonly term: number;
}

/**
 * The question terms that stand in the best window of a passage: among all stretches of so many successive terms the first with the
 * largest Σ idf over the distinct question terms in it.
 *
 * @param hits - by position; one place may be a hit of several question terms.
 * @param inverseFrequencies - idf by question term.
 * @param length - of the window, in terms.
 * @returns numbers of question terms, ascending.
 */
export function bestWindow(
  hits: readonly Hit[],
  inverseFrequencies: readonly number[],
  length: number,
): readonly number[] {
  const lastPositions = inverseFrequencies.map(() => -Infinity);
  let largest = 0;
  let best: readonly number[] = [];
  // Only a window that ends where a term comes in can be better than those before.
  for (const { position, term } of hits) {
    const isNew = (lastPositions[term] ?? -Infinity) <= position - length;
    lastPositions[term] = position;
    if (!isNew) continue;
    const inWindow: number[] = [];
    let sum = 0;
    // Added up in the order of the terms and not kept up from window to window, so that equal windows have equal sums.
    lastPositions.forEach((last, other) => {
      if (last <= position - length) return;
      inWindow.push(other);
      sum += inverseFrequencies[other] ?? 0;
    });
    if (sum > largest) {
      largest = sum;
      best = inWindow;
    }
  }
  return best;
}

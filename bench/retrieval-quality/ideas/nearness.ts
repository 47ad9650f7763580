import { bestWindow, orderedPairs, successiveHits, unorderedPairs, type Proximity } from '../proximity.js';
import { BASELINE, TEXT_ALONE, type Idea } from './configurations.js';

const FUNCTIONS: readonly (readonly [name: string, proximity: Proximity])[] = [
  ...[0.1, 0.2, 0.4].map((weight) => [`ordered pairs × ${weight}`, orderedPairs(weight)] as const),
  ...[0.1, 0.2].map((weight) => [`pairs within 8 terms × ${weight}`, unorderedPairs(weight, 8)] as const),
  ...[0.5, 1, 2].map((weight) => [`successive hits (Büttcher) × ${weight}`, successiveHits(weight)] as const),
  ...[10, 20, 40].flatMap((window) =>
    [0.1, 0.2, 0.4].map(
      (weight) => [`best window of ${window} terms × ${weight}`, bestWindow(weight, window)] as const,
    ),
  ),
];

/** Question terms that stand near each other; the 100 best units by BM25 are looked at again. */
export const nearness: Idea = {
  name: 'Proximity',
  baseline: BASELINE,
  variations: FUNCTIONS.map(([name, proximity]) => ({ name, configuration: { ...TEXT_ALONE, proximity } })),
};

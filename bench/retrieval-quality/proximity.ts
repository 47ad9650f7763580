import { bestWindow as findBestWindow, type Hit } from '../../src/retriever/best-window.js';
import { inverseDocumentFrequency } from '../../src/retriever/bm25.js';
import { unitFrequency, type LexicalIndex } from './lexical-index.js';
import type { Concept } from './scorer.js';

/** A question's terms as a proximity function sees them. */
export interface QuestionTerms {
  /** By concept; a concept stands in the question as often as `order` names it. */
  readonly inverseFrequencies: readonly number[];
  /** The concepts in the question's order, repetitions included. */
  readonly order: readonly number[];
}

/** What nearness of question terms in a unit adds to its score. */
export type Proximity = (hits: readonly Hit[], question: QuestionTerms, relativeLength: number) => number;

/** Reads the hits of units off the index. */
export class HitFinder {
  readonly #index: LexicalIndex;
  /** Index of the question term + 1, by term. */
  readonly #concepts: Uint8Array;

  constructor(index: LexicalIndex) {
    this.#index = index;
    this.#concepts = new Uint8Array(index.terms.length);
  }

  /** Adds the proximity score to the scores of the given units. */
  addTo(
    scores: Float64Array,
    candidates: readonly number[],
    concepts: readonly Concept[],
    order: readonly number[],
    proximity: Proximity,
  ): void {
    const inverseFrequencies = concepts.map(({ variants }) =>
      inverseDocumentFrequency(
        this.#index.size,
        Math.max(0, ...variants.map(({ term }) => unitFrequency(this.#index, term))),
      ),
    );
    concepts.forEach(({ variants }, i) => {
      for (const { term } of variants) this.#concepts[term] = i + 1;
    });
    for (const ordinal of candidates) {
      const hits = this.#hits(ordinal);
      const { lengths, averageLength } = this.#index.text;
      const relativeLength = (lengths[ordinal] ?? 0) / averageLength;
      scores[ordinal] =
        (scores[ordinal] ?? 0) + proximity(hits, { inverseFrequencies, order }, relativeLength);
    }
    for (const { variants } of concepts) for (const { term } of variants) this.#concepts[term] = 0;
  }

  #hits(ordinal: number): Hit[] {
    const { tokens, offsets } = this.#index.text;
    const start = offsets[ordinal] ?? 0;
    const end = offsets[ordinal + 1] ?? 0;
    const hits: Hit[] = [];
    for (let i = start; i < end; i++) {
      const concept = this.#concepts[tokens[i] ?? 0] ?? 0;
      if (concept > 0) hits.push({ position: i - start, term: concept - 1 });
    }
    return hits;
  }
}

const K1 = 1.2;
const B = 0.75;

function saturate(frequency: number, relativeLength: number): number {
  return frequency / (frequency + K1 * (1 - B + B * relativeLength));
}

/**
 * Pairs of neighbouring question terms that also stand side by side in the unit, in the same order (the ordered window of
 * Metzler and Croft 2005's sequential dependence), each weighing as the commoner of the two.
 */
export function orderedPairs(weight: number): Proximity {
  return (hits, question, relativeLength) =>
    weight * pairScore(hits, question, relativeLength, (distance) => distance === 1);
}

/** Pairs of neighbouring question terms that stand less than `window` terms apart in the unit, in any order. */
export function unorderedPairs(weight: number, window: number): Proximity {
  return (hits, question, relativeLength) =>
    weight * pairScore(hits, question, relativeLength, (distance) => Math.abs(distance) < window);
}

function pairScore(
  hits: readonly Hit[],
  { inverseFrequencies, order }: QuestionTerms,
  relativeLength: number,
  counts: (distance: number) => boolean,
): number {
  let score = 0;
  for (let i = 0; i + 1 < order.length; i++) {
    const [first, second] = [order[i], order[i + 1]];
    if (first === undefined || second === undefined || first === second) continue;
    const seconds = hits.filter(({ term }) => term === second);
    const frequency = hits.filter(
      ({ term, position }) => term === first && seconds.some((other) => counts(other.position - position)),
    ).length;
    const weight = Math.min(inverseFrequencies[first] ?? 0, inverseFrequencies[second] ?? 0);
    score += weight * saturate(frequency, relativeLength);
  }
  return score;
}

/**
 * Büttcher, Clarke and Lushman 2006 ("Term proximity scoring for ad-hoc retrieval on very large text collections"): every
 * two successive hits of different terms accumulate idf / distance² for each other.
 */
export function successiveHits(weight: number): Proximity {
  return (hits, { inverseFrequencies }, relativeLength) => {
    const accumulated = inverseFrequencies.map(() => 0);
    for (let i = 1; i < hits.length; i++) {
      const [before, after] = [hits[i - 1], hits[i]];
      if (before === undefined || after === undefined || before.term === after.term) continue;
      const near = 1 / (after.position - before.position) ** 2;
      accumulated[before.term] =
        (accumulated[before.term] ?? 0) + near * (inverseFrequencies[after.term] ?? 0);
      accumulated[after.term] =
        (accumulated[after.term] ?? 0) + near * (inverseFrequencies[before.term] ?? 0);
    }
    return (
      weight *
      accumulated.reduce(
        (sum, value, concept) =>
          sum + Math.min(1, inverseFrequencies[concept] ?? 0) * saturate(value, relativeLength),
        0,
      )
    );
  };
}

/** The largest sum of the idf of distinct question terms within any `length` successive terms of the unit. */
export function bestWindow(weight: number, length: number): Proximity {
  return (hits, { inverseFrequencies }) =>
    weight *
    findBestWindow(hits, inverseFrequencies, length).reduce(
      (sum, term) => sum + (inverseFrequencies[term] ?? 0),
      0,
    );
}

import { inverseDocumentFrequency } from '../../src/retriever/bm25.js';
import type { LexicalIndex } from './lexical-index.js';

/** An index term that stands for a question term, and how much one occurrence of it counts. */
export interface Variant {
  readonly term: number;
  readonly weight: number;
}

/** A question term with all index terms that count as it. */
export interface Concept {
  readonly variants: readonly Variant[];
  /** How often it stands in the question, or any other weight. */
  readonly weight: number;
}

export interface FieldWeights {
  readonly weight: number;
  readonly b: number;
}

export interface Bm25f {
  readonly k1: number;
  /** One for each field of the index. */
  readonly fields: readonly FieldWeights[];
}

/**
 * BM25F (Robertson, Zaragoza and Taylor 2004) of concepts: with
 * tf~ = Σ fields weight · Σ variants weight · tf / (1 − b + b · length / averageLength), a unit's score is
 * Σ concepts weight · idf · tf~ / (k1 + tf~); idf counts the units that hold any variant in any field. With one field of
 * weight 1 and one variant of weight 1 this is plain BM25.
 */
export class Scorer {
  readonly #index: LexicalIndex;
  readonly #k1: number;
  /** Field weight / length normalisation, by field and unit. */
  readonly #factors: readonly Float64Array[];
  readonly #scores: Float64Array;
  readonly #frequencies: Float64Array;
  readonly #touched: Uint32Array;

  constructor(index: LexicalIndex, { k1, fields }: Bm25f) {
    this.#index = index;
    this.#k1 = k1;
    this.#factors = index.fields.map(({ lengths, averageLength }, i) => {
      const { weight, b } = fields[i] ?? { weight: 1, b: 0.75 };
      return Float64Array.from(lengths, (length) => weight / (1 - b + (b * length) / averageLength));
    });
    this.#scores = new Float64Array(index.size);
    this.#frequencies = new Float64Array(index.size);
    this.#touched = new Uint32Array(index.size);
  }

  /** Scores of all units; the array is overwritten by the next call. */
  score(concepts: readonly Concept[]): Float64Array {
    this.#scores.fill(0);
    for (const concept of concepts) this.#add(concept);
    return this.#scores;
  }

  #add({ variants, weight }: Concept): void {
    const scores = this.#scores;
    const frequencies = this.#frequencies;
    const touched = this.#touched;
    let count = 0;
    this.#index.fields.forEach(({ starts, ordinals, frequencies: counts }, field) => {
      const factors = this.#factors[field] ?? new Float64Array();
      for (const variant of variants) {
        const end = starts[variant.term + 1] ?? 0;
        for (let i = starts[variant.term] ?? 0; i < end; i++) {
          const ordinal = ordinals[i] ?? 0;
          const before = frequencies[ordinal] ?? 0;
          if (before === 0) touched[count++] = ordinal;
          frequencies[ordinal] = before + variant.weight * (counts[i] ?? 0) * (factors[ordinal] ?? 0);
        }
      }
    });
    const idf = inverseDocumentFrequency(this.#index.size, count);
    for (let i = 0; i < count; i++) {
      const ordinal = touched[i] ?? 0;
      const frequency = frequencies[ordinal] ?? 0;
      scores[ordinal] = (scores[ordinal] ?? 0) + (weight * idf * frequency) / (this.#k1 + frequency);
      frequencies[ordinal] = 0;
    }
  }
}

/** The k units of the largest positive scores, best first; equal scores by ordinal. */
export function best(scores: Float64Array, k: number): number[] {
  const top: number[] = [];
  let floor = 0;
  scores.forEach((score, ordinal) => {
    if (score <= floor) return;
    let at = top.length;
    while (at > 0 && (scores[top[at - 1] ?? 0] ?? 0) < score) at--;
    top.splice(at, 0, ordinal);
    if (top.length > k) top.pop();
    if (top.length === k) floor = scores[top[k - 1] ?? 0] ?? 0;
  });
  return top;
}

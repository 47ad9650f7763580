import { requireNumber } from '../core/errors.js';

/** Parameters of BM25. */
export interface Bm25Parameters {
  /** Term frequency saturation, at least 0: with 0 only presence counts. @defaultValue 0.9; 1.2 for `exact` matching */
  readonly k1: number;
  /** Length normalisation, from 0 (none) to 1 (full). @defaultValue 0.75 */
  readonly b: number;
}

/** Lucene's defaults, for plain BM25; on 34 articles of SQuAD 2.0 train they found more than k1 = 0.9, b = 0.4 (recall@1 76.4 against 75.3). */
export const DEFAULT_BM25: Bm25Parameters = Object.freeze({ k1: 1.2, b: 0.75 });

/** @throws VerbatimError `invalid-option` for parameters out of range. */
export function checkBm25Parameters(
  parameters: Partial<Bm25Parameters> = {},
  defaults: Bm25Parameters = DEFAULT_BM25,
): Bm25Parameters {
  return {
    k1: requireNumber('k1', parameters.k1 ?? defaults.k1, 0),
    b: requireNumber('b', parameters.b ?? defaults.b, 0, 1),
  };
}

/**
 * idf = ln(1 + (N − n + 0.5) / (n + 0.5)), as Lucene computes it: never negative.
 *
 * @param passageCount - N, passages in the index.
 * @param passageFrequency - n, passages that hold the term.
 */
export function inverseDocumentFrequency(passageCount: number, passageFrequency: number): number {
  return Math.log(1 + (passageCount - passageFrequency + 0.5) / (passageFrequency + 0.5));
}

/**
 * The part of the term weight that a passage's length decides: k1 · (1 − b + b · length / averageLength).
 *
 * @param length - of the passage, in terms.
 */
export function lengthNorm(length: number, averageLength: number, { k1, b }: Bm25Parameters): number {
  return k1 * (1 - b + (b * length) / averageLength);
}

/**
 * tf / (tf + norm): BM25's term weight without idf (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework",
 * equation 3.15), without the constant factor k1 + 1, as in Lucene since 8.0.
 *
 * @param norm - the passage's {@link lengthNorm}.
 */
export function termWeight(termFrequency: number, norm: number): number {
  return termFrequency / (termFrequency + norm);
}

import { inverseDocumentFrequency } from '../../src/retriever/bm25.js';
import { unitFrequency, type LexicalIndex } from './lexical-index.js';
import type { Concept } from './scorer.js';

/** Pseudo-relevance feedback: terms of the first units are added to the question. */
export interface Feedback {
  /** Units taken as relevant. */
  readonly units: number;
  /** Terms added. */
  readonly terms: number;
  /** Weight of the strongest of them against a question term's. */
  readonly weight: number;
}

/**
 * The question's concepts and the feedback terms. RM3's term estimate (Abdul-Jaleel et al. 2004), Σ units
 * (score / Σ scores) · tf / length, times idf, so that function words are not chosen; terms of a single unit say nothing
 * of the others and are left out.
 */
export function withFeedback(
  index: LexicalIndex,
  concepts: readonly Concept[],
  scores: Float64Array,
  top: readonly number[],
  feedback: Feedback,
): Concept[] {
  const { tokens, offsets } = index.text;
  const asked = new Set(concepts.flatMap(({ variants }) => variants.map(({ term }) => term)));
  const total = top.reduce((sum, ordinal) => sum + (scores[ordinal] ?? 0), 0);
  const estimates = new Map<number, { probability: number; units: Set<number> }>();
  for (const ordinal of top) {
    const unit = tokens.subarray(offsets[ordinal], offsets[ordinal + 1]);
    const share = (scores[ordinal] ?? 0) / total / unit.length;
    for (const term of unit) {
      if (asked.has(term)) continue;
      const estimate = estimates.get(term) ?? { probability: 0, units: new Set<number>() };
      estimates.set(term, { probability: estimate.probability + share, units: estimate.units.add(ordinal) });
    }
  }
  const chosen = Array.from(estimates)
    .filter(([, { units }]) => units.size > 1)
    .map(([term, { probability }]) => ({
      term,
      value: probability * inverseDocumentFrequency(index.size, unitFrequency(index, term)),
    }))
    .sort((a, b) => b.value - a.value || a.term - b.term)
    .slice(0, feedback.terms);
  const largest = chosen[0]?.value ?? 1;
  return [
    ...concepts,
    ...chosen.map(({ term, value }) => ({
      variants: [{ term, weight: 1 }],
      weight: (feedback.weight * value) / largest,
    })),
  ];
}

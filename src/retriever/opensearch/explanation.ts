import { z } from 'zod';
import type { TermContribution } from '../../core/passage.js';
import { inverseDocumentFrequency } from '../bm25.js';

/** Lucene's account of a score: a tree of values, each with the values that it was computed from. */
export interface Explanation {
  readonly value: number;
  readonly description: string;
  readonly details: readonly Explanation[];
}

export const explanationSchema: z.ZodType<Explanation> = z.object({
  value: z.number(),
  description: z.string(),
  get details() {
    return z.array(explanationSchema);
  },
});

const TERM_WEIGHT = /^weight\(searched:(.*) in \d+\)/su;

/**
 * The constant that the engine multiplies its scores by: OpenSearch 2 keeps the factor k1 + 1 of the original formula, which
 * Lucene 8 and OpenSearch 3 have dropped. Taken from a score's own account, it holds whatever the version.
 *
 * @returns undefined if the account is of an unknown form.
 */
export function scoreFactor(
  explanation: Explanation,
  queryFrequencies: ReadonlyMap<string, number>,
): number | undefined {
  for (const { term, weight } of termWeights(explanation)) {
    const queryFrequency = queryFrequencies.get(term);
    // A boost of 1 is not mentioned.
    if (queryFrequency !== undefined) return (valueOf(weight, 'boost') ?? 1) / queryFrequency;
  }
  return undefined;
}

/** What each question term added to a score, in the order of the question's terms. */
export function termContributions(
  explanation: Explanation,
  queryFrequencies: ReadonlyMap<string, number>,
  factor: number,
): TermContribution[] {
  const weights = new Map(termWeights(explanation).map(({ term, weight }) => [term, weight]));
  return Array.from(queryFrequencies).flatMap(([term, queryFrequency]) => {
    const weight = weights.get(term);
    if (weight === undefined) return [];
    const passageFrequency = valueOf(weight, 'n, ') ?? 0;
    return [
      {
        term,
        queryFrequency,
        termFrequency: valueOf(weight, 'freq, ') ?? 0,
        passageFrequency,
        inverseDocumentFrequency: inverseDocumentFrequency(valueOf(weight, 'N, ') ?? 0, passageFrequency),
        contribution: weight.value / factor,
      },
    ];
  });
}

function termWeights(explanation: Explanation): { term: string; weight: Explanation }[] {
  const term = TERM_WEIGHT.exec(explanation.description)?.[1];
  return term === undefined ? explanation.details.flatMap(termWeights) : [{ term, weight: explanation }];
}

/** The first value below whose description begins like this. */
function valueOf(explanation: Explanation, beginning: string): number | undefined {
  for (const detail of explanation.details) {
    const value = detail.description.startsWith(beginning) ? detail.value : valueOf(detail, beginning);
    if (value !== undefined) return value;
  }
  return undefined;
}

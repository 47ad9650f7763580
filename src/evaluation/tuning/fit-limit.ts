import { received, VerbatimError } from '../../core/errors.js';

/** One question as a rule sees it. */
export interface Decision {
  /** How sure the rule is of its best candidate; −Infinity without one. */
  readonly score: number;
  /** How good that candidate is: exact match (0 or 1) and token F1 (0 to 1); 0 if the question is unanswerable. */
  readonly exact: number;
  readonly f1: number;
  readonly answerable: boolean;
  /** Weight of the question among its set. */
  readonly weight: number;
}

/** What a limit is chosen for. */
export type Target =
  | { readonly kind: 'f1' }
  | { readonly kind: 'precision'; readonly value: number }
  | { readonly kind: 'coverage'; readonly value: number };

/**
 * The limit at and above which an answer is given: the one with the best F1, the lowest whose answers are right often enough,
 * or the highest that answers enough. It lies midway between the two scores that it parts; of equal optima the highest.
 *
 * @throws VerbatimError `tuning-target-unreached` if no limit has the precision.
 */
export function fitLimit(decisions: readonly Decision[], target: Target): number {
  const sorted = [...decisions].sort((a, b) => b.score - a.score);
  const total = decisions.reduce((sum, { weight }) => sum + weight, 0);
  let coverage = 0;
  let right = 0;
  // Before the first answer: every unanswerable question is done right.
  let f1 = sorted.reduce((sum, { answerable, weight }) => (answerable ? sum : sum + weight), 0);
  let best: { readonly count: number; readonly value: number } | undefined =
    target.kind === 'f1' ? { count: 0, value: f1 } : undefined;
  let highestPrecision = 0;
  for (const [i, decision] of sorted.entries()) {
    if (decision.score === -Infinity) break;
    coverage += decision.weight;
    right += decision.weight * decision.exact;
    f1 += decision.weight * (decision.answerable ? decision.f1 : -1);
    // A limit cannot part equal scores.
    if (sorted[i + 1]?.score === decision.score) continue;
    const precision = right / coverage;
    highestPrecision = Math.max(highestPrecision, precision);
    if (target.kind === 'f1' && f1 > (best?.value ?? -Infinity)) best = { count: i + 1, value: f1 };
    if (target.kind === 'precision' && precision >= target.value) best = { count: i + 1, value: precision };
    if (target.kind === 'coverage' && best === undefined && coverage >= (target.value - 1e-9) * total)
      best = { count: i + 1, value: coverage };
  }
  if (best === undefined && target.kind === 'precision') {
    throw new VerbatimError(
      'tuning-target-unreached',
      `No confidence has a precision of ${received(target.value)} on these questions; the highest is ${highestPrecision.toFixed(3)}.`,
    );
  }
  const count = best?.count ?? sorted.length;
  const [above, below] = [sorted[count - 1]?.score ?? Infinity, sorted[count]?.score ?? -Infinity];
  if (above === Infinity) return below + 1;
  return below === -Infinity ? above - 1e-6 : (above + below) / 2;
}

/** What a rule does with a set of questions, weighted. */
export interface TunedFigures {
  /** Exact match and F1 with "no answer" where it withholds, percent. */
  readonly exact: number;
  readonly f1: number;
  /** Share of the questions that get an answer, and of those answers that are right (exact match), 0 to 1. */
  readonly coverage: number;
  readonly precision: number;
}

/** Figures of decisions, each with the limit that holds for it. */
export function tunedFigures(
  decisions: readonly Decision[],
  limitOf: (index: number) => number,
): TunedFigures {
  let [exact, f1, coverage, right, total] = [0, 0, 0, 0, 0];
  decisions.forEach((decision, i) => {
    total += decision.weight;
    if (decision.score >= limitOf(i)) {
      coverage += decision.weight;
      right += decision.weight * decision.exact;
      exact += decision.weight * decision.exact;
      f1 += decision.weight * decision.f1;
    } else if (!decision.answerable) {
      exact += decision.weight;
      f1 += decision.weight;
    }
  });
  return {
    exact: (100 * exact) / total,
    f1: (100 * f1) / total,
    coverage: coverage / total,
    precision: coverage === 0 ? 0 : right / coverage,
  };
}

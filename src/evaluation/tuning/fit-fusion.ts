import { logit } from '../../core/logistic.js';
import {
  FEATURES,
  fusionConfidences,
  fusionScore,
  type Calibration,
  type Feature,
  type FusionProfile,
} from '../../pipeline/index.js';
import { fitPlatt } from '../platt.js';
import type { LabelledCandidate, TuningExample } from './examples.js';

/** A multinomial logit: intercept and weights of the candidates' scores. */
export type FusionWeights = Pick<FusionProfile, 'intercept' | 'weights'>;

/** L2 penalty on the weights of standardised features, for a sample whose weights add up to 1. */
const RIDGE = 1e-4;
const MAX_ITERATIONS = 200;

/**
 * Weight of each question, 1 in sum: the unanswerable ones together weigh `unanswerableShare`.
 *
 * @param examples - needs both kinds.
 */
export function shareWeights(examples: readonly TuningExample[], unanswerableShare: number): number[] {
  const answerable = examples.filter((example) => example.answerable).length;
  return examples.map((example) =>
    example.answerable
      ? (1 - unanswerableShare) / answerable
      : unanswerableShare / (examples.length - answerable),
  );
}

/**
 * Fits the scores of candidates by maximum likelihood: P(candidate) = exp(s) / (1 + Σ exp(s)), where 1 stands for "none of
 * them" (multinomial logit, McFadden 1974). The outcome of a question is its exactly matching candidates, whichever of them,
 * or "none" without one. Newton's method on standardised features, with steps halved until the likelihood rises.
 *
 * @param weights - weight of each example, 1 in sum.
 */
export function fitFusion(examples: readonly TuningExample[], weights: readonly number[]): FusionWeights {
  const { mean, deviation } = standardisation(examples);
  const size = FEATURES.length + 1;
  const rows = examples.map(({ candidates }) =>
    candidates.map(({ features }) => [
      1,
      ...FEATURES.map((feature, i) => (features[feature] - (mean[i] ?? 0)) / (deviation[i] ?? 1)),
    ]),
  );
  let parameters = new Array<number>(size).fill(0);
  parameters[0] = -4;
  let current = objective(examples, rows, weights, parameters);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const step = solve(current.hessian, current.gradient);
    let factor = 1;
    let next = current;
    let moved = parameters;
    while (factor > 1e-8) {
      moved = parameters.map((value, i) => value - factor * (step[i] ?? 0));
      next = objective(examples, rows, weights, moved);
      if (next.loss < current.loss) break;
      factor /= 2;
    }
    const gain = current.loss - next.loss;
    if (!(gain > 0)) break;
    parameters = moved;
    current = next;
    if (gain < 1e-10) break;
  }
  // Back from standardised features to raw ones.
  const raw = FEATURES.map((_, i) => (parameters[i + 1] ?? 0) / (deviation[i] ?? 1));
  const intercept = (parameters[0] ?? 0) - raw.reduce((sum, weight, i) => sum + weight * (mean[i] ?? 0), 0);
  return {
    intercept,
    weights: Object.fromEntries(FEATURES.map((feature, i) => [feature, raw[i] ?? 0])) as Record<
      Feature,
      number
    >,
  };
}

function standardisation(examples: readonly TuningExample[]): { mean: number[]; deviation: number[] } {
  const all = examples.flatMap(({ candidates }) => candidates.map(({ features }) => features));
  const mean = FEATURES.map(
    (f) => all.reduce((sum, features) => sum + features[f], 0) / Math.max(1, all.length),
  );
  const deviation = FEATURES.map((f, i) => {
    const variance =
      all.reduce((sum, features) => sum + (features[f] - (mean[i] ?? 0)) ** 2, 0) / Math.max(1, all.length);
    // A feature that never varies says nothing; dividing by 1 leaves its weight at 0.
    return variance > 1e-12 ? Math.sqrt(variance) : 1;
  });
  return { mean, deviation };
}

interface Objective {
  readonly loss: number;
  readonly gradient: number[];
  /** Positive definite part of the second derivative: the variance of the rows under the model, and the ridge. */
  readonly hessian: number[][];
}

function objective(
  examples: readonly TuningExample[],
  rows: readonly (readonly (readonly number[])[])[],
  weights: readonly number[],
  parameters: readonly number[],
): Objective {
  const size = parameters.length;
  const gradient = parameters.map((value, i) => (i === 0 ? 0 : RIDGE * value));
  const hessian = parameters.map((_, i) =>
    parameters.map((__, j) => (i === j ? (i === 0 ? 1e-9 : RIDGE) : 0)),
  );
  let loss = parameters.reduce((sum, value, i) => (i === 0 ? sum : sum + (RIDGE / 2) * value * value), 0);
  examples.forEach(({ candidates }, n) => {
    const ofExample = rows[n] ?? [];
    const weight = weights[n] ?? 0;
    const scores = ofExample.map((row) => row.reduce((sum, x, i) => sum + x * (parameters[i] ?? 0), 0));
    const highest = Math.max(0, ...scores);
    const powers = scores.map((score) => Math.exp(score - highest));
    const none = Math.exp(-highest);
    const total = powers.reduce((sum, power) => sum + power, none);
    const right = candidates.map(({ exact }) => exact === 1);
    const reached = right.some(Boolean)
      ? powers.reduce((sum, power, i) => (right[i] === true ? sum + power : sum), 0)
      : none;
    loss += weight * (Math.log(total) - Math.log(reached));
    const expected = new Array<number>(size).fill(0);
    ofExample.forEach((row, c) => {
      const p = (powers[c] ?? 0) / total;
      const target = right[c] === true ? (powers[c] ?? 0) / reached : 0;
      if (p < 1e-9 && target === 0) return;
      row.forEach((x, i) => {
        gradient[i] = (gradient[i] ?? 0) + weight * (p - target) * x;
        expected[i] = (expected[i] ?? 0) + p * x;
        const line = hessian[i] as number[];
        for (let j = 0; j <= i; j++) line[j] = (line[j] ?? 0) + weight * p * x * (row[j] ?? 0);
      });
    });
    expected.forEach((x, i) => {
      const line = hessian[i] as number[];
      for (let j = 0; j <= i; j++) line[j] = (line[j] ?? 0) - weight * x * (expected[j] ?? 0);
    });
  });
  const symmetric = hessian.map((line, i) =>
    line.map((value, j) => (j > i ? (hessian[j]?.[i] ?? 0) : value)),
  );
  return { loss, gradient, hessian: symmetric };
}

/** Solves a symmetric positive definite system (Cholesky). */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const lower: number[][] = [];
  matrix.forEach((line, i) => {
    const row: number[] = [];
    for (let j = 0; j < i; j++) {
      const other = lower[j] ?? [];
      row.push(((line[j] ?? 0) - dot(row, other)) / (other[j] ?? 1));
    }
    row.push(Math.sqrt(Math.max((line[i] ?? 0) - dot(row, row), 1e-12)));
    lower.push(row);
  });
  const solution: number[] = [];
  lower.forEach((row, i) => solution.push(((right[i] ?? 0) - dot(row, solution)) / (row[i] ?? 1)));
  for (let i = lower.length - 1; i >= 0; i--) {
    const known = lower
      .slice(i + 1)
      .reduce((sum, row, k) => sum + (row[i] ?? 0) * (solution[i + 1 + k] ?? 0), 0);
    solution[i] = ((solution[i] ?? 0) - known) / (lower[i]?.[i] ?? 1);
  }
  return solution;
}

/** Sum of products, as far as the shorter one reaches. */
function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < Math.min(a.length, b.length); i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** The best candidate of an example under fusion weights, and its probability before calibration. */
export interface BestCandidate {
  readonly candidate: LabelledCandidate;
  readonly score: number;
  readonly probability: number;
}

const UNSCALED: Calibration = Object.freeze({ slope: 1, intercept: 0 });

/** The best candidate; of equal ones the first. Undefined without candidates. */
export function pickBest(example: TuningExample, fusion: FusionWeights): BestCandidate | undefined {
  const scores = example.candidates.map(({ features }) => fusionScore(features, fusion));
  const probabilities = fusionConfidences(scores, { calibration: UNSCALED });
  let best = -1;
  scores.forEach((score, i) => {
    if (best < 0 || score > (scores[best] ?? -Infinity)) best = i;
  });
  const candidate = example.candidates[best];
  return candidate === undefined
    ? undefined
    : { candidate, score: scores[best] ?? NaN, probability: probabilities[best] ?? NaN };
}

/** Platt scaling of the best candidates' log odds, on picks whose weights were fitted without their articles. */
export function fitCalibration(
  picked: readonly { readonly best: BestCandidate | undefined; readonly weight: number }[],
): Calibration {
  const known = picked.flatMap(({ best, weight }) => (best === undefined ? [] : [{ best, weight }]));
  // Weights of 1 on average, beside which Platt's prior of one example of each kind is as light as it should be.
  const scale = known.length / known.reduce((sum, { weight }) => sum + weight, 0);
  return fitPlatt(
    known.map(({ best }) => ({ score: logit(best.probability), correct: best.candidate.exact === 1 })),
    known.map(({ weight }) => weight * scale),
  );
}

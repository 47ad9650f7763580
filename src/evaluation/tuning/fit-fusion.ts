import {
  FEATURES,
  fusionScore,
  logProbabilities,
  type Feature,
  type LinearModel,
} from '../../pipeline/index.js';
import type { LabelledCandidate, TuningExample } from './examples.js';
import { minimize, ridge, type Curve } from './newton.js';
import { standardizer } from './standardizer.js';

/** A multinomial logit: intercept and weights of the candidates' scores. */
export type FusionWeights = LinearModel<Feature>;

/** L2 penalty on the weights of standardised features, for a sample whose weights add up to 1. */
const RIDGE = 1e-4;

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
  const { row, model } = standardizer(
    FEATURES,
    examples.flatMap(({ candidates }) => candidates.map(({ features }) => features)),
  );
  const rows = examples.map(({ candidates }) => candidates.map(({ features }) => row(features)));
  // Most candidates are wrong.
  const start = [-4, ...FEATURES.map(() => 0)];
  return model(minimize(start, (parameters) => objective(examples, rows, weights, parameters)));
}

function objective(
  examples: readonly TuningExample[],
  rows: readonly (readonly (readonly number[])[])[],
  weights: readonly number[],
  parameters: readonly number[],
): Curve {
  const size = parameters.length;
  const { gradient, hessian, ...penalty } = ridge(parameters, RIDGE);
  let { loss } = penalty;
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

/** The best candidate of an example under fusion weights. */
export interface BestCandidate {
  readonly candidate: LabelledCandidate;
  readonly score: number;
  /** ln of its probability before calibration. */
  readonly logProbability: number;
}

/** The best candidate; of equal ones the first. Undefined without candidates. */
export function pickBest(example: TuningExample, fusion: FusionWeights): BestCandidate | undefined {
  const scores = example.candidates.map(({ features }) => fusionScore(features, fusion));
  const best = scores.indexOf(Math.max(...scores));
  const candidate = example.candidates[best];
  return candidate === undefined
    ? undefined
    : { candidate, score: scores[best] ?? NaN, logProbability: logProbabilities(scores)[best] ?? NaN };
}

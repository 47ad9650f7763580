import { logistic } from '../../core/logistic.js';
import type { LinearModel } from '../../pipeline/index.js';
import { minimize, ridge } from './newton.js';
import { standardizer } from './standardizer.js';

export interface LogisticExample<Name extends string> {
  readonly inputs: Readonly<Record<Name, number>>;
  readonly isPositive: boolean;
  /** 0 or more; only the ratios count. */
  readonly weight: number;
}

/** L2 penalty on the weights of standardised inputs, for a sample whose weights add up to 1. */
const RIDGE = 1e-5;

/** Logistic regression by maximum likelihood: P(positive) = 1 / (1 + exp(−(intercept + Σ weight · input))). */
export function fitLogistic<Name extends string>(
  names: readonly Name[],
  examples: readonly LogisticExample<Name>[],
): LinearModel<Name> {
  const total = examples.reduce((sum, { weight }) => sum + weight, 0);
  const { row, model } = standardizer(
    names,
    examples.map(({ inputs }) => inputs),
  );
  const rows = examples.map(({ inputs, isPositive, weight }) => ({
    x: row(inputs),
    target: isPositive ? 1 : 0,
    weight: weight / total,
  }));
  const start = new Array<number>(names.length + 1).fill(0);
  const fitted = minimize(start, (parameters) => {
    const { gradient, hessian, ...penalty } = ridge(parameters, RIDGE);
    let { loss } = penalty;
    for (const { x, target, weight } of rows) {
      const score = x.reduce((sum, value, i) => sum + value * (parameters[i] ?? 0), 0);
      const p = logistic(score);
      // −ln p or −ln(1 − p), without overflow.
      loss += weight * (Math.max(0, score) - target * score + Math.log1p(Math.exp(-Math.abs(score))));
      x.forEach((value, i) => {
        gradient[i] = (gradient[i] ?? 0) + weight * (p - target) * value;
        const line = hessian[i] as number[];
        x.forEach((other, j) => {
          line[j] = (line[j] ?? 0) + weight * p * (1 - p) * value * other;
        });
      });
    }
    return { loss, gradient, hessian };
  });
  return model(fitted);
}

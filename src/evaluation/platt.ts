import { logistic } from '../core/logistic.js';

/** confidence = 1 / (1 + exp(−(slope · score + intercept))). */
export interface PlattScaling {
  readonly slope: number;
  readonly intercept: number;
}

/**
 * Fits Platt scaling by maximum likelihood (Newton's method), with the smoothed targets of Platt (1999): a right answer
 * counts as (n₊ + 1) / (n₊ + 2), a wrong one as 1 / (n₋ + 2), so that separable data give finite parameters.
 *
 * @param examples - raw score and whether the answer was correct; needs both kinds.
 * @param weights - weight of each example. All 1 if left out.
 */
export function fitPlatt(
  examples: readonly { readonly score: number; readonly correct: boolean }[],
  weights?: readonly number[],
): PlattScaling {
  const positives = examples.filter((example) => example.correct).length;
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (examples.length - positives + 2);
  let slope = 0;
  let intercept = 0;
  for (let iteration = 0; iteration < 100; iteration++) {
    // Gradient and Hessian of the negative log-likelihood; the ridge keeps the Hessian invertible.
    let gradientSlope = 0;
    let gradientIntercept = 0;
    let h11 = 1e-12;
    let h12 = 0;
    let h22 = 1e-12;
    examples.forEach(({ score, correct }, i) => {
      const weight = weights?.[i] ?? 1;
      const p = logistic(slope * score + intercept);
      const error = weight * (p - (correct ? high : low));
      const curvature = weight * p * (1 - p);
      gradientSlope += error * score;
      gradientIntercept += error;
      h11 += curvature * score * score;
      h12 += curvature * score;
      h22 += curvature;
    });
    const determinant = h11 * h22 - h12 * h12;
    const stepSlope = (h22 * gradientSlope - h12 * gradientIntercept) / determinant;
    const stepIntercept = (h11 * gradientIntercept - h12 * gradientSlope) / determinant;
    slope -= stepSlope;
    intercept -= stepIntercept;
    if (Math.abs(stepSlope) + Math.abs(stepIntercept) < 1e-12) break;
  }
  return { slope, intercept };
}

import { calibrationInputs, type BetaCalibration } from '../../pipeline/index.js';
import { fitPlatt } from '../platt.js';
import type { PickedCandidate } from './fit-answerability.js';
import { fitLogistic } from './fit-logistic.js';

/**
 * Beta calibration of the best candidates' probabilities, on picks whose weights were fitted without their articles. Where a slope comes
 * out negative, which would turn the order round, Platt scaling of the log odds, which has one slope for both.
 */
export function fitCalibration(picked: readonly PickedCandidate[]): BetaCalibration {
  const known = picked.flatMap(({ best, weight }) => {
    if (best === undefined) return [];
    const { logP, logComplement } = calibrationInputs(best.logProbability);
    return [{ inputs: { logP, logComplement }, isPositive: best.candidate.exact === 1, weight }];
  });
  const { intercept, weights } = fitLogistic(['logP', 'logComplement'], known);
  if (weights.logP >= 0 && weights.logComplement <= 0)
    return { slope: weights.logP, complementSlope: 0 - weights.logComplement, intercept };
  // Weights of 1 on average, beside which Platt's prior of one example of each kind is as light as it should be.
  const scale = known.length / known.reduce((sum, { weight }) => sum + weight, 0);
  const platt = fitPlatt(
    known.map(({ inputs, isPositive }) => ({
      score: inputs.logP - inputs.logComplement,
      correct: isPositive,
    })),
    known.map(({ weight }) => weight * scale),
  );
  const slope = Math.max(0, platt.slope);
  return { slope, complementSlope: slope, intercept: platt.intercept };
}

import { logistic } from '../core/logistic.js';
import {
  ANSWERABILITY_INPUTS,
  FEATURES,
  type AnswerabilityInput,
  type CandidateFeatures,
} from './candidate-features.js';
import type { BetaCalibration, FusionProfile, LinearModel } from './profile.js';

/** intercept + Σ weight · feature. */
export function fusionScore(
  features: CandidateFeatures,
  profile: Pick<FusionProfile, 'intercept' | 'weights'>,
): number {
  return linear(FEATURES, features, profile);
}

/** ln P of each candidate of a question: P = exp(score) / (1 + Σ exp(scores)), where 1 stands for "none of them". */
export function logProbabilities(scores: readonly number[]): number[] {
  const highest = Math.max(0, ...scores);
  const total = scores.reduce((sum, score) => sum + Math.exp(score - highest), Math.exp(-highest));
  return scores.map((score) => score - highest - Math.log(total));
}

/** A candidate's probability, calibrated. */
export function confidenceOf(
  logProbability: number,
  { slope, complementSlope, intercept }: BetaCalibration,
): number {
  const { logP, logComplement } = calibrationInputs(logProbability);
  return logistic(slope * logP - complementSlope * logComplement + intercept);
}

/** ln P and ln(1 − P), kept finite: P is taken to lie within 1e-12 of 0 and 1. */
export function calibrationInputs(logProbability: number): { logP: number; logComplement: number } {
  const p = Math.min(1 - 1e-12, Math.max(1e-12, Math.exp(logProbability)));
  return { logP: Math.log(p), logComplement: Math.log1p(-p) };
}

/** 1 / (1 + exp(−(intercept + Σ weight · feature))). */
export function answerabilityOf(
  features: Readonly<Record<AnswerabilityInput, number>>,
  model: LinearModel<AnswerabilityInput>,
): number {
  return logistic(linear(ANSWERABILITY_INPUTS, features, model));
}

function linear<Name extends string>(
  names: readonly Name[],
  values: Readonly<Record<Name, number>>,
  { intercept, weights }: LinearModel<Name>,
): number {
  return names.reduce((sum, name) => sum + weights[name] * values[name], intercept);
}

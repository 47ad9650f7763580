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

/** What the candidates of a question share: ln P of each, and of "none of them". */
export interface LogProbabilities {
  readonly candidates: readonly number[];
  readonly none: number;
}

/** ln P of each candidate, P = exp(score) / (1 + Σ exp(scores)), and of "none of them", 1 / (1 + Σ exp(scores)). */
export function logProbabilities(scores: readonly number[]): LogProbabilities {
  const highest = Math.max(0, ...scores);
  const total = scores.reduce((sum, score) => sum + Math.exp(score - highest), Math.exp(-highest));
  const logTotal = highest + Math.log(total);
  return { candidates: scores.map((score) => score - logTotal), none: 0 - logTotal };
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

/** What answerability is weighed from, for each candidate in their order. */
export function answerabilityInputs(
  features: readonly CandidateFeatures[],
  { candidates, none }: LogProbabilities,
): Readonly<Record<AnswerabilityInput, number>>[] {
  return features.map((own, i) => ({ ...own, logProbability: candidates[i] ?? NaN, logNone: none }));
}

/** 1 / (1 + exp(−(intercept + Σ weight · input))). */
export function answerabilityOf(
  inputs: Readonly<Record<AnswerabilityInput, number>>,
  model: LinearModel<AnswerabilityInput>,
): number {
  return logistic(linear(ANSWERABILITY_INPUTS, inputs, model));
}

function linear<Name extends string>(
  names: readonly Name[],
  values: Readonly<Record<Name, number>>,
  { intercept, weights }: LinearModel<Name>,
): number {
  return names.reduce((sum, name) => sum + weights[name] * values[name], intercept);
}

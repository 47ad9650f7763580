import { received, requireNumber, VerbatimError } from '../core/errors.js';
import { logistic, logit } from '../core/logistic.js';
import type { RetrievedPassage } from '../core/passage.js';
import type { PassageReading } from '../reader/index.js';
import { describeAnswers, FEATURES, type CandidateFeatures } from './candidate-features.js';
import { comparePlaces, groupAnswers, type AnswerGroup } from './candidates.js';
import { cite } from './cite.js';
import type { AggregationProfile, FusionProfile, NullScoreProfile } from './profile.js';
import type { AnswerResult, Candidate, FeatureContribution, PassageDecision } from './types.js';

export interface AggregateOptions {
  /** The question, which a fusion profile's features need. */
  readonly question?: string;
  /** How many other answers to return at most. @defaultValue 3 */
  readonly alternatives?: number;
  /** Adds every passage's numbers, and every candidate's where a profile weighs them. @defaultValue false */
  readonly explain?: boolean;
}

export const DEFAULT_ALTERNATIVES = 3;

/** Answers whose confidences are no further apart than this are close. */
const CLOSE_CONFIDENCE = 0.15;

/** A distinct answer and what was made of it. */
interface Judged {
  readonly group: AnswerGroup;
  /** What candidates are ranked by. */
  readonly rankScore: number;
  readonly confidence: number;
  readonly features?: CandidateFeatures;
}

/**
 * Decides on an answer. Every passage whose null score beats its best span by more than the profile's threshold is dropped;
 * equal answers (official SQuAD normalisation) of the others become one candidate with several citations; the best is
 * returned, or "no answer". The plain null-score rule ranks by margin and answers as soon as a passage is kept; a
 * fusion profile ranks by its score and withholds an answer below its least confidence. Pure and deterministic: equal
 * candidates are ordered by document id, then position.
 *
 * @throws VerbatimError `invalid-option` if a fusion profile is given without the question.
 */
export function aggregate(
  readings: readonly PassageReading<RetrievedPassage>[],
  profile: AggregationProfile,
  options: AggregateOptions = {},
): AnswerResult {
  const decisions = readings.map((reading) => decide(reading, profile.threshold));
  const kept = readings.filter((_, i) => decisions[i]?.kept === true);
  const summary = {
    aggregation: profile.aggregation,
    threshold: profile.threshold,
    ...(profile.aggregation === 'fusion' ? { minConfidence: profile.minConfidence } : {}),
    passagesRead: readings.length,
    passagesDropped: readings.length - kept.length,
    ...(options.explain === true ? { explanation: decisions } : {}),
  };
  const present = (judged: Judged): Candidate => candidateOf(judged, profile, options.explain === true);

  const judged = judge(kept, readings, profile, options.question);
  const supported = judged.filter((candidate) => isSupported(candidate, profile));
  const [best] = supported;
  if (best === undefined) {
    // Without a kept passage the best of the dropped ones is shown.
    const [rejected] = judged.length > 0 ? judged : judge(readings, readings, profile, options.question);
    const reason = readings.length === 0 ? 'no-passages' : 'no-support';
    return {
      kind: 'no-answer',
      reason,
      bestRejected: rejected === undefined ? null : present(rejected),
      ...summary,
    };
  }
  const others = profile.aggregation === 'fusion' ? judged.slice(1) : supported.slice(1);
  return {
    kind: 'answer',
    ...present(best),
    conflicting: supported.slice(1).some((other) => contradicts(best, other)),
    alternatives: others.slice(0, options.alternatives ?? DEFAULT_ALTERNATIVES).map(present),
    ...summary,
  };
}

function decide(reading: PassageReading<RetrievedPassage>, threshold: number): PassageDecision {
  const [best] = reading.spans;
  const score = best?.score ?? -Infinity;
  return {
    rank: reading.passage.rank,
    retrievalScore: reading.passage.score,
    passage: reading.passage,
    bestSpan: best?.text ?? '',
    score,
    nullScore: reading.nullScore,
    margin: reading.margin,
    kept: best !== undefined && reading.nullScore - score <= threshold,
  };
}

/** The candidates of the kept readings, best first. Passages that were dropped still count as found. */
function judge(
  kept: readonly PassageReading<RetrievedPassage>[],
  all: readonly PassageReading<RetrievedPassage>[],
  profile: AggregationProfile,
  question: string | undefined,
): Judged[] {
  const groups = groupAnswers(kept);
  if (profile.aggregation === 'null-score') {
    const { slope, intercept } = profile.calibration;
    return groups.map((group) => {
      const { margin } = group.places[0];
      return { group, rankScore: margin, confidence: logistic(slope * margin + intercept) };
    });
  }
  if (question === undefined) {
    throw new VerbatimError('invalid-option', 'Expected the question beside a fusion profile, got none.');
  }
  const passages = all.map(({ passage }) => passage);
  const described = describeAnswers(question, groups, passages);
  const scores = described.map(({ features }) => fusionScore(features, profile));
  const confidences = fusionConfidences(scores, profile);
  return described
    .map((answer, i) => ({ ...answer, rankScore: scores[i] ?? NaN, confidence: confidences[i] ?? NaN }))
    .sort((a, b) => b.rankScore - a.rankScore || comparePlaces(a.group.places[0], b.group.places[0]));
}

/** intercept + Σ weight · feature. */
export function fusionScore(
  features: CandidateFeatures,
  { intercept, weights }: Pick<FusionProfile, 'intercept' | 'weights'>,
): number {
  return FEATURES.reduce((sum, feature) => sum + weights[feature] * features[feature], intercept);
}

/** P = exp(score) / (1 + Σ exp(scores)) of each candidate of a question, calibrated. */
export function fusionConfidences(
  scores: readonly number[],
  { calibration }: Pick<FusionProfile, 'calibration'>,
): number[] {
  const highest = Math.max(0, ...scores);
  const total = scores.reduce((sum, score) => sum + Math.exp(score - highest), Math.exp(-highest));
  return scores.map((score) =>
    logistic(calibration.slope * logit(Math.exp(score - highest) / total) + calibration.intercept),
  );
}

/** Whether a candidate scores so much that no further passage is going to change the answer. */
export function isEnough(
  question: string,
  readings: readonly PassageReading<RetrievedPassage>[],
  profile: FusionProfile,
): boolean {
  const [best] = judge(readings, readings, profile, question);
  return best !== undefined && best.rankScore >= (profile.enoughScore ?? Infinity);
}

function isSupported({ group, confidence }: Judged, profile: AggregationProfile): boolean {
  return profile.aggregation === 'fusion'
    ? confidence >= profile.minConfidence
    : -group.places[0].margin <= profile.threshold;
}

/** Two supported answers contradict each other if their confidences are close and neither holds the other. */
function contradicts(best: Judged, other: Judged): boolean {
  const [one, two] = [` ${best.group.key} `, ` ${other.group.key} `];
  return best.confidence - other.confidence <= CLOSE_CONFIDENCE && !one.includes(two) && !two.includes(one);
}

function candidateOf(
  { group, confidence, rankScore, features }: Judged,
  profile: AggregationProfile,
  explain: boolean,
): Candidate {
  const [first] = group.places;
  return {
    answer: first.span.text,
    confidence,
    score: first.span.score,
    nullScore: first.nullScore,
    margin: first.margin,
    citations: group.places.map(({ passage, span }) => cite(passage, span)),
    ...(explain && features !== undefined && profile.aggregation === 'fusion'
      ? { fusionScore: rankScore, features: contributions(features, profile) }
      : {}),
  };
}

function contributions(features: CandidateFeatures, { weights }: FusionProfile): FeatureContribution[] {
  return FEATURES.map((feature) => ({
    feature,
    value: features[feature],
    weight: weights[feature],
    contribution: weights[feature] * features[feature],
  }));
}

/** Limits that a caller sets for one question. */
export interface Limits {
  readonly threshold?: number | undefined;
  readonly minConfidence?: number | undefined;
}

/**
 * The profile that a question is decided by: a threshold asks for the plain rule with that threshold, a least confidence for
 * the fusion profile with that limit.
 *
 * @param plain - the plain rule of the reader.
 * @throws VerbatimError `invalid-option` for both limits, for a least confidence without a fusion profile, or out of range.
 */
export function withLimits(
  profile: AggregationProfile,
  plain: NullScoreProfile,
  { threshold, minConfidence }: Limits,
): AggregationProfile {
  if (threshold !== undefined && minConfidence !== undefined) {
    throw new VerbatimError(
      'invalid-option',
      `Expected one of threshold and minConfidence, which belong to different rules; got ${received(threshold)} and ${received(minConfidence)}.`,
    );
  }
  if (threshold !== undefined) {
    const rule = profile.aggregation === 'null-score' ? profile : plain;
    return { ...rule, threshold: requireNumber('threshold', threshold) };
  }
  if (minConfidence === undefined) return profile;
  if (profile.aggregation === 'null-score') {
    throw new VerbatimError(
      'invalid-option',
      `Expected minConfidence only with a fusion profile; the null-score rule decides by its threshold; got ${received(minConfidence)}.`,
    );
  }
  return { ...profile, minConfidence: requireNumber('minConfidence', minConfidence, 0, 1) };
}

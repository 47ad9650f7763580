import { received, requireNumber, VerbatimError } from '../core/errors.js';
import { logistic } from '../core/logistic.js';
import type { RetrievedPassage } from '../core/passage.js';
import type { PassageReading } from '../reader/types.js';
import {
  ANSWERABILITY_INPUTS,
  describeAnswers,
  FEATURES,
  type CandidateFeatures,
  type Feature,
} from './candidate-features.js';
import { comparePlaces, groupAnswers, type AnswerGroup } from './candidates.js';
import { cite } from './cite.js';
import { answerabilityOf, confidenceOf, fusionScore, logProbabilities } from './fusion.js';
import type { AggregationProfile, LinearModel, NullScoreProfile } from './profile.js';
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
  /** What a fusion profile weighs. */
  readonly fusion?: Weighed;
}

interface Weighed {
  readonly features: CandidateFeatures;
  readonly answerability: number;
}

/**
 * Decides on an answer. Every passage whose null score beats its best span by more than the profile's threshold is dropped;
 * equal answers (official SQuAD normalisation) of the others become one candidate with several citations; the best is
 * returned, or "no answer". The plain null-score rule ranks by margin and answers as soon as a passage is kept; a
 * fusion profile ranks by its score and withholds the best answer below its least confidence or answerability. Pure and
 * deterministic: equal candidates are ordered by document id, then position.
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
    ...(profile.aggregation === 'fusion'
      ? { minConfidence: profile.minConfidence, minAnswerability: profile.minAnswerability }
      : {}),
    passagesRead: readings.length,
    passagesDropped: readings.length - kept.length,
    ...(options.explain === true ? { explanation: decisions, profile: numbersOf(profile) } : {}),
  };
  const present = (judged: Judged): Candidate => candidateOf(judged, profile, options.explain === true);

  const judged = judge(kept, readings, profile, options.question);
  const supported = judged.filter((candidate) => isSupported(candidate, profile));
  const [best] = judged;
  if (best === undefined || best !== supported[0]) {
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
    spans: reading.spans,
    windowCount: reading.windowCount,
    ...(reading.tokens === undefined ? {} : { tokens: reading.tokens }),
  };
}

/** A profile without what a stored one says of its origin. */
function numbersOf(profile: AggregationProfile): AggregationProfile {
  const { threshold } = profile;
  if (profile.aggregation === 'null-score') {
    const { aggregation, calibration } = profile;
    return { aggregation, threshold, calibration };
  }
  const { aggregation, intercept, weights, answerability, calibration, enoughScores } = profile;
  const { minConfidence, minAnswerability } = profile;
  return {
    aggregation,
    threshold,
    intercept,
    weights,
    answerability,
    calibration,
    minConfidence,
    minAnswerability,
    ...(enoughScores === undefined ? {} : { enoughScores }),
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
  const probabilities = logProbabilities(scores);
  return described
    .map(({ group, features }, i) => {
      const [rankScore = NaN, logProbability = NaN] = [scores[i], probabilities[i]];
      const answerability = answerabilityOf(features, profile.answerability);
      const confidence = confidenceOf(logProbability, profile.calibration);
      return { group, rankScore, confidence, fusion: { features, answerability } };
    })
    .sort((a, b) => b.rankScore - a.rankScore || comparePlaces(a.group.places[0], b.group.places[0]));
}

function isSupported({ group, confidence, fusion }: Judged, profile: AggregationProfile): boolean {
  return profile.aggregation === 'fusion'
    ? confidence >= profile.minConfidence && (fusion?.answerability ?? 0) >= profile.minAnswerability
    : -group.places[0].margin <= profile.threshold;
}

/** Two supported answers contradict each other if their confidences are close and neither holds the other. */
function contradicts(best: Judged, other: Judged): boolean {
  const [one, two] = [` ${best.group.key} `, ` ${other.group.key} `];
  return best.confidence - other.confidence <= CLOSE_CONFIDENCE && !one.includes(two) && !two.includes(one);
}

function candidateOf(
  { group, confidence, rankScore, fusion }: Judged,
  profile: AggregationProfile,
  explain: boolean,
): Candidate {
  const [first] = group.places;
  const numbers = {
    answer: first.span.text,
    confidence,
    score: first.span.score,
    nullScore: first.nullScore,
    margin: first.margin,
    citations: group.places.map(({ passage, span }) => cite(passage, span)),
  };
  if (fusion === undefined || profile.aggregation !== 'fusion') return numbers;
  const { features, answerability } = fusion;
  if (!explain) return { ...numbers, answerability };
  return {
    ...numbers,
    fusionScore: rankScore,
    features: contributions(FEATURES, features, profile),
    answerability,
    answerabilityFeatures: contributions(ANSWERABILITY_INPUTS, features, profile.answerability),
  };
}

function contributions<Name extends Feature>(
  names: readonly Name[],
  values: Readonly<Record<Name, number>>,
  { weights }: LinearModel<Name>,
): FeatureContribution[] {
  return names.map((feature) => ({
    feature,
    value: values[feature],
    weight: weights[feature],
    contribution: weights[feature] * values[feature],
  }));
}

/** Limits that a caller sets for one question. */
export interface Limits {
  readonly threshold?: number | undefined;
  readonly minConfidence?: number | undefined;
}

/**
 * The profile that a question is decided by: a threshold asks for the plain rule with that threshold, a least confidence for
 * the fusion profile with that limit alone. What is enough to stop reading was found with the profile's own limits and says
 * nothing of others.
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
  return {
    ...profile,
    minConfidence: requireNumber('minConfidence', minConfidence, 0, 1),
    minAnswerability: 0,
    enoughScores: undefined,
  };
}

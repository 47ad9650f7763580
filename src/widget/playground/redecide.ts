import type { RetrievedPassage } from '../../core/passage.js';
import { aggregate, withLimits } from '../../pipeline/aggregate.js';
import { groupAnswers } from '../../pipeline/candidates.js';
import type { AggregationProfile, NullScoreProfile } from '../../pipeline/profile.js';
import type { AnswerResult, Candidate } from '../../pipeline/types.js';
import type { PassageReading } from '../../reader/types.js';
import type { ExplainedResult } from './wire.js';

/** A decision on what has been read, with its steps. */
export interface Decision {
  readonly result: AnswerResult;
  readonly profile: AggregationProfile;
  readonly readings: readonly PassageReading<RetrievedPassage>[];
  /** How many spans the passages that were kept offer, and how many different answers these are. */
  readonly spans: number;
  readonly distinct: number;
  /** Every answer of the passages that were kept, best first, whether it passes the limit or not. */
  readonly ranking: readonly Candidate[];
}

/** The readings behind a result. JSON has no infinity: null stands for that of a passage without a word. */
export function readingsOf({
  explanation,
}: Pick<ExplainedResult, 'explanation'>): PassageReading<RetrievedPassage>[] {
  return explanation.map(({ passage, spans, nullScore, margin, windowCount, tokens }) => ({
    passage,
    spans,
    nullScore: (nullScore as number | null) ?? Infinity,
    margin: (margin as number | null) ?? -Infinity,
    windowCount,
    ...(tokens === undefined ? {} : { tokens }),
  }));
}

/** The limit that may be moved: the plain rule's threshold, or a fusion profile's least confidence. */
export function limitOf(profile: AggregationProfile): number {
  return profile.aggregation === 'null-score' ? profile.threshold : profile.minConfidence;
}

/** The profile with another limit, as the server would take it: with a least confidence, that alone decides. */
export function withLimit(profile: AggregationProfile, limit: number): AggregationProfile {
  // A threshold is only ever given to a profile that is the plain rule itself.
  const plain = profile as NullScoreProfile;
  return profile.aggregation === 'null-score'
    ? withLimits(profile, plain, { threshold: limit })
    : withLimits(profile, plain, { minConfidence: limit });
}

/** Decides on readings by the library's own rule. */
export function decide(
  question: string,
  readings: readonly PassageReading<RetrievedPassage>[],
  profile: AggregationProfile,
): Decision {
  const options = { question, explain: true };
  const result = aggregate(readings, profile, options);
  const kept = readings.filter((_, i) => result.explanation?.[i]?.kept === true);
  return {
    result,
    profile,
    readings,
    spans: kept.reduce((sum, { spans }) => sum + spans.length, 0),
    distinct: groupAnswers(kept).length,
    ranking: rankingOf(aggregate(readings, withoutLimits(profile), { ...options, alternatives: Infinity })),
  };
}

/** What is ranked before the limits of a fusion profile are asked. The plain rule has none but the one that drops passages. */
function withoutLimits(profile: AggregationProfile): AggregationProfile {
  return profile.aggregation === 'fusion' ? { ...profile, minConfidence: 0, minAnswerability: 0 } : profile;
}

function rankingOf(result: AnswerResult): readonly Candidate[] {
  return result.kind === 'answer' ? [result, ...result.alternatives] : [];
}

import { normalizeAnswer } from '../core/normalize-answer.js';
import { comparePosition, type RetrievedPassage } from '../core/passage.js';
import type { PassageReading, ScoredSpan } from '../reader/index.js';
import { cite } from './cite.js';
import type { AnswerResult, Candidate, PassageDecision } from './types.js';

/** How readings become a decision. */
export interface AggregationProfile {
  /** A passage is dropped iff nullScore − best span score is greater. */
  readonly threshold: number;
  /** Platt scaling of the margin: confidence = 1 / (1 + exp(−(slope · margin + intercept))). */
  readonly calibration: { readonly slope: number; readonly intercept: number };
}

export interface AggregateOptions {
  /** How many other answers to return at most. @defaultValue 3 */
  readonly alternatives?: number;
  /** Adds every passage's numbers. @defaultValue false */
  readonly explain?: boolean;
}

export const DEFAULT_ALTERNATIVES = 3;

/** A span in its passage, before equal answers are merged. */
interface Found {
  readonly passage: RetrievedPassage;
  readonly span: ScoredSpan;
  readonly nullScore: number;
}

/**
 * Decides on an answer: drops every passage whose null score beats its best span by more than the threshold, ranks the
 * spans of the rest by their margin, merges equal answers (official SQuAD normalisation), and returns the best with its
 * citations. Pure and deterministic: equal margins are ordered by document id, then position.
 */
export function aggregate(
  readings: readonly PassageReading<RetrievedPassage>[],
  profile: AggregationProfile,
  options: AggregateOptions = {},
): AnswerResult {
  const decisions = readings.map((reading) => decide(reading, profile.threshold));
  const keptReadings = readings.filter((_, i) => decisions[i]?.kept === true);
  const summary = {
    threshold: profile.threshold,
    passagesRead: readings.length,
    passagesDropped: readings.length - keptReadings.length,
    ...(options.explain === true ? { explanation: decisions } : {}),
  };

  const supported = spansOf(keptReadings).filter((item) => -marginOf(item) <= profile.threshold);
  const [best, ...others] = mergeEqualAnswers(supported, profile);
  if (best === undefined) {
    const [bestRejected] = mergeEqualAnswers(spansOf(readings), profile);
    const reason = readings.length === 0 ? 'no-passages' : 'no-support';
    return { kind: 'no-answer', reason, bestRejected: bestRejected ?? null, ...summary };
  }
  const alternatives = others.slice(0, options.alternatives ?? DEFAULT_ALTERNATIVES);
  return { kind: 'answer', ...best, alternatives, ...summary };
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

/** Every span of the readings, best first. */
function spansOf(readings: readonly PassageReading<RetrievedPassage>[]): Found[] {
  return readings
    .flatMap(({ passage, spans, nullScore }) => spans.map((span) => ({ passage, span, nullScore })))
    .sort((a, b) => marginOf(b) - marginOf(a) || comparePosition(placeOf(a), placeOf(b)));
}

function marginOf({ span, nullScore }: Found): number {
  return span.score - nullScore;
}

function placeOf({ passage, span }: Found): { documentId: string; start: number; end: number } {
  return { documentId: passage.documentId, start: passage.start + span.start, end: passage.start + span.end };
}

/** One candidate for each distinct answer, in the order of their best places; overlapping passages give one citation. */
function mergeEqualAnswers(found: readonly Found[], { calibration }: AggregationProfile): Candidate[] {
  const groups = new Map<string, Found[]>();
  for (const item of found) {
    // An answer of articles and punctuation alone normalises to nothing; then the text itself counts.
    const key = normalizeAnswer(item.span.text) || item.span.text;
    const group = groups.get(key) ?? [];
    if (!group.some((other) => comparePosition(placeOf(other), placeOf(item)) === 0)) group.push(item);
    groups.set(key, group);
  }
  return Array.from(groups.values(), (group) => {
    const [first] = group as [Found, ...Found[]];
    const margin = marginOf(first);
    return {
      answer: first.span.text,
      confidence: 1 / (1 + Math.exp(-(calibration.slope * margin + calibration.intercept))),
      score: first.span.score,
      nullScore: first.nullScore,
      margin,
      citations: group.map(({ passage, span }) => cite(passage, span)),
    };
  });
}

import { normalizeAnswer } from '../core/normalize-answer.js';
import { comparePosition, type RetrievedPassage } from '../core/passage.js';
import type { PassageReading, ScoredSpan } from '../reader/types.js';

/** A span in its passage. */
export interface Place {
  readonly passage: RetrievedPassage;
  readonly span: ScoredSpan;
  readonly nullScore: number;
  /** Span score − null score of its passage. */
  readonly margin: number;
}

/** One distinct answer with every place that gives it, the largest margin first. */
export interface AnswerGroup {
  /** The answer, officially normalised: equal for equal answers. */
  readonly key: string;
  readonly places: readonly [Place, ...Place[]];
}

/**
 * Merges equal answers (official SQuAD normalisation) of all readings; overlapping passages count a place once. Groups
 * stand in the order of their best places: by margin, then by document id and position.
 */
export function groupAnswers(readings: readonly PassageReading<RetrievedPassage>[]): AnswerGroup[] {
  const groups = new Map<string, [Place, ...Place[]]>();
  for (const place of placesOf(readings)) {
    // An answer of articles and punctuation alone normalises to nothing; then the text itself counts.
    const key = normalizeAnswer(place.span.text) || place.span.text;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [place]);
    else if (!group.some((other) => comparePlaces(other, place) === 0)) group.push(place);
  }
  return Array.from(groups, ([key, places]) => ({ key, places }));
}

/** Every span of the readings, best first. */
function placesOf(readings: readonly PassageReading<RetrievedPassage>[]): Place[] {
  return readings
    .flatMap(({ passage, spans, nullScore }) =>
      spans.map((span) => ({ passage, span, nullScore, margin: span.score - nullScore })),
    )
    .sort((a, b) => b.margin - a.margin || comparePlaces(a, b));
}

/** By document id, then by position. */
export function comparePlaces(a: Place, b: Place): number {
  return comparePosition(positionOf(a), positionOf(b));
}

function positionOf({ passage, span }: Place): { documentId: string; start: number; end: number } {
  return { documentId: passage.documentId, start: passage.start + span.start, end: passage.start + span.end };
}

import { wholePassage, type RetrievedPassage } from '../../src/core/passage.js';
import type { PassageReading, ScoredSpan } from '../../src/reader/index.js';

export interface ReadingOptions {
  /** Where the passage begins in its document. */
  readonly start?: number;
  readonly rank?: number;
  /** The retriever's score. */
  readonly retrievalScore?: number;
  readonly title?: string;
}

/** A reading with spans given as [words of the text, score]. */
export function readingOf(
  documentId: string,
  text: string,
  nullScore: number,
  spans: readonly (readonly [string, number])[],
  { start = 0, rank = 1, retrievalScore = 1, title = '' }: ReadingOptions = {},
): PassageReading<RetrievedPassage> {
  const passage = {
    ...wholePassage(documentId, text, { title }),
    start,
    end: start + text.length,
    score: retrievalScore,
    rank,
  };
  const scored = spans.map(([words, score]): ScoredSpan => {
    const at = text.indexOf(words);
    return { start: at, end: at + words.length, text: words, startLogit: score, endLogit: 0, score };
  });
  return {
    passage,
    spans: scored,
    nullScore,
    margin: (scored[0]?.score ?? -Infinity) - nullScore,
    windowCount: 1,
  };
}

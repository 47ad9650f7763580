import { wholePassage, type RetrievedPassage } from '../../src/core/passage.js';
import type { LabelledQuestion } from '../../src/ingest/index.js';
import { cite, type AnswerResult } from '../../src/pipeline/index.js';

export const PARAGRAPH = 'The bridge opened in 1932. Ralph Freeman designed it.';

/** A question about the paragraph; unanswerable without gold answers. */
export function labelled(id: string, ...gold: string[]): LabelledQuestion {
  const answers = gold.map((text) => {
    const start = PARAGRAPH.indexOf(text);
    return { text, start, end: start + text.length };
  });
  return { id, question: `Question ${id}?`, answers, title: 'Bridge', paragraph: 0 };
}

/** A passage that was retrieved at this rank. */
export function retrieved(documentId: string, text: string, rank: number): RetrievedPassage {
  return { ...wholePassage(documentId, text), score: 1 / rank, rank };
}

/** What a pipeline makes of passages if its best candidate is this text, in the first passage that holds it. */
export function resultOf(
  passages: readonly RetrievedPassage[],
  text: string,
  { given = true, confidence = 0.5, margin = 1 } = {},
): AnswerResult {
  const summary = {
    aggregation: 'null-score',
    threshold: 0,
    passagesRead: passages.length,
    passagesDropped: 0,
    explanation: passages.map((passage) => ({
      rank: passage.rank,
      retrievalScore: passage.score,
      passage,
      bestSpan: '',
      score: 0,
      nullScore: 0,
      margin: 0,
      spans: [],
      windowCount: 1,
      kept: given,
    })),
  } as const;
  const passage = passages.find((found) => found.text.includes(text));
  if (passage === undefined)
    return { kind: 'no-answer', reason: 'no-passages', bestRejected: null, ...summary };
  const start = passage.text.indexOf(text);
  const candidate = {
    answer: text,
    confidence,
    score: margin,
    nullScore: 0,
    margin,
    citations: [cite(passage, { start, end: start + text.length })],
  };
  return given
    ? { kind: 'answer', ...candidate, conflicting: false, alternatives: [], ...summary }
    : { kind: 'no-answer', reason: 'no-support', bestRejected: candidate, ...summary };
}

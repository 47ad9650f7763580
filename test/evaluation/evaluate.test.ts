import { describe, expect, it } from 'vitest';
import {
  evaluateQuestions,
  predictionsOf,
  scorePredictions,
  summarizePredictions,
  summarizeRun,
  type AskLabelled,
  type ParagraphPlace,
} from '../../src/evaluation/index.js';
import { judgeResult } from '../../src/evaluation/evaluated-question.js';
import type { RetrievedPassage } from '../../src/core/passage.js';
import type { AnswerResult } from '../../src/pipeline/index.js';
import { labelled, PARAGRAPH, resultOf, retrieved } from '../support/evaluated.js';

const OTHER = 'In 1932 a tunnel opened.';
const passages = [retrieved('tunnel', OTHER, 1), retrieved('bridge', PARAGRAPH, 2)];

const judge = (
  gold: string[],
  result: AnswerResult,
  place: ParagraphPlace | undefined = { documentId: 'bridge', start: 0 },
  found: readonly RetrievedPassage[] | undefined = passages,
) => judgeResult({ label: labelled('q', ...gold), paragraph: PARAGRAPH, result, retrieved: found, place });

describe('a judged question', () => {
  it('is correct if the best candidate is a gold answer, given or withheld', () => {
    const given = judge(['Ralph Freeman'], resultOf(passages, 'Ralph Freeman', { confidence: 0.8 }));
    expect(given).toMatchObject({
      predicted: 'Ralph Freeman',
      exact: 1,
      f1: 1,
      correct: true,
      confidence: 0.8,
    });
    const withheld = judge(
      ['Ralph Freeman'],
      resultOf(passages, 'Ralph Freeman', { given: false, confidence: 0.2, margin: -3 }),
    );
    expect(withheld).toMatchObject({ predicted: '', exact: 0, f1: 0, correct: true, confidence: 0.2 });
    expect(withheld.best).toMatchObject({ text: 'Ralph Freeman', scoreDifference: 3, exact: 1, f1: 1 });
  });

  it('is never correct if it is unanswerable, even where no answer was right', () => {
    const withheld = judge([], resultOf(passages, 'Ralph Freeman', { given: false, confidence: 0.1 }));
    expect(withheld).toMatchObject({ answerable: false, exact: 1, correct: false, confidence: 0.1 });
    const nothing = judge([], resultOf([], ''), undefined, []);
    expect(nothing).toMatchObject({ best: null, confidence: 0, exact: 1, correct: false });
  });

  it('knows where candidate and gold answers stand in the passage that was read', () => {
    const { best } = judge(['in 1932', '1932'], resultOf(passages.slice(1), '1932'));
    expect(best?.passage).toEqual({
      text: PARAGRAPH,
      span: { start: 21, end: 25 },
      gold: [
        { start: 18, end: 25 },
        { start: 21, end: 25 },
      ],
    });
    expect(judge(['1932'], resultOf(passages, '1932')).best?.passage).toMatchObject({
      text: OTHER,
      gold: [],
    });
  });

  it("ranks the passage that holds the answer's place, or its text where the place is unknown", () => {
    const result = resultOf(passages, '1932');
    expect(judge(['1932'], result).retrieval).toEqual({ relevantRank: 2, answerRead: true });
    const unknown = judgeResult({
      label: labelled('q', '1932'),
      paragraph: PARAGRAPH,
      result,
      retrieved: passages,
      place: undefined,
    });
    expect(unknown.retrieval?.relevantRank).toBe(1);
    const missed = judge(['1932'], result, { documentId: 'elsewhere', start: 0 });
    expect(missed.retrieval).toEqual({ relevantRank: null, answerRead: true });
  });
});

describe('a run', () => {
  const set = {
    paragraphs: [{ title: 'Bridge', text: PARAGRAPH }],
    questions: [labelled('a', '1932'), labelled('b', 'Ralph Freeman'), labelled('c')],
  };
  const own = [retrieved('Bridge#000000', PARAGRAPH, 1)];
  /** Answers a rightly and b wrongly, and withholds for c; later questions are answered sooner. */
  const ask: AskLabelled = async ({ id }) => {
    for (let turn = id.charCodeAt(0); turn < 100; turn++) await Promise.resolve();
    if (id === 'a') return resultOf(own, '1932', { confidence: 0.9 });
    if (id === 'b') return resultOf(own, 'Freeman', { confidence: 0.4 });
    return resultOf(own, 'bridge', { given: false, confidence: 0.1 });
  };

  it('keeps the order of the questions and reports progress', async () => {
    const progress: number[] = [];
    const judged = await evaluateQuestions(set, ask, { onProgress: (done) => progress.push(done) });
    expect(judged.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(progress).toEqual([1, 2, 3]);
    expect([...predictionsOf(judged)]).toEqual([
      ['a', '1932'],
      ['b', 'Freeman'],
      ['c', ''],
    ]);
  });

  it('has the official figures of its predictions', async () => {
    const { retrieval, selective, latency, questions, ...summary } = summarizeRun(
      await evaluateQuestions(set, ask),
    );
    expect(summary).toEqual({
      exact: 200 / 3,
      // "Freeman" for "Ralph Freeman": precision 1, recall 1/2.
      f1: (100 * (1 + 2 / 3 + 1)) / 3,
      total: 3,
      HasAns_exact: 50,
      HasAns_f1: (100 * (1 + 2 / 3)) / 2,
      HasAns_total: 2,
      NoAns_exact: 100,
      NoAns_f1: 100,
      NoAns_total: 1,
    });
    // By confidence: right at 0.9, wrong at 0.4, unanswerable at 0.1, which counts as wrong.
    expect(selective?.aurc).toBeCloseTo((0 + 1 / 2 + 2 / 3) / 3, 12);
    expect(selective?.coverageAtPrecision).toEqual({ '0.8': 1 / 3, '0.9': 1 / 3, '0.95': 1 / 3 });
    expect([retrieval, latency]).toEqual([undefined, undefined]);
    expect(questions[1]).toEqual({
      id: 'b',
      article: 'Bridge',
      answerable: true,
      exact: 0,
      f1: 2 / 3,
      confidence: 0.4,
      correct: false,
    });
  });

  it('measures retrieval on ten passages, whatever is read, over the answerable questions', async () => {
    const asked: unknown[] = [];
    const retriever = {
      retrieve: async (question: string, options?: unknown) => {
        asked.push(options);
        return question === 'Question a?'
          ? [retrieved('x', 'x', 1), retrieved('Bridge#000000', PARAGRAPH, 2)]
          : [];
      },
    };
    const { retrieval } = summarizeRun(await evaluateQuestions(set, ask, { retriever }));
    expect(asked).toEqual([{ topK: 10 }, { topK: 10 }, { topK: 10 }]);
    expect(retrieval).toEqual({
      recallAt: { '1': 0, '5': 1 / 2, '10': 1 / 2 },
      mrr: 1 / 4,
      ndcgAt: { '10': 1 / Math.log2(3) / 2 },
      answerRecall: 1,
    });
  });

  it('is defined without unanswerable questions and with nothing else', async () => {
    const answerable = summarizeRun(
      await evaluateQuestions({ ...set, questions: set.questions.slice(0, 2) }, ask),
    );
    expect(answerable.selective?.aurc).toBeCloseTo((0 + 1 / 2) / 2, 12);
    expect(answerable).not.toHaveProperty('NoAns_f1');
    const unanswerable = summarizeRun(
      await evaluateQuestions({ ...set, questions: set.questions.slice(2) }, ask),
    );
    expect(unanswerable.selective).toMatchObject({ aurc: 1, coverageAtPrecision: { '0.8': 0 } });
    expect(summarizeRun([])).toEqual({ exact: 0, f1: 0, total: 0, questions: [] });
  });

  it('has intervals as soon as there are two articles', async () => {
    const two = set.questions.map((question, i) => ({ ...question, title: `Article ${i}` }));
    const { intervals } = summarizeRun(await evaluateQuestions({ ...set, questions: two }, ask));
    expect(Object.keys(intervals ?? {}).sort()).toEqual([
      'HasAns_f1',
      'NoAns_f1',
      'aurc',
      'exact',
      'expectedCalibrationError',
      'f1',
    ]);
    expect(intervals?.NoAns_f1).toEqual({ low: 100, high: 100 });
  });

  it('ends when it is interrupted, with the questions done so far', async () => {
    const interrupt = new AbortController();
    const many = Array.from({ length: 100 }, (_, i) => labelled(String(i), '1932'));
    const judged = await evaluateQuestions({ ...set, questions: many }, ask, {
      onProgress: (done) => done === 20 && interrupt.abort(),
      signal: interrupt.signal,
    });
    expect(judged.length).toBeGreaterThanOrEqual(20);
    expect(judged.length).toBeLessThan(40);
  });

  it('scores a file of predictions without confidences', () => {
    const scored = scorePredictions(
      set,
      new Map([
        ['a', 'in 1932'],
        ['c', 'x'],
      ]),
    );
    const summary = summarizePredictions(scored);
    expect(summary).toMatchObject({ exact: 0, total: 2, HasAns_total: 1 });
    expect(summary).not.toHaveProperty('selective');
    expect(summary.questions[0]).toEqual({
      id: 'a',
      article: 'Bridge',
      answerable: true,
      exact: 0,
      f1: 2 / 3,
    });
  });
});

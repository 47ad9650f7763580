import { describe, expect, it } from 'vitest';
import {
  answerabilitySweep,
  confidenceSweep,
  thresholdSweep,
  type SweptQuestion,
} from '../../src/evaluation/index.js';

const swept = (
  gold: string | null,
  best: { scoreDifference: number; exact: number; f1: number } | null,
  confidence = 0,
): SweptQuestion => ({
  answerable: gold !== null,
  answers: gold === null ? [] : [{ text: gold, start: 0, end: gold.length }],
  best: best as SweptQuestion['best'],
  confidence,
  threshold: 1,
});

const QUESTIONS = [
  swept('two years', { scoreDifference: -3, exact: 1, f1: 1 }, 0.9),
  swept('two years', { scoreDifference: 1, exact: 0, f1: 0.5 }, 0.4),
  swept(null, { scoreDifference: -1, exact: 0, f1: 0 }, 0.6),
  swept('two years', null),
];

describe('a sweep over thresholds', () => {
  it('gives the candidates whose score difference is not greater, as a run with that threshold would', () => {
    const points = thresholdSweep(QUESTIONS, [-4, -3, -1, 0.9, 1]);
    expect(points.map(({ limit, metrics: { exact, f1 } }) => [limit, exact, f1])).toEqual([
      // Nothing is answered: right for the unanswerable question alone.
      [-4, 25, 25],
      [-3, 50, 50],
      // Now the unanswerable one is answered, too.
      [-1, 25, 25],
      [0.9, 25, 25],
      [1, 25, 37.5],
    ]);
    expect(points[4]?.metrics).toMatchObject({ HasAns_f1: 50, NoAns_f1: 0 });
  });
});

describe('a sweep over the least confidence', () => {
  it('gives the candidates that are sure enough, and none that the threshold had dropped', () => {
    const f1 = (questions: SweptQuestion[]): number[] =>
      confidenceSweep(questions, [0, 0.6, 0.61, 1]).map(({ metrics }) => metrics.f1);
    expect(f1(QUESTIONS)).toEqual([37.5, 25, 50, 25]);
    // With a threshold of 0 the second candidate, at 1, never comes back.
    expect(f1(QUESTIONS.map((question) => ({ ...question, threshold: 0 })))).toEqual([25, 25, 50, 25]);
  });
});

describe('a sweep over the least answerability', () => {
  it('gives the candidates that are answerable enough, however sure they are', () => {
    const questions = QUESTIONS.map((question, i) => ({
      ...question,
      answerability: [0.2, 0.7, 0.5, 0][i] ?? 0,
    }));
    expect(answerabilitySweep(questions, [0, 0.5, 0.6, 1]).map(({ metrics }) => metrics.f1)).toEqual([
      37.5, 12.5, 37.5, 25,
    ]);
    // Without an answerability nothing is given above 0.
    expect(answerabilitySweep(QUESTIONS, [0.1]).map(({ metrics }) => metrics.f1)).toEqual([25]);
  });
});

import { describe, expect, it } from 'vitest';
import { measureLatency } from '../../src/evaluation/index.js';
import type { LabelledQuestion } from '../../src/ingest/index.js';
import type { AnswerResult } from '../../src/pipeline/index.js';

const questions = (count: number): LabelledQuestion[] =>
  Array.from({ length: count }, (_, i) => ({
    id: String(i),
    question: '?',
    answers: [],
    title: '',
    paragraph: 0,
  }));
const NO_ANSWER = { kind: 'no-answer' } as AnswerResult;

describe('latency', () => {
  it('is measured one question at a time, on 50 questions evenly spaced at most', async () => {
    const asked: number[] = [];
    let busy = false;
    const latency = await measureLatency(questions(120), async ({ id }) => {
      expect(busy).toBe(false);
      busy = true;
      asked.push(Number(id));
      await Promise.resolve();
      busy = false;
      return NO_ANSWER;
    });
    expect(latency?.questions).toBe(50);
    expect(asked.slice(0, 6)).toEqual([0, 2, 4, 7, 9, 12]);
    expect(asked.at(-1)).toBe(117);
  });

  it('has percentiles in milliseconds', async () => {
    // A clock on which the questions take 1, 2, 3, 4 and 5 ms.
    const ticks = [0, 1, 10, 12, 20, 23, 30, 34, 40, 45].values();
    const now = (): number => ticks.next().value ?? NaN;
    // Position 0.95 · 4 = 3.8: 4 + 0.8.
    expect(await measureLatency(questions(5), async () => NO_ANSWER, { now })).toEqual({
      unit: 'ms',
      p50: 3,
      p95: 4.8,
      questions: 5,
    });
  });

  it('is unknown without questions, and after an interruption', async () => {
    expect(await measureLatency([], async () => NO_ANSWER)).toBeUndefined();
    const signal = AbortSignal.abort();
    expect(await measureLatency(questions(3), async () => NO_ANSWER, { signal })).toBeUndefined();
  });
});

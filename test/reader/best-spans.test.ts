import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bestSpans,
  compareTokenSpans,
  type PassageLogits,
  type TokenSpan,
} from '../../src/reader/best-spans.js';

const window = (firstToken: number, start: number[], end: number[]): PassageLogits => ({
  firstToken,
  start: Float32Array.from(start),
  end: Float32Array.from(end),
});

/** Every span, sorted; then greedily those that touch none before them. */
function bruteForce(windows: readonly PassageLogits[], maxAnswerLength: number, count: number): TokenSpan[] {
  const all: TokenSpan[] = [];
  for (const { firstToken, start, end } of windows) {
    for (let i = 0; i < start.length; i++) {
      for (let j = i; j < end.length; j++) {
        if (j - i + 1 > maxAnswerLength) continue;
        const startLogit = start[i] ?? NaN;
        const endLogit = end[j] ?? NaN;
        all.push({
          start: firstToken + i,
          end: firstToken + j + 1,
          startLogit,
          endLogit,
          score: startLogit + endLogit,
        });
      }
    }
  }
  const kept: TokenSpan[] = [];
  for (const span of all.sort(compareTokenSpans)) {
    if (kept.length < count && !kept.some((other) => span.start < other.end && other.start < span.end))
      kept.push(span);
  }
  return kept;
}

describe('bestSpans', () => {
  it('adds the start and the end logit, and never ends before it starts', () => {
    const [best] = bestSpans([window(0, [0, 1, 5], [9, 2, 3])], 30, 1);
    // The best end stands before the best start; 0 + 9 at the first token beats 5 + 3 at the third.
    expect(best).toEqual({ start: 0, end: 1, startLogit: 0, endLogit: 9, score: 9 });
  });

  it('keeps to the longest answer, and the limit itself is allowed', () => {
    const logits = [window(0, [5, 0, 0], [0, 0, 5])];
    expect(bestSpans(logits, 3, 1)[0]).toMatchObject({ start: 0, end: 3 });
    expect(bestSpans(logits, 2, 1)[0]).toMatchObject({ score: 5 });
  });

  it('prefers the earlier, then the shorter of equal spans', () => {
    expect(bestSpans([window(0, [1, 1], [1, 1])], 30, 2).map(({ start, end }) => [start, end])).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  it('counts tokens of the passage across windows and takes the better reading of a shared token', () => {
    const spans = bestSpans([window(0, [0, 1], [0, 1]), window(1, [3, 0], [3, 0])], 1, 2);
    expect(spans.map(({ start, score }) => [start, score])).toEqual([
      [1, 6],
      [0, 0],
    ]);
  });

  it('gives nothing without tokens', () => {
    expect(bestSpans([window(0, [], [])], 30, 5)).toEqual([]);
  });

  it('finds what brute force finds, for any logits, windows and limits', () => {
    // Few distinct values, so that ties are common.
    const logit = fc.integer({ min: -4, max: 4 });
    const logits = fc
      .array(fc.tuple(logit, logit), { maxLength: 14 })
      .map((pairs) => ({ start: pairs.map(([start]) => start), end: pairs.map(([, end]) => end) }));
    const windows = fc.array(fc.tuple(fc.nat(12), logits), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        windows,
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 6 }),
        (list, maxAnswerLength, count) => {
          const passage = list.map(([firstToken, { start, end }]) => window(firstToken, start, end));
          expect(bestSpans(passage, maxAnswerLength, count)).toEqual(
            bruteForce(passage, maxAnswerLength, count),
          );
        },
      ),
      { numRuns: 500 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { meanReciprocalRank, ndcgAt, recallAt } from '../../src/evaluation/index.js';

// Four questions: found first, third, twelfth, and not at all.
const ranks = [1, 3, 12, null];

describe('retrieval metrics', () => {
  it('count a question into recall@k if its passage is among the first k', () => {
    expect(recallAt(ranks, 1)).toBe(1 / 4);
    expect(recallAt(ranks, 2)).toBe(1 / 4);
    expect(recallAt(ranks, 3)).toBe(2 / 4);
    expect(recallAt(ranks, 12)).toBe(3 / 4);
    expect(recallAt(ranks, 100)).toBe(3 / 4);
  });

  it('average reciprocal ranks', () => {
    expect(meanReciprocalRank(ranks)).toBeCloseTo((1 + 1 / 3 + 1 / 12 + 0) / 4, 12);
  });

  it('discount by the logarithm of the rank up to k', () => {
    // 1 / log2(1 + 1) = 1, 1 / log2(1 + 3) = 1/2; the twelfth lies beyond 10.
    expect(ndcgAt(ranks, 10)).toBeCloseTo((1 + 1 / 2) / 4, 12);
    expect(ndcgAt(ranks, 2)).toBe(1 / 4);
  });

  it('are 0 without questions', () => {
    expect([recallAt([], 5), meanReciprocalRank([]), ndcgAt([], 10)]).toEqual([0, 0, 0]);
  });
});

import { describe, expect, it } from 'vitest';
import { exactMatch, scorePrediction, squadMetrics, tokenF1 } from '../../src/evaluation/index.js';

describe('the official SQuAD 2.0 metrics', () => {
  it('compare normalised texts', () => {
    expect(exactMatch('The two-years', 'two years')).toBe(0);
    expect(exactMatch('the Two Years.', 'two years')).toBe(1);
  });

  it('compute F1 over tokens, with repetitions', () => {
    // 2 of 3 predicted tokens are right, 2 of 4 gold tokens are found: P = 2/3, R = 1/2.
    expect(tokenF1('two full years later', 'two years ago')).toBeCloseTo(
      (2 * (2 / 3) * (1 / 2)) / (2 / 3 + 1 / 2),
      12,
    );
    expect(tokenF1('no no', 'no')).toBeCloseTo(2 / 3, 12);
    expect(tokenF1('two', 'three')).toBe(0);
  });

  it('treat an empty text as no answer', () => {
    expect(tokenF1('', '')).toBe(1);
    expect(tokenF1('the', '')).toBe(1);
    expect(tokenF1('two', '')).toBe(0);
    expect(tokenF1('', 'two')).toBe(0);
  });

  it('take the best of several gold answers, and skip those that normalise to nothing', () => {
    expect(scorePrediction({ gold: ['the', 'two years', 'two'], predicted: 'two' })).toEqual({
      exact: 1,
      f1: 1,
    });
    expect(scorePrediction({ gold: ['the', 'two'], predicted: '' })).toEqual({ exact: 0, f1: 0 });
    expect(scorePrediction({ gold: [], predicted: '' })).toEqual({ exact: 1, f1: 1 });
  });

  it('report all, answerable and unanswerable questions under the official names', () => {
    expect(
      squadMetrics([
        { gold: ['two years'], predicted: 'two years' },
        { gold: ['two years'], predicted: '' },
        { gold: ['two years'], predicted: 'two' },
        { gold: [], predicted: '' },
      ]),
    ).toEqual({
      exact: 50,
      f1: (100 * (1 + 0 + 2 / 3 + 1)) / 4,
      total: 4,
      HasAns_exact: 100 / 3,
      HasAns_f1: (100 * (1 + 2 / 3)) / 3,
      HasAns_total: 3,
      NoAns_exact: 100,
      NoAns_f1: 100,
      NoAns_total: 1,
    });
  });

  it('leave the figures of an empty group out', () => {
    expect(squadMetrics([{ gold: ['x'], predicted: 'x' }])).not.toHaveProperty('NoAns_total');
    expect(squadMetrics([])).toEqual({ exact: 0, f1: 0, total: 0 });
  });
});

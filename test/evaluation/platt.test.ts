import { describe, expect, it } from 'vitest';
import { fitPlatt } from '../../src/evaluation/index.js';

describe('fitPlatt', () => {
  it('recovers the parameters that the data were made with', () => {
    // At each score, 200 examples, of which the share of correct ones is the logistic function of 0.5 · score − 1.
    const examples = Array.from({ length: 41 }, (_, i) => (i - 20) / 2).flatMap((score) => {
      const correct = Math.round(200 / (1 + Math.exp(-(0.5 * score - 1))));
      return Array.from({ length: 200 }, (_, i) => ({ score, correct: i < correct }));
    });
    const { slope, intercept } = fitPlatt(examples);
    expect(Math.abs(slope - 0.5)).toBeLessThan(0.01);
    expect(Math.abs(intercept + 1)).toBeLessThan(0.02);
  });

  it('counts a weighted example as that many', () => {
    const examples = [-1, 0, 1, 2].map((score) => ({ score, correct: score > 0 }));
    // The smoothed targets depend on the number of examples, which weights leave alone.
    const even = fitPlatt(examples);
    expect(fitPlatt(examples, [7, 7, 7, 7]).slope).toBeCloseTo(even.slope, 9);
    expect(fitPlatt(examples, [1, 1, 9, 9]).intercept).toBeGreaterThan(even.intercept);
  });

  it('stays finite on data that a threshold separates', () => {
    const examples = [-2, -1, 1, 2].map((score) => ({ score, correct: score > 0 }));
    const { slope, intercept } = fitPlatt(examples);
    expect(slope).toBeGreaterThan(0);
    expect(Number.isFinite(slope) && Number.isFinite(intercept)).toBe(true);
    // Two right and two wrong examples: targets 3/4 and 1/4, symmetric about 0.
    expect(intercept).toBeCloseTo(0, 9);
  });
});

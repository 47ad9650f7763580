import { describe, expect, it } from 'vitest';
import { bootstrapIntervals } from '../../src/evaluation/index.js';
import { quantile } from '../../src/evaluation/quantile.js';
import { createRandom } from '../../src/evaluation/random.js';
import { errorOf } from '../support/error-of.js';

const mean = (sample: readonly { value: number }[]): { mean: number } => ({
  mean: sample.reduce((sum, { value }) => sum + value, 0) / sample.length,
});

describe('the random sequence', () => {
  it('is that of mulberry32', () => {
    // The first numbers of the reference implementation in C for the seeds 0 and 1, divided by 2³².
    const [zero, one] = [createRandom(0), createRandom(1)];
    expect([zero(), zero(), one()]).toEqual([1144304738 / 2 ** 32, 1416247 / 2 ** 32, 2693262067 / 2 ** 32]);
  });
});

describe('a quantile', () => {
  it('lies between neighbours in proportion', () => {
    expect(quantile([10, 20, 40], 0)).toBe(10);
    expect(quantile([10, 20, 40], 0.5)).toBe(20);
    // Position 0.75 · 2 = 1.5: half way from 20 to 40.
    expect(quantile([10, 20, 40], 0.75)).toBe(30);
    expect(quantile([10, 20, 40], 1)).toBe(40);
    expect(quantile([7], 0.95)).toBe(7);
  });
});

describe('the cluster bootstrap', () => {
  // Three questions of 0 in one article, one of 1 in another: a resample is 00, 01, 10 or 11, of mean 0, 1/4, 1/4 or 1.
  const records = [
    { article: 'x', value: 0 },
    { article: 'y', value: 1 },
    { article: 'x', value: 0 },
    { article: 'x', value: 0 },
  ];

  it('draws whole articles', () => {
    const seen = new Set<number>();
    bootstrapIntervals(records, (sample) => {
      seen.add(mean(sample).mean);
      return mean(sample);
    });
    expect([...seen].sort()).toEqual([0, 1 / 4, 1]);
  });

  it('gives the 2.5th and 97.5th percentile, the same for the same seed', () => {
    // A quarter of the resamples has mean 0, a quarter mean 1.
    expect(bootstrapIntervals(records, mean)).toEqual({ mean: { low: 0, high: 1 } });
    const many = Array.from({ length: 40 }, (_, i) => ({ article: String(i), value: i }));
    const interval = bootstrapIntervals(many, mean, { seed: 7 });
    expect(bootstrapIntervals(many, mean, { seed: 7 })).toEqual(interval);
    expect(bootstrapIntervals(many, mean, { seed: 8 })).not.toEqual(interval);
  });

  it('comes near to what theory says of a mean', () => {
    // 200 articles of one question, values 0 to 199: standard error √((200² − 1) / 12 / 200) = 4.08, so 99.5 ± 1.96 · 4.08.
    const many = Array.from({ length: 200 }, (_, i) => ({ article: String(i), value: i }));
    const interval = bootstrapIntervals(many, mean, { resamples: 4000 })?.mean;
    expect(Math.abs((interval?.low ?? 0) - 91.5)).toBeLessThan(0.7);
    expect(Math.abs((interval?.high ?? 0) - 107.5)).toBeLessThan(0.7);
  });

  it('leaves out the resamples in which a figure is undefined, and figures that always are', () => {
    const figuresOf = (sample: readonly { article: string }[]) => ({
      onlyY: sample.some(({ article }) => article === 'y') ? 5 : undefined,
      never: undefined,
    });
    expect(bootstrapIntervals(records, figuresOf)).toEqual({
      onlyY: { low: 5, high: 5 },
    });
  });

  it('says nothing of fewer than two articles', () => {
    expect(bootstrapIntervals(records.slice(2), mean)).toBeUndefined();
    expect(bootstrapIntervals([], mean)).toBeUndefined();
  });

  it('refuses a number of resamples below 1', async () => {
    const error = await errorOf(() => bootstrapIntervals(records, mean, { resamples: 0 }));
    expect(error.message).toBe('Expected resamples to be a whole number of at least 1, got 0.');
  });
});

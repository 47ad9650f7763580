import { requireInteger } from '../core/errors.js';
import { quantile } from './quantile.js';
import { createRandom } from './random.js';

/** A 95% confidence interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The figures of a sample by their names; undefined where the sample has no question that a figure is about. */
export type FiguresOf<T, K extends string> = (
  sample: readonly T[],
) => Readonly<Record<K, number | undefined>>;

export interface BootstrapOptions {
  /** Resamples drawn, at least 1. @defaultValue 1000 */
  readonly resamples?: number;
  /** Start of the random sequence: the same seed gives the same intervals. @defaultValue 1 */
  readonly seed?: number;
}

const DEFAULT_BOOTSTRAP = Object.freeze({ resamples: 1000, seed: 1 });

/**
 * Percentile intervals of a cluster bootstrap (Efron and Tibshirani 1993; Field and Welsh 2007): as many articles as there are
 * are drawn with replacement, each with all its questions, and every figure is computed again; the interval is from the
 * 2.5th to the 97.5th percentile. Questions of one article resemble each other, so that drawing single questions would
 * give intervals that are too narrow.
 *
 * @returns an interval for each figure that is defined; undefined with fewer than 2 articles, which say nothing of others.
 * @throws VerbatimError `invalid-option` for options out of range.
 */
export function bootstrapIntervals<T extends { readonly article: string }, K extends string>(
  records: readonly T[],
  figuresOf: FiguresOf<T, K>,
  options: BootstrapOptions = {},
): Partial<Record<K, Interval>> | undefined {
  const resamples = requireInteger('resamples', options.resamples ?? DEFAULT_BOOTSTRAP.resamples, 1);
  const random = createRandom(requireInteger('seed', options.seed ?? DEFAULT_BOOTSTRAP.seed, 0));
  const byArticle = new Map<string, T[]>();
  for (const record of records) {
    const questions = byArticle.get(record.article);
    if (questions === undefined) byArticle.set(record.article, [record]);
    else questions.push(record);
  }
  const articles = [...byArticle.values()];
  if (articles.length < 2) return undefined;
  const values = new Map<K, number[]>();
  for (let i = 0; i < resamples; i++) {
    const sample = articles.flatMap(() => articles[Math.floor(random() * articles.length)] ?? []);
    for (const [name, value] of Object.entries(figuresOf(sample)) as [K, number | undefined][]) {
      if (value === undefined) continue;
      const drawn = values.get(name);
      if (drawn === undefined) values.set(name, [value]);
      else drawn.push(value);
    }
  }
  const intervals: Partial<Record<K, Interval>> = {};
  for (const [name, drawn] of values) {
    drawn.sort((a, b) => a - b);
    intervals[name] = { low: quantile(drawn, 0.025), high: quantile(drawn, 0.975) };
  }
  return intervals;
}

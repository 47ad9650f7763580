import { received, VerbatimError } from '../core/errors.js';
import { bootstrapIntervals, type BootstrapOptions, type FiguresOf, type Interval } from './bootstrap.js';
import {
  judgedFigures,
  scoreFigures,
  type ComparedFigure,
  type JudgedQuestion,
  type ScoredQuestion,
} from './scored-question.js';

/** One figure of two runs. */
export interface Difference {
  readonly a: number;
  readonly b: number;
  /** b − a. */
  readonly difference: number;
  /** Of the difference; only with 2 articles or more. */
  readonly interval?: Interval;
}

/** Two runs over the questions that both have. */
export interface Comparison {
  readonly questions: number;
  readonly articles: number;
  readonly onlyInA: number;
  readonly onlyInB: number;
  /** Figures that both runs have. */
  readonly differences: Partial<Record<ComparedFigure, Difference>>;
}

interface Pair<T> {
  readonly article: string;
  readonly a: T;
  readonly b: T;
}

/**
 * Compares two runs over the questions that both have. The intervals are of the difference b − a by a paired bootstrap: both runs are
 * computed on the same drawn articles, so that what makes an article hard for both cancels out.
 *
 * @throws VerbatimError `dataset-invalid` if no question is in both, or if one is answerable in only one of them.
 */
export function compareRuns(
  a: readonly (ScoredQuestion | JudgedQuestion)[],
  b: readonly (ScoredQuestion | JudgedQuestion)[],
  options: BootstrapOptions = {},
): Comparison {
  const inB = new Map(b.map((question) => [question.id, question]));
  const pairs = a.flatMap((question) => {
    const other = inB.get(question.id);
    return other === undefined ? [] : [{ article: question.article, a: question, b: other }];
  });
  if (pairs.length === 0) {
    throw new VerbatimError(
      'dataset-invalid',
      `Expected two runs over the same questions, got ${a.length} and ${b.length} questions of which none has the same id.`,
    );
  }
  const unlike = pairs.find((pair) => pair.a.answerable !== pair.b.answerable);
  if (unlike !== undefined) {
    throw new VerbatimError(
      'dataset-invalid',
      `Expected two runs over the same questions, but question ${received(unlike.a.id)} is answerable in only one of them.`,
    );
  }
  return {
    questions: pairs.length,
    articles: new Set(pairs.map(({ article }) => article)).size,
    onlyInA: a.length - pairs.length,
    onlyInB: b.length - pairs.length,
    differences: pairs.every(isJudged)
      ? differences(pairs, judgedFigures, options)
      : differences(pairs, scoreFigures, options),
  };
}

function isJudged(pair: Pair<ScoredQuestion | JudgedQuestion>): pair is Pair<JudgedQuestion> {
  return 'confidence' in pair.a && 'confidence' in pair.b;
}

function differences<T extends ScoredQuestion, K extends ComparedFigure>(
  pairs: readonly Pair<T>[],
  figuresOf: FiguresOf<T, K>,
  options: BootstrapOptions,
): Partial<Record<ComparedFigure, Difference>> {
  const both = (sample: readonly Pair<T>[]): Record<K, Omit<Difference, 'interval'> | undefined> => {
    const a = figuresOf(sample.map((pair) => pair.a));
    const b = figuresOf(sample.map((pair) => pair.b));
    return mapValues(a, (figureA, name) => {
      const figureB = b[name];
      if (figureA === undefined || figureB === undefined) return undefined;
      return { a: figureA, b: figureB, difference: figureB - figureA };
    });
  };
  const intervals = bootstrapIntervals(
    pairs,
    (sample) => mapValues(both(sample), (figures) => figures?.difference),
    options,
  );
  const result: Partial<Record<ComparedFigure, Difference>> = {};
  for (const [name, figures] of Object.entries(both(pairs)) as [K, Difference | undefined][]) {
    const interval = intervals?.[name];
    if (figures !== undefined) result[name] = { ...figures, ...(interval && { interval }) };
  }
  return result;
}

function mapValues<K extends string, V, W>(
  record: Readonly<Record<K, V>>,
  change: (value: V, key: K) => W,
): Record<K, W> {
  const entries = Object.entries(record) as [K, V][];
  return Object.fromEntries(entries.map(([key, value]) => [key, change(value, key)])) as Record<K, W>;
}

import { bootstrapIntervals, type Interval } from '../../src/evaluation/bootstrap.js';
import type { Setting } from './data.js';
import { groupBy } from './group-by.js';

export const TOP_K = 10;

export const METRICS = ['recall1', 'recall5', 'recall10', 'mrr10', 'answer10'] as const;
export type Metric = (typeof METRICS)[number];
export type Outcome = Readonly<Record<Metric, number>>;

/** What a configuration achieved, question by question in the setting's order. */
export type Outcomes = readonly Outcome[];

/** @param rank - the ordinals of the best units for a question, best first. */
export function measure(
  { units, questions }: Setting,
  rank: (question: string) => readonly number[],
): Outcome[] {
  return questions.map(({ text, gold, answers }) => {
    const found = rank(text).slice(0, TOP_K);
    const position = found.indexOf(gold) + 1;
    const within = (k: number): number => (position > 0 && position <= k ? 1 : 0);
    const holds = found.some((ordinal) => answers.some((answer) => units[ordinal]?.text.includes(answer)));
    return {
      recall1: within(1),
      recall5: within(5),
      recall10: within(10),
      mrr10: position > 0 ? 1 / position : 0,
      answer10: holds ? 1 : 0,
    };
  });
}

/** Means in percent. */
export function means(outcomes: Outcomes): Outcome {
  return eachMetric((metric) => (100 * sum(outcomes, metric)) / outcomes.length);
}

interface ArticleSums {
  readonly article: string;
  readonly questions: number;
  readonly differences: Outcome;
}

/** 95% bootstrap intervals, by article, of the differences in percentage points between two paired runs. */
export function differenceIntervals(
  articles: readonly string[],
  before: Outcomes,
  after: Outcomes,
): Partial<Record<Metric, Interval>> {
  const ordinals = groupBy(articles.keys(), (i) => articles[i] ?? '');
  const sums = Array.from(ordinals, ([article, members]): ArticleSums => {
    const of = (outcomes: Outcomes): Outcome[] => members.flatMap((i) => outcomes[i] ?? []);
    const [old, recent] = [of(before), of(after)];
    return {
      article,
      questions: members.length,
      differences: eachMetric((metric) => sum(recent, metric) - sum(old, metric)),
    };
  });
  const figuresOf = (sample: readonly ArticleSums[]): Outcome => {
    const questions = sample.reduce((total, article) => total + article.questions, 0);
    return eachMetric(
      (metric) =>
        (100 * sample.reduce((total, { differences }) => total + differences[metric], 0)) / questions,
    );
  };
  return bootstrapIntervals(sums, figuresOf) ?? {};
}

function sum(outcomes: Outcomes, metric: Metric): number {
  return outcomes.reduce((total, outcome) => total + outcome[metric], 0);
}

function eachMetric(value: (metric: Metric) => number): Outcome {
  return {
    recall1: value('recall1'),
    recall5: value('recall5'),
    recall10: value('recall10'),
    mrr10: value('mrr10'),
    answer10: value('answer10'),
  };
}

import type { Interval } from '../../src/evaluation/bootstrap.js';
import type { Setting } from './data.js';
import { differenceIntervals, means, measure, METRICS, type Metric, type Outcomes } from './measure.js';
import { Ranker, type IndexCache } from './ranker.js';
import type { Idea, Variation } from './ideas/configurations.js';

const HEADINGS: Readonly<Record<Metric, string>> = {
  recall1: 'recall@1',
  recall5: '@5',
  recall10: '@10',
  mrr10: 'MRR@10',
  answer10: 'answer @10',
};

/** Prints a Markdown table of a variation's figures and their differences to the baseline's. */
export function printIdea({ name, baseline, variations }: Idea, setting: Setting, indexes: IndexCache): void {
  const { units, questions } = setting;
  console.log(`\n### ${name}: ${setting.name}, ${questions.length} questions, ${units.length} paragraphs\n`);
  console.log(`| | ${METRICS.map((metric) => HEADINGS[metric]).join(' | ')} | ms a question |`);
  console.log(`| --- |${METRICS.map(() => ' --- |').join('')} --- |`);
  const before = run(baseline, setting, indexes);
  printRow(baseline.name, before, () => '');
  for (const variation of variations) {
    const after = run(variation, setting, indexes);
    printRow(variation.name, after, differences(setting, before.outcomes, after.outcomes));
  }
}

interface Run {
  readonly outcomes: Outcomes;
  readonly milliseconds: number;
}

function run({ configuration }: Variation, setting: Setting, indexes: IndexCache): Run {
  const ranker = new Ranker(configuration, indexes.get(setting.units, configuration));
  const began = performance.now();
  const outcomes = measure(setting, (question) => ranker.rank(question));
  return { outcomes, milliseconds: (performance.now() - began) / outcomes.length };
}

/** For each metric the difference of the means with its interval: ` +0.52 [0.10, 0.91]`. */
export function differences(setting: Setting, before: Outcomes, after: Outcomes): (metric: Metric) => string {
  const articles = setting.questions.map(({ article }) => article);
  const intervals = differenceIntervals(articles, before, after);
  const [old, recent] = [means(before), means(after)];
  return (metric) => {
    const interval: Interval | undefined = intervals[metric];
    if (interval === undefined) return '';
    return ` ${signed(recent[metric] - old[metric])} [${interval.low.toFixed(2)}, ${interval.high.toFixed(2)}]`;
  };
}

function printRow(
  name: string,
  { outcomes, milliseconds }: Run,
  difference: (metric: Metric) => string,
): void {
  const figures = means(outcomes);
  const cells = METRICS.map((metric) => `${figures[metric].toFixed(2)}${difference(metric)}`);
  console.log(`| ${name} | ${cells.join(' | ')} | ${milliseconds.toFixed(2)} |`);
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(2)}`;
}

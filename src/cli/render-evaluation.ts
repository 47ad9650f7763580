import type { Comparison, EvaluationSummary, Interval, ComparedFigure } from '../evaluation/index.js';
import { table } from './table.js';

/** The figures that have intervals, as they are named on a terminal and in a report. */
const FIGURES: readonly (readonly [ComparedFigure, string])[] = [
  ['exact', 'exact'],
  ['f1', 'F1'],
  ['HasAns_f1', 'answerable F1'],
  ['NoAns_f1', 'unanswerable F1'],
  ['aurc', 'AURC'],
  ['expectedCalibrationError', 'calibration error'],
];

/** Indented JSON with one line for each question, so that a file of thousands can be read and compared line by line. */
export function evaluationJson({ questions, ...figures }: EvaluationSummary): string {
  const lines = questions.map((question) => `    ${JSON.stringify(question)}`).join(',\n');
  const list = questions.length === 0 ? '[]' : `[\n${lines}\n  ]`;
  return `${JSON.stringify(figures, null, 2).slice(0, -'\n}'.length)},\n  "questions": ${list}\n}\n`;
}

/** The figures as a person reads them, ending with a line break. */
export function renderEvaluation(summary: EvaluationSummary): string {
  return [
    renderMetrics(summary),
    section('95% interval, articles drawn anew', intervalRows(summary)),
    section('Retrieval, share of the answerable questions', retrievalRows(summary)),
    section('Confidence', selectiveRows(summary)),
    section('Time from question to result, one at a time', latencyRows(summary)),
  ].join('');
}

/** A heading and indented lines: label, value, and perhaps a note. */
function section(title: string, rows: readonly (readonly string[])[]): string {
  const indented = rows.map(([label = '', ...cells]) => [`  ${label}`, ...cells]);
  return rows.length === 0 ? '' : `\n${title}\n${table(indented, new Set([1]))}`;
}

function renderMetrics(metrics: EvaluationSummary): string {
  const row = (
    label: string,
    exact: number | undefined,
    f1: number | undefined,
    total: number | undefined,
  ): string =>
    total === undefined || exact === undefined || f1 === undefined
      ? ''
      : `${label.padEnd(14)}${exact.toFixed(4).padStart(9)}${f1.toFixed(4).padStart(10)}${String(total).padStart(8)}\n`;
  return (
    `${' '.repeat(14)}${'exact'.padStart(9)}${'F1'.padStart(10)}${'total'.padStart(8)}\n` +
    row('all', metrics.exact, metrics.f1, metrics.total) +
    row('answerable', metrics.HasAns_exact, metrics.HasAns_f1, metrics.HasAns_total) +
    row('unanswerable', metrics.NoAns_exact, metrics.NoAns_f1, metrics.NoAns_total)
  );
}

function intervalRows({ intervals }: EvaluationSummary): string[][] {
  return FIGURES.flatMap(([name, label]) => {
    const interval = intervals?.[name];
    return interval === undefined ? [] : [[label, renderInterval(interval, figureOf(name))]];
  });
}

function retrievalRows({ retrieval }: EvaluationSummary): string[][] {
  if (retrieval === undefined) return [];
  const { recallAt, mrr, ndcgAt, answerRecall } = retrieval;
  return [
    ...Object.entries(recallAt).map(([k, recall]) => [`recall@${k}`, share(recall)]),
    ['MRR', share(mrr)],
    ...Object.entries(ndcgAt).map(([k, gain]) => [`nDCG@${k}`, share(gain)]),
    ['answer recall', share(answerRecall)],
  ];
}

function selectiveRows({ selective }: EvaluationSummary): string[][] {
  if (selective === undefined) return [];
  return [
    ['AURC', share(selective.aurc)],
    ['calibration error', share(selective.expectedCalibrationError)],
    ['Brier score', share(selective.brier)],
    ...Object.entries(selective.coverageAtPrecision).map(([precision, coverage]) => [
      `coverage at precision ${precision}`,
      share(coverage),
    ]),
  ];
}

function latencyRows({ latency }: EvaluationSummary): string[][] {
  if (latency === undefined) return [];
  const { unit, p50, p95, questions } = latency;
  return [
    ['median', `${p50.toFixed(1)} ${unit}`],
    ['95th percentile', `${p95.toFixed(1)} ${unit}`],
    ['questions timed', String(questions)],
  ];
}

/** Two runs side by side, ending with a line break. */
export function renderComparison(
  { questions, articles, onlyInA, onlyInB, differences }: Comparison,
  [nameA, nameB]: readonly [string, string],
): string {
  const rows = FIGURES.flatMap(([name, label]) => {
    const figures = differences[name];
    if (figures === undefined) return [];
    const { a, b, difference, interval } = figures;
    const figure = figureOf(name);
    const signed = (value: number): string => (value < 0 ? '−' : '+') + figure(Math.abs(value));
    const range = interval === undefined ? '–' : renderInterval(interval, signed);
    return [[label, figure(a), figure(b), signed(difference), range]];
  });
  const alone = [
    [onlyInA, nameA],
    [onlyInB, nameB],
  ] as const;
  const both = [
    `${count(questions, 'question')} of ${count(articles, 'article')} in both`,
    ...alone.flatMap(([only, name]) => (only === 0 ? [] : [`${only} only in ${name}`])),
  ].join('; ');
  return `${both}.\n\n${table([['', nameA, nameB, 'difference', '95% interval'], ...rows], new Set([1, 2, 3, 4]))}`;
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

const share = (value: number): string => value.toFixed(4);

/** Percentages have two decimals where a table needs no more, shares four: the same precision. */
function figureOf(name: ComparedFigure): (value: number) => string {
  return name === 'aurc' || name === 'expectedCalibrationError' ? share : (value) => value.toFixed(2);
}

const renderInterval = ({ low, high }: Interval, figure: (value: number) => string): string =>
  `${figure(low)} to ${figure(high)}`;

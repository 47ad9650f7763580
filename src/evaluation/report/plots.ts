import { RETRIEVAL_DEPTH } from '../evaluate.js';
import type { EvaluatedQuestion } from '../evaluated-question.js';
import { calibrationBins } from '../calibration-error.js';
import { recallAt } from '../retrieval-metrics.js';
import { riskCoverageCurve } from '../risk-coverage.js';
import type { SquadMetrics } from '../squad-metrics.js';
import { answerabilitySweep, confidenceSweep, thresholdSweep, type SweepPoint } from '../threshold-sweep.js';
import { chart, place, polyline, type Axis } from './chart.js';
import { decimal, percent, signed } from './format.js';
import { html, type Content, type Markup } from './html.js';

/** Points of a curve that are drawn, and of those that its table lists. */
const DRAWN_POINTS = 200;
const LISTED_POINTS = 20;

/** Wrong answers among those given, as fewer and fewer questions are answered. */
export function riskCoveragePlot(questions: readonly EvaluatedQuestion[]): Markup {
  const curve = riskCoverageCurve(questions);
  const answered = questions.filter(({ predicted }) => predicted !== '');
  const wrong = answered.filter(({ exact }) => exact === 0).length;
  const run = { coverage: answered.length / questions.length, risk: wrong / Math.max(1, answered.length) };
  const half = curve.find(({ coverage }) => coverage >= 0.5) ?? run;
  const highest = Math.max(run.risk, ...curve.map(({ risk }) => risk));
  return figure({
    heading: 'Risk and coverage',
    drawing: chart({
      id: 'risk-coverage',
      title: 'Risk–coverage curve',
      description: `With the surest half of the questions answered, ${percent(half.risk)} of the answers are wrong; this run answers ${percent(run.coverage)}, of which ${percent(run.risk)} are wrong.`,
      x: { label: 'questions answered, surest first', domain: [0, 1], format: percent },
      y: { label: 'wrong answers among them', domain: [0, Math.max(0.1, highest)], format: percent },
      draw: (x, y) => [
        polyline(
          thin(curve, DRAWN_POINTS).map(({ coverage, risk }) => [coverage, risk]),
          [x, y],
          1,
        ),
        answered.length > 0
          ? html`<circle class="point" cx="${place(x, run.coverage)}" cy="${place(y, run.risk)}" r="5" />`
          : null,
      ],
    }),
    caption: html`Lower is better. The dot is this run: it answers ${percent(run.coverage)} of the questions,
    and ${percent(run.risk)} of these answers are wrong. An answer is right only if it matches a gold answer
    exactly; any answer to an unanswerable question is wrong.`,
    columns: ['Confidence at least', 'Answered', 'Wrong among them'],
    rows: thin(curve, LISTED_POINTS).map(({ confidence, coverage, risk }) => [
      percent(confidence),
      percent(coverage),
      percent(risk),
    ]),
  });
}

/** Confidence against how often it was right. */
export function reliabilityPlot(questions: readonly EvaluatedQuestion[]): Markup {
  const bins = calibrationBins(questions);
  const filled = bins.filter(({ count }) => count > 0);
  return figure({
    heading: 'Reliability',
    drawing: chart({
      id: 'reliability',
      title: 'Reliability diagram',
      description: filled
        .map(
          ({ from, to, accuracy }) =>
            `Confidence ${percent(from)} to ${percent(to)}: ${percent(accuracy ?? 0)} right.`,
        )
        .join(' '),
      x: { label: 'confidence', domain: [0, 1], format: percent },
      y: { label: 'right answers', domain: [0, 1], format: percent },
      draw: (x, y) => [
        filled.map(({ from, to, accuracy, count }) => {
          const top = place(y, accuracy ?? 0);
          return html`<rect
              class="bar"
              x="${place(x, from) + 1}"
              y="${top}"
              width="${place(x, to) - place(x, from) - 2}"
              height="${place(y, 0) - top}"
            />
            <text class="count" x="${place(x, (from + to) / 2)}" y="${top - 4}" text-anchor="middle"
              >${count}</text
            >`;
        }),
        html`<line
          class="reference"
          x1="${place(x, 0)}"
          y1="${place(y, 0)}"
          x2="${place(x, 1)}"
          y2="${place(y, 1)}"
        />`,
      ],
    }),
    caption: html`A bar that ends at the dashed line is well calibrated: of the answers with a confidence of
    70%, 70% are right. Below the line the reader is too sure, above it too modest. The numbers count
    questions.`,
    columns: ['Confidence', 'Questions', 'Mean confidence', 'Right'],
    rows: filled.map(({ from, to, count, meanConfidence, accuracy }) => [
      `${percent(from)} to ${percent(to)}`,
      String(count),
      percent(meanConfidence ?? 0),
      percent(accuracy ?? 0),
    ]),
  });
}

const SWEPT: readonly (readonly [keyof SquadMetrics, string])[] = [
  ['f1', 'F1, all'],
  ['exact', 'exact, all'],
  ['HasAns_f1', 'F1, answerable'],
  ['NoAns_f1', 'F1, unanswerable'],
];

/**
 * How the official figures move with what withholds an answer: the threshold or, if a fusion profile decided, the least
 * answerability or confidence. Nothing for a run without candidates.
 */
export function limitPlot(questions: readonly EvaluatedQuestion[]): Markup | undefined {
  const differences = questions.flatMap(({ best }) => best?.scoreDifference ?? []);
  const [current] = questions;
  if (current === undefined || differences.length === 0) return undefined;
  const { threshold, minConfidence, minAnswerability = 0 } = current;
  if (minAnswerability > 0) {
    return sweepFigure({
      heading: 'Least answerability',
      axis: { label: 'least answerability of an answer', domain: [0, 1], format: percent },
      current: minAnswerability,
      sweep: (limits) => answerabilitySweep(questions, limits),
      rule: 'An answer is withheld if its answerability is lower than this.',
    });
  }
  if (minConfidence !== undefined) {
    return sweepFigure({
      heading: 'Least confidence',
      axis: { label: 'least confidence of an answer', domain: [0, 1], format: percent },
      current: minConfidence,
      sweep: (limits) => confidenceSweep(questions, limits),
      rule: 'An answer is withheld if its confidence is lower than this.',
    });
  }
  const lowest = differences.reduce((a, b) => Math.min(a, b));
  const highest = differences.reduce((a, b) => Math.max(a, b));
  // A little further on both sides: everything is withheld at one end and answered at the other.
  const margin = Math.max(0.5, (highest - lowest) / 50);
  return sweepFigure({
    heading: 'Threshold',
    axis: {
      label: 'threshold: null score − span score',
      domain: [lowest - margin, highest + margin],
      format: signed,
    },
    current: threshold,
    sweep: (limits) => thresholdSweep(questions, limits),
    rule: 'An answer is withheld if its null score exceeds its span score by more than this.',
  });
}

interface SweepFigure {
  readonly heading: string;
  readonly axis: Axis;
  /** The limit of the run. */
  readonly current: number;
  readonly sweep: (limits: readonly number[]) => SweepPoint[];
  readonly rule: string;
}

function sweepFigure({ heading, axis, current, sweep, rule }: SweepFigure): Markup {
  const [first, last] = axis.domain;
  const points = sweep(
    Array.from({ length: DRAWN_POINTS }, (_, i) => first + (i * (last - first)) / (DRAWN_POINTS - 1)),
  );
  const [best] = points.toSorted((a, b) => b.metrics.f1 - a.metrics.f1);
  const series = SWEPT.filter(([name]) => points[0]?.metrics[name] !== undefined);
  return figure({
    heading,
    drawing: chart({
      id: 'limit',
      title: `Official figures by ${heading.toLowerCase()}`,
      description: `This run stands at ${axis.format(current)}. F1 over all questions would be largest, ${decimal(best?.metrics.f1 ?? 0)}, at ${axis.format(best?.limit ?? 0)}.`,
      x: axis,
      y: { label: 'percent', domain: [0, 100], format: String },
      draw: (x, y) => [
        current >= first && current <= last
          ? html`<line
              class="marker"
              x1="${place(x, current)}"
              x2="${place(x, current)}"
              y1="${place(y, 0)}"
              y2="${place(y, 100)}"
            />`
          : null,
        series.map(([name], i) =>
          polyline(
            points.map(({ limit, metrics }) => [limit, metrics[name] ?? 0]),
            [x, y],
            i + 1,
          ),
        ),
      ],
    }),
    legend: series.map(([, label]) => label),
    caption: html`${rule} This run stands at ${axis.format(current)}, the vertical line; to choose another
    place on these very questions would flatter the figures.`,
    columns: [heading, ...series.map(([, label]) => label)],
    rows: thin(points, LISTED_POINTS).map(({ limit, metrics }) => [
      axis.format(limit),
      ...series.map(([name]) => decimal(metrics[name] ?? 0)),
    ]),
  });
}

/** How often the passage with the answer is among the first k; nothing where no passages were retrieved. */
export function recallPlot(questions: readonly EvaluatedQuestion[]): Markup | undefined {
  const ranks = questions.flatMap(({ answerable, retrieval }) =>
    answerable && retrieval !== null ? [retrieval.relevantRank] : [],
  );
  if (ranks.length === 0) return undefined;
  const points = Array.from({ length: RETRIEVAL_DEPTH }, (_, i) => [i + 1, recallAt(ranks, i + 1)] as const);
  return figure({
    heading: 'Retrieval',
    drawing: chart({
      id: 'recall',
      title: 'Recall at k',
      description: points.map(([k, recall]) => `Recall at ${k}: ${percent(recall)}.`).join(' '),
      x: { label: 'k, passages retrieved', domain: [0.5, RETRIEVAL_DEPTH + 0.5], format: String },
      y: { label: 'answer among them', domain: [0, 1], format: percent },
      draw: (x, y) => [
        polyline(points, [x, y], 1),
        points.map(
          ([k, recall]) =>
            html`<circle class="point" cx="${place(x, k)}" cy="${place(y, recall)}" r="3.5" />`,
        ),
      ],
    }),
    caption: html`Share of the ${ranks.length} answerable questions whose passage is among the first k. What
    retrieval misses no reader can answer.`,
    columns: ['k', 'Recall'],
    rows: points.map(([k, recall]) => [String(k), percent(recall)]),
  });
}

interface Figure {
  readonly heading: string;
  readonly drawing: Markup;
  /** Names of the series, in their order. */
  readonly legend?: readonly string[];
  readonly caption: Markup;
  /** The same numbers as text. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function figure({ heading, drawing, legend = [], caption, columns, rows }: Figure): Markup {
  return html`<figure>
    <h3>${heading}</h3>
    ${drawing} ${legendOf(legend)}
    <figcaption>${caption}</figcaption>
    <details>
      <summary>As a table</summary>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              ${columns.map((column) => html`<th scope="col">${column}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (row) =>
                html`<tr>
                  ${row.map((cell) => html`<td>${cell}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
  </figure>`;
}

function legendOf(labels: readonly string[]): Content {
  if (labels.length === 0) return null;
  const sample = (series: number): Markup =>
    html`<svg viewBox="0 0 26 8" aria-hidden="true">
      <path class="series series-${series}" d="M1,4H25" />
    </svg>`;
  return html`<ul class="legend">
    ${labels.map((label, i) => html`<li>${sample(i + 1)} ${label}</li>`)}
  </ul>`;
}

/** At most so many of the points, evenly spaced, the first and the last among them. */
function thin<T>(points: readonly T[], count: number): readonly T[] {
  if (points.length <= count) return points;
  return Array.from({ length: count }, (_, i) => Math.round((i * (points.length - 1)) / (count - 1))).flatMap(
    (position) => points[position] ?? [],
  );
}

import type { EvaluatedQuestion } from '../evaluated-question.js';
import type { EvaluationSummary } from '../summarize.js';
import type { Interval } from '../bootstrap.js';
import { errorGallery } from './error-gallery.js';
import { decimal, percent, signed } from './format.js';
import { html, type Content, type Markup } from './html.js';
import { recallPlot, reliabilityPlot, riskCoveragePlot, limitPlot } from './plots.js';
import { STYLE } from './style.js';

export interface Report {
  /** What was evaluated, such as the file's name. */
  readonly name: string;
  readonly summary: EvaluationSummary;
  /** The questions of the summary. */
  readonly questions: readonly EvaluatedQuestion[];
}

/**
 * One HTML page with the figures, plots and wrong answers of a run. It holds all that it needs: no script, nothing to fetch, which its
 * content security policy enforces. Questions and passages stand in it as escaped text only.
 */
export function renderReport({ name, summary, questions }: Report): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>Evaluation of ${name}</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <header>
          <h1>Evaluation of ${name}</h1>
          <p class="lead">${describe(questions)}</p>
        </header>
        <main>
          ${officialTable(summary)} ${furtherFigures(summary)}
          ${questions.length === 0 ? null : details(questions)}
        </main>
      </body>
    </html> `.source;
}

function describe(questions: readonly EvaluatedQuestion[]): string {
  const [first] = questions;
  if (first === undefined) return 'No question was answered.';
  const articles = new Set(questions.map(({ article }) => article)).size;
  const mode =
    first.retrieval === null
      ? 'each read with its own paragraph'
      : 'each answered from the passages that were retrieved for it';
  const { threshold, minConfidence, minAnswerability = 0 } = first;
  const limit =
    minConfidence === undefined
      ? `threshold ${signed(threshold)}`
      : minAnswerability > 0
        ? `least answerability ${percent(minAnswerability)}`
        : `least confidence ${percent(minConfidence)}`;
  return `${questions.length} questions of ${articles} articles, ${mode}; ${limit}.`;
}

function details(questions: readonly EvaluatedQuestion[]): Markup {
  return html`<h2>Plots</h2>
    <div class="plots">
      ${[riskCoveragePlot, reliabilityPlot, limitPlot, recallPlot].map((plot) => plot(questions))}
    </div>
    <h2>Wrong answers</h2>
    ${errorGallery(questions)}`;
}

function officialTable({ intervals, ...metrics }: EvaluationSummary): Markup {
  const row = (
    label: string,
    [exact, exactInterval]: readonly [number | undefined, (Interval | undefined)?],
    [f1, f1Interval]: readonly [number | undefined, (Interval | undefined)?],
    total: number | undefined,
  ): Content =>
    exact === undefined || f1 === undefined || total === undefined
      ? null
      : html`<tr>
          <th scope="row">${label} <span class="interval">${total}</span></th>
          <td>${decimal(exact)}${range(exactInterval)}</td>
          <td>${decimal(f1)}${range(f1Interval)}</td>
        </tr>`;
  return html`<h2>Official figures</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Questions</th>
            <th scope="col">Exact</th>
            <th scope="col">F1</th>
          </tr>
        </thead>
        <tbody>
          ${row('all', [metrics.exact, intervals?.exact], [metrics.f1, intervals?.f1], metrics.total)}
          ${row('answerable', [metrics.HasAns_exact], [metrics.HasAns_f1, intervals?.HasAns_f1], metrics.HasAns_total)}
          ${row('unanswerable', [metrics.NoAns_exact], [metrics.NoAns_f1, intervals?.NoAns_f1], metrics.NoAns_total)}
        </tbody>
      </table>
    </div>
    ${
      intervals === undefined
        ? null
        : html`<p class="note">
            Small: how many questions, and 95% intervals from a bootstrap over articles.
          </p>`
    }`;
}

function range(interval: Interval | undefined, format = decimal): Content {
  if (interval === undefined) return null;
  return html` <span class="interval">${format(interval.low)} to ${format(interval.high)}</span>`;
}

/** A label, a value and perhaps its interval. */
type Figure = readonly [string, string, (Interval | undefined)?];

function furtherFigures({ selective, retrieval, latency, intervals }: EvaluationSummary): Markup {
  return html`<div class="groups">
    ${
      selective &&
      group('Confidence', [
        ['area under the risk–coverage curve', share(selective.aurc), intervals?.aurc],
        [
          'expected calibration error',
          share(selective.expectedCalibrationError),
          intervals?.expectedCalibrationError,
        ],
        ['Brier score', share(selective.brier)],
        ...byKey(
          selective.coverageAtPrecision,
          (precision) => `coverage at ${percent(Number(precision))} precision`,
        ),
      ])
    }
    ${
      retrieval &&
      group('Retrieval', [
        ...byKey(retrieval.recallAt, (k) => `recall@${k}`),
        ['mean reciprocal rank', share(retrieval.mrr)],
        ...byKey(retrieval.ndcgAt, (k) => `nDCG@${k}`),
        ['an answer stands in the passages read', share(retrieval.answerRecall)],
      ])
    }
    ${
      latency &&
      group('Time from question to result', [
        ['median', `${latency.p50.toFixed(1)} ms`],
        ['95th percentile', `${latency.p95.toFixed(1)} ms`],
        ['questions timed, one at a time', String(latency.questions)],
      ])
    }
  </div>`;
}

function group(heading: string, figures: readonly Figure[]): Markup {
  return html`<section>
    <h3>${heading}</h3>
    <table>
      <tbody>
        ${figures.map(
          ([label, value, interval]) =>
            html`<tr>
              <th scope="row">${label}</th>
              <td>${value}${range(interval, share)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

const share = (value: number): string => value.toFixed(3);

const byKey = (figures: Readonly<Record<string, number>>, label: (key: string) => string): Figure[] =>
  Object.entries(figures).map(([key, value]) => [label(key), share(value)]);

import { chart, polyline, type Chart } from '../../../src/evaluation/report/chart.js';
import { percent, signed } from '../../../src/evaluation/report/format.js';
import { html, type Markup } from '../../../src/evaluation/report/html.js';
import {
  askPipeline,
  evaluateQuestions,
  riskCoverageCurve,
  thresholdSweep,
  type EvaluatedQuestion,
} from '../../../src/evaluation/index.js';
import { createVerbatim } from '../../../src/index.js';
import { readSquadFile } from '../../../src/ingest/index.js';
import { card } from './card.js';

const QUESTIONS = 'corpora/help-centre.questions.json';
const CORPUS = 'corpora/help-centre';
/** How much larger than in the report, whose charts are as wide as a telephone. */
const SCALE = 1.35;
const LOWEST = -16;
const HIGHEST = 16;

/** The questions of the help centre, asked of it. */
export async function askHelpCentre(aggregation: 'fusion' | 'null-score'): Promise<EvaluatedQuestion[]> {
  await using verbatim = await createVerbatim({ corpus: CORPUS, aggregation });
  // Awaited here: the pipeline is closed when this function is left.
  return await evaluateQuestions(await readSquadFile(QUESTIONS), askPipeline(verbatim));
}

/** F1 by threshold, of a run by the plain rule. */
export function thresholdFigure(questions: readonly EvaluatedQuestion[]): string {
  const limits = Array.from({ length: 129 }, (_, i) => LOWEST + (i * (HIGHEST - LOWEST)) / 128);
  const points = thresholdSweep(questions, limits);
  const series = [
    ['all questions', ({ f1 }: { readonly f1: number }) => f1, 1],
    ['answerable', ({ HasAns_f1 = NaN }: { readonly HasAns_f1?: number }) => HasAns_f1, 2],
    ['unanswerable', ({ NoAns_f1 = NaN }: { readonly NoAns_f1?: number }) => NoAns_f1, 3],
  ] as const;
  return chartCard(
    {
      id: 'threshold',
      title: 'F1 by threshold',
      description: `F1 of ${questions.length} questions for every threshold.`,
      x: { label: 'threshold: null score − span score', domain: [LOWEST, HIGHEST], format: signed },
      y: { label: `F1 of the help centre's ${questions.length} questions`, domain: [0, 100], format: String },
      draw: (x, y) =>
        series.map(([, valueOf, number]) =>
          polyline(
            points.map(({ limit, metrics }) => [limit, valueOf(metrics)]),
            [x, y],
            number,
          ),
        ),
    },
    series.map(([label, , number]) => [label, number]),
  );
}

/** The share of wrong answers as more questions are answered, surest first, by both rules. */
export function riskCoverageFigure(
  fusion: readonly EvaluatedQuestion[],
  plain: readonly EvaluatedQuestion[],
): string {
  const curves = [
    ['fusion profile', riskCoverageCurve(fusion), 1],
    ['null score', riskCoverageCurve(plain), 2],
  ] as const;
  const highest = Math.max(...curves.flatMap(([, curve]) => curve.map(({ risk }) => risk)));
  return chartCard(
    {
      id: 'risk-coverage',
      title: 'Risk and coverage',
      description: `Share of wrong answers as more of ${fusion.length} questions are answered.`,
      x: { label: 'questions answered, surest first', domain: [0, 1], format: percent },
      y: { label: 'wrong answers among them', domain: [0, highest], format: percent },
      draw: (x, y) =>
        curves.map(([, curve, number]) =>
          polyline(
            curve.map(({ coverage, risk }) => [coverage, risk]),
            [x, y],
            number,
          ),
        ),
    },
    curves.map(([label, , number]) => [label, number]),
  );
}

function chartCard(drawn: Chart, legend: readonly (readonly [string, number])[]): string {
  const width = Math.round(320 * SCALE) + 128;
  const height = Math.round(260 * SCALE) + 24;
  return card({
    width,
    height,
    title: drawn.title,
    content: [
      html`<svg x="12" y="12" width="${320 * SCALE}" height="${260 * SCALE}">${chart(drawn)}</svg>`,
      legend.map(([label, series], i): Markup => {
        const y = 74 + 24 * i;
        return html`<path class="series series-${series}" d="M${width - 128},${y}h26" />
          <text class="quiet" x="${width - 96}" y="${y + 4}">${label}</text>`;
      }),
    ],
  });
}

import { expectedCalibrationError } from './calibration-error.js';
import type { FiguresOf } from './bootstrap.js';
import type { JudgedAnswer } from './judged-answer.js';
import { areaUnderRiskCoverage } from './risk-coverage.js';
import type { QuestionScore } from './squad-metrics.js';

/** What one question scored: all that the official figures, their intervals and a comparison need. */
export interface ScoredQuestion extends QuestionScore {
  readonly id: string;
  /** Title of its article: questions of one article are drawn together when intervals are computed. */
  readonly article: string;
}

/** The same where the best candidate's confidence is known, as it is of every run but not of a file of predictions. */
export interface JudgedQuestion extends ScoredQuestion, JudgedAnswer {}

/** Figures that need nothing but scores. */
export type ScoreFigure = 'exact' | 'f1' | 'HasAns_f1' | 'NoAns_f1';

/** A figure that has an interval. */
export type ComparedFigure = ScoreFigure | 'aurc' | 'expectedCalibrationError';

/** The official figures, in percent, computed so that thousands of samples take seconds. */
export const scoreFigures = ((sample) => ({
  exact: percentage(sample, ({ exact }) => exact),
  f1: percentage(sample, ({ f1 }) => f1),
  HasAns_f1: percentage(sample, ({ answerable, f1 }) => (answerable ? f1 : undefined)),
  NoAns_f1: percentage(sample, ({ answerable, f1 }) => (answerable ? undefined : f1)),
})) satisfies FiguresOf<ScoredQuestion, ScoreFigure>;

/** The same and figures that need confidences. */
export const judgedFigures = ((sample) => ({
  ...scoreFigures(sample),
  aurc: sample.length === 0 ? undefined : areaUnderRiskCoverage(sample),
  expectedCalibrationError: sample.length === 0 ? undefined : expectedCalibrationError(sample),
})) satisfies FiguresOf<JudgedQuestion, ComparedFigure>;

/** 100 · the mean of the values that are defined. */
function percentage(
  sample: readonly ScoredQuestion[],
  valueOf: (question: ScoredQuestion) => number | undefined,
): number | undefined {
  let sum = 0;
  let count = 0;
  for (const question of sample) {
    const value = valueOf(question);
    if (value === undefined) continue;
    sum += value;
    count++;
  }
  return count === 0 ? undefined : (100 * sum) / count;
}

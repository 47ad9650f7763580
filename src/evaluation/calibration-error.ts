import { requireConfidences, type JudgedAnswer } from './judged-answer.js';

/** Answers of similar confidence. */
export interface CalibrationBin {
  /** Confidences in [from, to); the last bin holds 1 too. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** null in an empty bin, as is the accuracy. */
  readonly meanConfidence: number | null;
  /** Share of right answers. */
  readonly accuracy: number | null;
}

const BINS = 10;

/**
 * The reliability diagram's bins, ten of equal width (Guo et al. 2017).
 *
 * @throws VerbatimError `invalid-option` for a confidence outside 0 to 1.
 */
export function calibrationBins(answers: readonly JudgedAnswer[]): CalibrationBin[] {
  requireConfidences(answers);
  const members = Array.from({ length: BINS }, (): JudgedAnswer[] => []);
  for (const answer of answers)
    members[Math.min(BINS - 1, Math.floor(BINS * answer.confidence))]?.push(answer);
  return members.map((bin, i) => ({
    from: i / BINS,
    to: (i + 1) / BINS,
    count: bin.length,
    meanConfidence: meanOrNull(bin, ({ confidence }) => confidence),
    accuracy: meanOrNull(bin, ({ correct }) => (correct ? 1 : 0)),
  }));
}

/** ECE (Naeini et al. 2015): Σ over the bins of (count / n) · |accuracy − mean confidence|; 0 without answers. */
export function expectedCalibrationError(answers: readonly JudgedAnswer[]): number {
  return calibrationBins(answers).reduce(
    (sum, { count, accuracy, meanConfidence }) =>
      sum + (count === 0 ? 0 : (count / answers.length) * Math.abs((accuracy ?? 0) - (meanConfidence ?? 0))),
    0,
  );
}

/** The Brier score (Brier 1950): the mean of (confidence − correct)², with correct as 1 or 0; 0 without answers. */
export function brierScore(answers: readonly JudgedAnswer[]): number {
  requireConfidences(answers);
  return meanOrNull(answers, ({ confidence, correct }) => (confidence - (correct ? 1 : 0)) ** 2) ?? 0;
}

function meanOrNull(
  answers: readonly JudgedAnswer[],
  value: (answer: JudgedAnswer) => number,
): number | null {
  return answers.length === 0
    ? null
    : answers.reduce((sum, answer) => sum + value(answer), 0) / answers.length;
}

import {
  areaUnderRiskCoverage,
  coverageAtPrecision,
  expectedCalibrationError,
  summarizeScores,
  type JudgedQuestion,
} from '../../src/evaluation/index.js';

/** Head of a Markdown table of rules. */
export const HEAD =
  '| | EM | F1 | HasAns | NoAns | AURC | ECE | coverage at 90% |\n| - | - | - | - | - | - | - | - |';

/** One rule's figures as a row of it. */
export function row(name: string, run: readonly JudgedQuestion[]): string {
  const { exact, f1, HasAns_f1 = NaN, NoAns_f1 = NaN } = summarizeScores(run);
  const cells = [
    name,
    ...[exact, f1, HasAns_f1, NoAns_f1].map((figure) => figure.toFixed(2)),
    areaUnderRiskCoverage(run).toFixed(4),
    expectedCalibrationError(run).toFixed(4),
    `${(100 * coverageAtPrecision(run, 0.9)).toFixed(1)}%`,
  ];
  return `| ${cells.join(' | ')} |`;
}

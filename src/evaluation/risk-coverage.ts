import { requireConfidences, type JudgedAnswer } from './judged-answer.js';

/** What happens if exactly the questions of at least this confidence are answered. */
export interface RiskCoveragePoint {
  readonly confidence: number;
  readonly answered: number;
  readonly wrong: number;
  /** answered / all questions. */
  readonly coverage: number;
  /** wrong / answered. */
  readonly risk: number;
}

/**
 * The risk–coverage curve (El-Yaniv and Wiener 2010): one point for each distinct confidence, from the highest to the
 * lowest. Equal confidences enter together, since no threshold can tell them apart.
 *
 * @throws VerbatimError `invalid-option` for a confidence outside 0 to 1.
 */
export function riskCoverageCurve(answers: readonly JudgedAnswer[]): RiskCoveragePoint[] {
  requireConfidences(answers);
  // Sorted as plain numbers: a bootstrap draws this curve a thousand times, and sorting records would take most of its time.
  const all = sortedConfidences(answers);
  const wrong = sortedConfidences(answers.filter(({ correct }) => !correct));
  const points: RiskCoveragePoint[] = [];
  let firstWrong = wrong.length;
  for (let first = all.length - 1; first >= 0; first--) {
    const confidence = all[first] ?? NaN;
    if (all[first - 1] === confidence) continue;
    while (firstWrong > 0 && (wrong[firstWrong - 1] ?? NaN) >= confidence) firstWrong--;
    const answered = all.length - first;
    const mistaken = wrong.length - firstWrong;
    points.push({
      confidence,
      answered,
      wrong: mistaken,
      coverage: answered / all.length,
      risk: mistaken / answered,
    });
  }
  return points;
}

function sortedConfidences(answers: readonly JudgedAnswer[]): Float64Array {
  return new Float64Array(answers.map(({ confidence }) => confidence)).sort();
}

/**
 * AURC, the area under the risk–coverage curve (Geifman and El-Yaniv 2017): (1/n) Σᵢ risk(confidenceᵢ), the mean over all n
 * questions of the risk at each one's own confidence. Smaller is better; 0 without questions.
 */
export function areaUnderRiskCoverage(answers: readonly JudgedAnswer[]): number {
  let area = 0;
  let before = 0;
  for (const { answered, risk } of riskCoverageCurve(answers)) {
    area += (answered - before) * risk;
    before = answered;
  }
  return answers.length === 0 ? 0 : area / answers.length;
}

/** The largest coverage at which at least this share of the given answers is right; 0 if there is none. */
export function coverageAtPrecision(answers: readonly JudgedAnswer[], precision: number): number {
  const reached = riskCoverageCurve(answers).filter(
    ({ answered, wrong }) => (answered - wrong) / answered >= precision,
  );
  return reached.at(-1)?.coverage ?? 0;
}

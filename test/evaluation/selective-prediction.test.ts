import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  areaUnderRiskCoverage,
  brierScore,
  calibrationBins,
  coverageAtPrecision,
  expectedCalibrationError,
  riskCoverageCurve,
  type JudgedAnswer,
} from '../../src/evaluation/index.js';
import { errorOf } from '../support/error-of.js';

const judged = (...answers: [number, boolean][]): JudgedAnswer[] =>
  answers.map(([confidence, correct]) => ({ confidence, correct }));

/**
 * Worked by hand: right at 0.9, wrong and right at 0.6, wrong at 0.2. Answering at least 0.9 gives 1 answer, none wrong; at least 0.6
 * gives 3, 1 wrong; at least 0.2 all 4, 2 wrong.
 */
const FOUR = judged([0.6, false], [0.9, true], [0.2, false], [0.6, true]);

describe('the risk–coverage curve', () => {
  it('has a point for each distinct confidence; equal ones enter together', () => {
    expect(riskCoverageCurve(FOUR)).toEqual([
      { confidence: 0.9, answered: 1, wrong: 0, coverage: 1 / 4, risk: 0 },
      { confidence: 0.6, answered: 3, wrong: 1, coverage: 3 / 4, risk: 1 / 3 },
      { confidence: 0.2, answered: 4, wrong: 2, coverage: 1, risk: 1 / 2 },
    ]);
  });

  it("has an area that is the mean of the risks at each answer's confidence", () => {
    // One answer sees risk 0, two see 1/3, one sees 1/2.
    expect(areaUnderRiskCoverage(FOUR)).toBeCloseTo((0 + 1 / 3 + 1 / 3 + 1 / 2) / 4, 12);
  });

  it('does not depend on the order of equal confidences', () => {
    const answers = fc.array(
      fc.record({ confidence: fc.constantFrom(0, 0.25, 0.5, 1), correct: fc.boolean() }),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(answers, (list) => {
        expect(areaUnderRiskCoverage(list.toReversed())).toBeCloseTo(areaUnderRiskCoverage(list), 12);
      }),
    );
  });

  it('tells the largest coverage with a precision, even where a smaller coverage misses it', () => {
    expect(coverageAtPrecision(FOUR, 0.8)).toBe(1 / 4);
    expect(coverageAtPrecision(FOUR, 2 / 3)).toBe(3 / 4);
    expect(coverageAtPrecision(FOUR, 0.5)).toBe(1);
    // The surest answer is wrong, but 4 of all 5 are right.
    const late = judged([0.9, false], [0.8, true], [0.7, true], [0.6, true], [0.5, true]);
    expect(coverageAtPrecision(late, 0.8)).toBe(1);
    expect(coverageAtPrecision(late, 0.9)).toBe(0);
  });

  it('is defined for no answers, and where all are wrong', () => {
    expect([riskCoverageCurve([]), areaUnderRiskCoverage([]), coverageAtPrecision([], 0.9)]).toEqual([
      [],
      0,
      0,
    ]);
    expect(areaUnderRiskCoverage(judged([0, false], [0, false]))).toBe(1);
  });
});

describe('calibration', () => {
  it('counts confidences into ten bins, the lower border inside, 1 in the last', () => {
    const bins = calibrationBins(judged([0, false], [0.1, true], [0.3, true], [0.35, false], [1, true]));
    expect(bins.map(({ count }) => count)).toEqual([1, 1, 0, 2, 0, 0, 0, 0, 0, 1]);
    expect(bins[3]).toEqual({
      from: 0.3,
      to: 0.4,
      count: 2,
      meanConfidence: expect.closeTo(0.325, 12) as number,
      accuracy: 0.5,
    });
    expect(bins[2]).toEqual({ from: 0.2, to: 0.3, count: 0, meanConfidence: null, accuracy: null });
  });

  it('has an expected error that weighs each bin by its answers', () => {
    // Bin 0.6: 2 of 4 answers, accuracy 1/2, confidence 0.6. Bin 0.9: 1 answer, 1 against 0.9. Bin 0.2: 1 answer, 0 against 0.2.
    expect(expectedCalibrationError(FOUR)).toBeCloseTo((2 / 4) * 0.1 + (1 / 4) * 0.1 + (1 / 4) * 0.2, 12);
    expect(expectedCalibrationError([])).toBe(0);
  });

  it('has a Brier score that is the mean squared error', () => {
    expect(brierScore(FOUR)).toBeCloseTo((0.6 ** 2 + 0.1 ** 2 + 0.2 ** 2 + 0.4 ** 2) / 4, 12);
    expect(brierScore([])).toBe(0);
  });

  it.each([NaN, -0.1, 1.1, Infinity])('refuses the confidence %s', async (confidence) => {
    for (const figure of [areaUnderRiskCoverage, expectedCalibrationError, brierScore]) {
      const error = await errorOf(() => figure([{ confidence, correct: true }]));
      expect([error.code, error.message]).toEqual([
        'invalid-option',
        `Expected confidence to be a finite number >= 0 and <= 1, got ${confidence}.`,
      ]);
    }
  });
});

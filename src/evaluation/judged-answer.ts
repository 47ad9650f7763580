import { requireNumber } from '../core/errors.js';

/**
 * A question's best candidate, answered or withheld, for measuring how well confidence tells right from wrong. It is correct
 * iff the question can be answered and the candidate matches a gold answer exactly: whatever is said to an unanswerable
 * question is wrong.
 */
export interface JudgedAnswer {
  /** 0 to 1; 0 where no passage offered a candidate. */
  readonly confidence: number;
  readonly correct: boolean;
}

/** @throws VerbatimError `invalid-option` for a confidence that is no number from 0 to 1: NaN would silently spoil an order. */
export function requireConfidences(answers: readonly JudgedAnswer[]): void {
  for (const { confidence } of answers) requireNumber('confidence', confidence, 0, 1);
}

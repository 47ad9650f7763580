import { requireInteger } from '../core/errors.js';
import type { ReadOptions } from './types.js';

/** The options of a read that shape it, all decided. */
export interface ReadingRules {
  readonly maxSequenceLength: number;
  readonly stride: number;
  readonly maxQuestionLength: number;
  readonly maxPreambleLength: number;
  readonly maxAnswerLength: number;
  readonly nBest: number;
  readonly alignToWords: boolean;
}

/** Window, stride, span length and n-best are run_qa's; the question limit is larger than any question of SQuAD. */
export const DEFAULT_READING: ReadingRules = Object.freeze({
  maxSequenceLength: 384,
  stride: 128,
  maxQuestionLength: 64,
  maxPreambleLength: 64,
  maxAnswerLength: 30,
  nBest: 20,
  alignToWords: true,
});

/**
 * Completes and checks the options of a read. Limits that a short model cannot hold are lowered where they were not
 * set; every window has room for at least one passage token that its neighbours do not share.
 *
 * @param longest - tokens of the model's longest window.
 * @param specialTokens - how many of a window's tokens are special ones.
 * @throws VerbatimError `invalid-option`, naming the option, its range and the value.
 */
export function readingRules(options: ReadOptions, longest: number, specialTokens: number): ReadingRules {
  const integer = (
    name: Exclude<keyof ReadingRules, 'alignToWords'>,
    min: number,
    max: number,
    fallback = max,
  ): number => requireInteger(name, options[name] ?? Math.min(DEFAULT_READING[name], fallback), min, max);

  const maxSequenceLength = integer('maxSequenceLength', specialTokens + 2, longest);
  const room = maxSequenceLength - specialTokens;
  const maxQuestionLength = integer('maxQuestionLength', 1, room - 1, Math.floor(room / 2));
  const beside = room - maxQuestionLength;
  const maxPreambleLength = integer('maxPreambleLength', 0, beside - 1, Math.floor(beside / 2));
  return {
    maxSequenceLength,
    maxQuestionLength,
    maxPreambleLength,
    stride: integer('stride', 0, beside - maxPreambleLength - 1),
    maxAnswerLength: integer('maxAnswerLength', 1, Number.MAX_SAFE_INTEGER),
    nBest: integer('nBest', 1, Number.MAX_SAFE_INTEGER),
    alignToWords: options.alignToWords ?? DEFAULT_READING.alignToWords,
  };
}

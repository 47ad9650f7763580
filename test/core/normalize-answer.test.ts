import { describe, expect, it } from 'vitest';
import { normalizeAnswer } from '../../src/core/normalize-answer.js';

describe('normalizeAnswer', () => {
  // Expected values: normalize_answer of the official evaluate-v2.0.py under Python 3.11.
  it.each([
    ['The  Warranty, of  AN item', 'warranty of item'],
    ['a-b', 'ab'],
    ['a', ''],
    ['$1,000.00', '100000'],
    ['“two years”', '“two years”'],
    ['à the end', 'à end'],
    ['theà', 'theà'],
    ['x\u00a0the\u2003y', 'x y'],
    ['x\ufeffy', 'x\ufeffy'],
    ['ΟΔΟΣ', 'οδος'],
  ])('%j becomes %j', (text, expected) => {
    expect(normalizeAnswer(text)).toBe(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { requireInteger, requireNumber, VerbatimError } from '../../src/core/errors.js';

const codeOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    if (VerbatimError.isInstance(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'no error';
};

describe('option checks', () => {
  it('name the option, the range and the value', () => {
    expect(codeOf(() => requireInteger('topK', -1, 1))).toBe(
      'invalid-option: Expected topK to be a whole number of at least 1, got -1.',
    );
    expect(codeOf(() => requireInteger('stride', 2.5, 0, 10))).toBe(
      'invalid-option: Expected stride to be a whole number from 0 to 10, got 2.5.',
    );
    expect(codeOf(() => requireNumber('b', 1.5, 0, 1))).toBe(
      'invalid-option: Expected b to be a finite number >= 0 and <= 1, got 1.5.',
    );
    expect(codeOf(() => requireNumber('threshold', NaN))).toBe(
      'invalid-option: Expected threshold to be a finite number, got NaN.',
    );
  });

  it('accept the bounds themselves', () => {
    expect(requireInteger('stride', 0, 0, 10)).toBe(0);
    expect(requireNumber('b', 1, 0, 1)).toBe(1);
  });
});

describe('VerbatimError', () => {
  it('is recognised without instanceof, and nothing else is', () => {
    expect(VerbatimError.isInstance(new VerbatimError('closed', 'x'))).toBe(true);
    expect(VerbatimError.isInstance(new Error('x'))).toBe(false);
    expect(VerbatimError.isInstance(null)).toBe(false);
  });
});

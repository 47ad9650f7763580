import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromFragment, toFragment, type Question } from '../../../src/widget/playground/question.js';

const text = fc.string({ unit: 'grapheme', minLength: 1 });
const date = fc.constantFrom('2026-01-31', '2025-12-01');
const questions: fc.Arbitrary<Question> = fc.record(
  {
    question: fc.string({ unit: 'grapheme' }),
    topK: fc.integer({ min: 1, max: 100 }),
    threshold: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    minConfidence: fc.constantFrom(0, 0.35, 1),
    filter: fc
      .record(
        { path: text, tags: fc.array(text, { minLength: 1 }), from: date, to: date },
        { requiredKeys: [] },
      )
      .filter((filter) => Object.keys(filter).length > 0),
  },
  { requiredKeys: ['question'] },
);

describe('a link to a question', () => {
  it('gives back the question that it was made of', () => {
    fc.assert(
      fc.property(questions, (question) => {
        expect(fromFragment(toFragment(question))).toEqual({ question, leftOut: [] });
      }),
    );
  });

  it('holds the question behind #, which no server is sent', () => {
    const fragment = toFragment({ question: 'What? & why #1', filter: { tags: ['a', 'b'] } });
    const url = new URL(fragment, 'http://host/');
    expect([url.search, url.pathname]).toEqual(['', '/']);
    expect(url.hash).toBe('#q=What%3F+%26+why+%231&tag=a&tag=b');
  });

  it('says which of its numbers are none, and takes the rest', () => {
    expect(fromFragment('#q=When%3F&k=many&threshold=&minConfidence=0.5')).toEqual({
      question: { question: 'When?', minConfidence: 0.5 },
      leftOut: ['k=many', 'threshold='],
    });
  });

  it('is none without a question', () => {
    expect(fromFragment('')).toBeUndefined();
    expect(fromFragment('#k=3')).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { aggregate, type AggregationProfile } from '../../src/pipeline/index.js';
import { readingOf as reading } from '../support/readings.js';

const PROFILE: AggregationProfile = {
  aggregation: 'null-score',
  threshold: 0,
  calibration: { slope: 0.5, intercept: -1 },
};

describe('aggregate', () => {
  it('drops a passage iff its null score beats its best span by more than the threshold', () => {
    const readings = [reading('d', 'It lasts two years.', 5, [['two years', 3]])];
    expect(aggregate(readings, { ...PROFILE, threshold: 2 }).kind).toBe('answer');
    expect(aggregate(readings, { ...PROFILE, threshold: 1.99 }).kind).toBe('no-answer');
    expect(aggregate(readings, { ...PROFILE, threshold: -3 }).kind).toBe('no-answer');
  });

  it('returns the span with the largest margin, its numbers and its confidence', () => {
    const result = aggregate(
      [
        reading('a', 'It lasts one year.', 9, [['one year', 10]]),
        reading('b', 'It lasts two years.', 1, [['two years', 4]]),
      ],
      PROFILE,
    );
    // Margin 3 beats margin 1, although 10 is the larger span score; 1 / (1 + e^−(0.5 · 3 − 1)) = 0.62246.
    expect(result).toMatchObject({ kind: 'answer', answer: 'two years', score: 4, nullScore: 1, margin: 3 });
    expect(result.kind === 'answer' && result.confidence).toBeCloseTo(0.62246, 5);
    expect(result.kind === 'answer' && result.alternatives.map(({ answer }) => answer)).toEqual(['one year']);
  });

  it('merges equal answers into one with a citation each, the best place first', () => {
    const result = aggregate(
      [
        reading('a', 'lasts the two years', 0, [['the two years', 3]]),
        reading('b', 'lasts three years', 0, [['three years', 4]]),
        reading('c', 'lasts Two Years', 0, [['Two Years', 5]]),
      ],
      PROFILE,
    );
    expect(result).toMatchObject({
      answer: 'Two Years',
      citations: [{ documentId: 'c' }, { documentId: 'a' }],
    });
    expect(result.kind === 'answer' && result.alternatives.map(({ answer }) => answer)).toEqual([
      'three years',
    ]);
  });

  it('cites a place that overlapping passages share once', () => {
    const result = aggregate(
      [
        reading('a', 'It lasts two years.', 0, [['two years', 3]], { start: 100 }),
        reading('a', 'lasts two years. More.', 0, [['two years', 2]], { start: 103 }),
      ],
      PROFILE,
    );
    expect(result).toMatchObject({
      citations: [{ documentId: 'a', start: 109, end: 118, quote: 'two years' }],
    });
  });

  it('orders equal margins by document id, then by position', () => {
    const readings = [
      reading('b', 'one', 0, [['one', 3]]),
      reading('a', 'two', 0, [['two', 3]], { start: 50 }),
      reading('a', 'three', 0, [['three', 3]], { start: 10 }),
    ];
    const answers = (list: typeof readings): string[] => {
      const result = aggregate(list, PROFILE);
      return result.kind === 'answer'
        ? [result.answer, ...result.alternatives.map(({ answer }) => answer)]
        : [];
    };
    expect(answers(readings)).toEqual(['three', 'two', 'one']);
    expect(answers([...readings].reverse())).toEqual(['three', 'two', 'one']);
  });

  it('leaves further spans of a kept passage out if they are below the threshold', () => {
    const result = aggregate(
      [
        reading('a', 'two years or three', 0, [
          ['two years', 3],
          ['three', -1],
        ]),
      ],
      PROFILE,
    );
    expect(result).toMatchObject({ answer: 'two years', alternatives: [] });
  });

  it('says why there is no answer, with the best rejected candidate', () => {
    const readings = [
      reading('a', 'one year', 5, [['one year', 1]]),
      reading('b', 'two years', 5, [['two years', 2]]),
    ];
    expect(aggregate(readings, PROFILE)).toMatchObject({
      kind: 'no-answer',
      reason: 'no-support',
      bestRejected: { answer: 'two years', margin: -3, citations: [{ documentId: 'b' }] },
      passagesRead: 2,
      passagesDropped: 2,
      threshold: 0,
    });
    expect(aggregate([], PROFILE)).toMatchObject({
      kind: 'no-answer',
      reason: 'no-passages',
      bestRejected: null,
    });
    expect(aggregate([reading('a', '…', 1, [])], PROFILE)).toMatchObject({
      reason: 'no-support',
      bestRejected: null,
    });
  });

  it('keeps answers apart that normalise to nothing', () => {
    const result = aggregate(
      [reading('a', 'the', 0, [['the', 3]]), reading('b', 'a', 0, [['a', 2]])],
      PROFILE,
    );
    expect(result).toMatchObject({ answer: 'the', alternatives: [{ answer: 'a' }] });
  });

  it('returns as many alternatives as asked for, none for 0', () => {
    const readings = ['one', 'two', 'three', 'four', 'five'].map((word, i) =>
      reading(word, word, 0, [[word, 9 - i]]),
    );
    const count = (alternatives?: number): number => {
      const result = aggregate(readings, PROFILE, alternatives === undefined ? {} : { alternatives });
      return result.kind === 'answer' ? result.alternatives.length : -1;
    };
    expect([count(), count(0), count(10)]).toEqual([3, 0, 4]);
  });

  it('explains every passage where asked', () => {
    const readings = [reading('a', 'one', 5, [['one', 1]]), reading('b', 'two', 0, [['two', 2]])];
    expect(aggregate(readings, PROFILE).explanation).toBeUndefined();
    expect(aggregate(readings, PROFILE, { explain: true }).explanation).toMatchObject([
      { bestSpan: 'one', score: 1, nullScore: 5, margin: -4, kept: false },
      { bestSpan: 'two', score: 2, nullScore: 0, margin: 2, kept: true },
    ]);
    expect(aggregate(readings, PROFILE)).not.toHaveProperty('profile');
  });

  it('says whether another supported answer is as sure and says something else', () => {
    const close = [
      reading('a', 'two years', 0, [['two years', 3]]),
      reading('b', 'one year', 0, [['one year', 2.8]]),
    ];
    const within = [
      reading('a', 'two years', 0, [['two years', 3]]),
      reading('b', 'about two years', 0, [['about two years', 2.9]]),
    ];
    const far = [
      reading('a', 'two years', 0, [['two years', 3]]),
      reading('b', 'one year', 0, [['one year', 0.1]]),
    ];
    expect(aggregate(close, PROFILE)).toMatchObject({
      conflicting: true,
      alternatives: [{ answer: 'one year' }],
    });
    expect(aggregate(within, PROFILE)).toMatchObject({ conflicting: false });
    expect(aggregate(far, PROFILE)).toMatchObject({ conflicting: false });
  });
});

import { describe, expect, it } from 'vitest';
import { compareRuns, type JudgedQuestion } from '../../src/evaluation/index.js';
import { errorOf } from '../support/error-of.js';

const question = (id: string, article: string, exact: number, confidence = 0.5): JudgedQuestion => ({
  id,
  article,
  answerable: true,
  exact,
  f1: exact,
  confidence,
  correct: exact === 1,
});

describe('the comparison of two runs', () => {
  const a = [question('1', 'x', 0), question('2', 'y', 1), question('3', 'y', 1), question('only a', 'z', 1)];
  const b = [question('3', 'y', 1), question('2', 'y', 1), question('1', 'x', 1)];

  it('is over the questions that both have, and says how many', () => {
    const { questions, articles, onlyInA, onlyInB, differences } = compareRuns(a, b);
    expect({ questions, articles, onlyInA, onlyInB }).toEqual({
      questions: 3,
      articles: 2,
      onlyInA: 1,
      onlyInB: 0,
    });
    // a is right on 2 of the 3, b on all.
    expect(differences.exact).toMatchObject({ a: 200 / 3, b: 100 });
    expect(differences.exact?.difference).toBeCloseTo(100 / 3, 12);
    // Resamples xx, xy, yx, yy: b is better by 100, 33.3, 33.3 and 0.
    expect(differences.exact?.interval).toEqual({ low: 0, high: 100 });
  });

  it('cancels out what makes an article hard for both', () => {
    const hard = ['v', 'w', 'x', 'y', 'z'].map((article, i) => question(article, article, i % 2));
    const { differences } = compareRuns(hard, hard);
    expect(differences.f1).toEqual({ a: 40, b: 40, difference: 0, interval: { low: 0, high: 0 } });
  });

  it('leaves figures of unanswerable questions out where there are none, and intervals with one article', () => {
    const { differences } = compareRuns(a.slice(1, 3), b);
    expect(differences).not.toHaveProperty('NoAns_f1');
    expect(differences.HasAns_f1).toEqual({ a: 100, b: 100, difference: 0 });
  });

  it('compares confidences only if both runs have them', () => {
    expect(compareRuns(a, b).differences).toHaveProperty('aurc');
    const scores = a.map(({ id, article, answerable, exact, f1 }) => ({
      id,
      article,
      answerable,
      exact,
      f1,
    }));
    expect(compareRuns(scores, b).differences).not.toHaveProperty('aurc');
  });

  it('refuses runs that share no question or disagree about one', async () => {
    const none = await errorOf(() => compareRuns(a, [question('9', 'x', 1)]));
    expect([none.code, none.message]).toEqual([
      'dataset-invalid',
      'Expected two runs over the same questions, got 4 and 1 questions of which none has the same id.',
    ]);
    const unlike = await errorOf(() => compareRuns(a, [{ ...question('1', 'x', 1), answerable: false }]));
    expect(unlike.message).toContain('question "1" is answerable in only one of them');
  });
});

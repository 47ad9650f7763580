import { describe, expect, it } from 'vitest';
import {
  fitFusion,
  fitLimit,
  LEAST_QUESTIONS,
  pickBest,
  shareWeights,
  tunedFigures,
  tuneProfile,
  tuningExample,
  type Decision,
  type ReadQuestion,
  type TuneOptions,
  type TuningExample,
} from '../../../src/evaluation/tuning/index.js';
import { FEATURES, parseProfile, type Feature } from '../../../src/pipeline/index.js';
import { errorOf } from '../../support/error-of.js';
import { readingOf } from '../../support/readings.js';

/** A generator of numbers in [0, 1) (mulberry32): the same on every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const decision = (score: number, exact: number, answerable = true): Decision => ({
  score,
  exact,
  f1: exact,
  answerable,
  weight: 0.2,
});

describe('fitLimit', () => {
  // Answered in this order: right, wrong (unanswerable), right, right, wrong (unanswerable).
  const decisions = [
    decision(9, 1),
    decision(7, 0, false),
    decision(5, 1),
    decision(4, 1),
    decision(2, 0, false),
  ];

  it('finds the best F1, midway between two scores', () => {
    // After each answer: 0.6, 0.4, 0.6, 0.8, 0.6.
    expect(fitLimit(decisions, { kind: 'f1' })).toBe(3);
  });

  it('answers as much as a precision allows, or as a coverage asks', () => {
    // Precisions: 1, 1/2, 2/3, 3/4, 3/5.
    expect(fitLimit(decisions, { kind: 'precision', value: 0.75 })).toBe(3);
    expect(fitLimit(decisions, { kind: 'precision', value: 0.9 })).toBe(8);
    expect(fitLimit(decisions, { kind: 'coverage', value: 0.4 })).toBe(6);
    expect(fitLimit(decisions, { kind: 'coverage', value: 1 })).toBeLessThan(2);
  });

  it('says which precision can be reached', async () => {
    const error = await errorOf(() =>
      fitLimit([decision(3, 0), decision(2, 1)], { kind: 'precision', value: 0.9 }),
    );
    expect(error).toMatchObject({ code: 'tuning-target-unreached' });
    expect(error.message).toContain('0.500');
  });

  it('never parts equal scores, and answers nothing where that is best', () => {
    expect(fitLimit([decision(3, 1), decision(3, 0, false)], { kind: 'precision', value: 0.5 })).toBeLessThan(
      3,
    );
    expect(fitLimit([decision(3, 0, false), decision(2, 1)], { kind: 'f1' })).toBeGreaterThan(3);
  });

  it('is judged with the weights', () => {
    expect(tunedFigures(decisions, () => 3)).toEqual({
      exact: expect.closeTo(80) as number,
      f1: expect.closeTo(80) as number,
      coverage: expect.closeTo(0.8) as number,
      precision: expect.closeTo(0.75) as number,
    });
    expect(tunedFigures(decisions, () => 99)).toMatchObject({
      coverage: 0,
      precision: 0,
      f1: expect.closeTo(40) as number,
    });
  });
});

const TRUE_WEIGHTS: Partial<Record<Feature, number>> = { margin: 0.7, retrievalShare: 2, termCoverage: 1.5 };

/** Questions whose outcome is drawn from a multinomial logit with known weights. */
function drawn(count: number, seed: number): TuningExample[] {
  const random = generator(seed);
  return Array.from({ length: count }, (_, n) => {
    const candidates = Array.from({ length: 6 }, (__, c) => ({
      key: `${c}`,
      features: Object.fromEntries(FEATURES.map((feature) => [feature, 4 * random() - 2])) as Record<
        Feature,
        number
      >,
    }));
    const powers = candidates.map(({ features }) =>
      Math.exp(FEATURES.reduce((sum, feature) => sum + (TRUE_WEIGHTS[feature] ?? 0) * features[feature], -1)),
    );
    let left = random() * powers.reduce((sum, power) => sum + power, 1);
    const chosen = powers.findIndex((power) => (left -= power) < 0);
    return {
      id: `${n}`,
      article: `${n % 7}`,
      answerable: chosen >= 0,
      candidates: candidates.map((candidate, c) => ({
        ...candidate,
        exact: c === chosen ? 1 : 0,
        f1: c === chosen ? 1 : 0,
      })),
    };
  });
}

describe('fitFusion', () => {
  it('finds the weights that the outcomes were drawn with', () => {
    const examples = drawn(4000, 1);
    const { intercept, weights } = fitFusion(
      examples,
      examples.map(() => 1 / examples.length),
    );
    expect(intercept).toBeCloseTo(-1, 0);
    for (const feature of FEATURES)
      expect(Math.abs(weights[feature] - (TRUE_WEIGHTS[feature] ?? 0))).toBeLessThan(0.15);
  });

  it('gives probabilities that hold', () => {
    const examples = drawn(3000, 2);
    const fusion = fitFusion(
      examples,
      examples.map(() => 1 / examples.length),
    );
    const picks = drawn(3000, 3).map((example) => {
      const pick = pickBest(example, fusion);
      return pick && { ...pick, probability: Math.exp(pick.inputs.logProbability) };
    });
    for (const [low, high] of [
      [0, 0.5],
      [0.5, 0.8],
      [0.8, 1],
    ] as const) {
      const inside = picks.filter(
        (pick) => pick !== undefined && pick.probability >= low && pick.probability < high,
      );
      const mean = (of: (pick: (typeof inside)[number]) => number): number =>
        inside.reduce((sum, pick) => sum + of(pick), 0) / inside.length;
      expect(mean((pick) => pick?.candidate.exact ?? 0)).toBeCloseTo(
        mean((pick) => pick?.probability ?? 0),
        1,
      );
    }
  });

  it('stays finite where a feature never varies or tells all', () => {
    const examples = drawn(200, 4).map((example) => ({
      ...example,
      candidates: example.candidates.map((candidate) => ({
        ...candidate,
        features: { ...candidate.features, logRank: 0, agreement: candidate.exact },
      })),
    }));
    const { intercept, weights } = fitFusion(
      examples,
      examples.map(() => 1 / examples.length),
    );
    expect([intercept, ...Object.values(weights)].every(Number.isFinite)).toBe(true);
    expect(weights.logRank).toBe(0);
    expect(weights.agreement).toBeGreaterThan(1);
  });

  it('gives unanswerable questions the share of the weight that is asked for', () => {
    const examples = drawn(300, 5);
    const weights = shareWeights(examples, 0.3);
    const unanswerable = weights.filter((_, i) => examples[i]?.answerable === false);
    expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1);
    expect(unanswerable.reduce((a, b) => a + b)).toBeCloseTo(0.3);
  });
});

/** Questions read in two passages; the right one has the larger margin more often than not. */
function read(count: number, { articles = 8, unanswerable = 0.5, seed = 1 } = {}): ReadQuestion[] {
  const random = generator(seed);
  return Array.from({ length: count }, (_, n) => {
    const answerable = n >= count * unanswerable;
    const noise = (): number => 4 * (random() + random() + random()) - 6;
    const article = `article ${n % articles}`;
    return {
      question: {
        id: `q${n}`,
        question: 'Which colour is the lamp?',
        title: article,
        paragraph: 0,
        answers: answerable ? [{ text: 'red', start: 0, end: 3 }] : [],
      },
      readings: [
        readingOf('a', 'red lamp', 0, [['red', (answerable ? 2 : -2) + noise()]], {
          rank: 1,
          retrievalScore: 5 + random(),
        }),
        readingOf('b', 'green', 0, [['green', noise()]], { rank: 2, retrievalScore: 1 + random() }),
        readingOf('c', 'blue', 0, [['blue', noise() - 1]], { rank: 3, retrievalScore: 1 }),
      ],
    };
  });
}

const OPTIONS: TuneOptions = { model: { id: 'm', revision: '1' }, topK: 3, fittedOn: 'drawn questions' };

describe('tuneProfile', () => {
  it('fits a fusion profile that beats the plain rule on articles it has not seen', () => {
    const { profile, crossValidated, nullScore } = tuneProfile(read(600), OPTIONS);
    expect(profile.aggregation).toBe('fusion');
    expect(parseProfile(JSON.parse(JSON.stringify(profile)), 'p', OPTIONS.model)).toEqual(profile);
    expect(crossValidated.f1).toBeGreaterThan(nullScore.f1);
    expect(profile).toMatchObject({
      topK: 3,
      unanswerableShare: 0.5,
      questions: 600,
      fittedOn: 'drawn questions',
    });
  });

  it('gives the same profile for the same questions', () => {
    expect(tuneProfile(read(300), OPTIONS)).toEqual(tuneProfile(read(300), OPTIONS));
  });

  it('keeps to a precision on articles it has not seen', () => {
    const strict = tuneProfile(read(2000), { ...OPTIONS, targetPrecision: 0.95 }).crossValidated;
    const wide = tuneProfile(read(2000), { ...OPTIONS, targetCoverage: 0.8 }).crossValidated;
    expect(strict.precision).toBeGreaterThan(0.92);
    expect(wide.coverage).toBeCloseTo(0.8, 1);
    expect(strict.coverage).toBeLessThan(wide.coverage);
  });

  it('fits the plain rule where there are too few questions for more, or where it is asked for', () => {
    const small = tuneProfile(read(100), OPTIONS);
    expect(small.profile.aggregation).toBe('null-score');
    expect(small.crossValidated).toEqual(small.nullScore);
    expect(tuneProfile(read(600), { ...OPTIONS, aggregation: 'null-score' }).profile).toMatchObject({
      aggregation: 'null-score',
      calibration: { slope: expect.any(Number) as number },
    });
  });

  it('expects fewer answers where more questions are unanswerable', () => {
    const rare = tuneProfile(read(600), {
      ...OPTIONS,
      aggregation: 'null-score',
      unanswerableShare: 0.1,
    }).profile;
    const often = tuneProfile(read(600), {
      ...OPTIONS,
      aggregation: 'null-score',
      unanswerableShare: 0.9,
    }).profile;
    expect(rare.threshold).toBeGreaterThan(often.threshold);
  });

  it.each([
    [
      'too few questions',
      read(40),
      /at least 30 answerable and 30 unanswerable questions to tune on, got 20 and 20/,
    ],
    ['no unanswerable question', read(200, { unanswerable: 0 }), /got 200 and 0/],
    ['one article only', read(200, { articles: 1 }), /at least 2 articles/],
  ])('refuses %s', async (_, questions, message) => {
    const error = await errorOf(() => tuneProfile(questions, OPTIONS));
    expect(error).toMatchObject({ code: 'tuning-set-unfit' });
    expect(error.message).toMatch(message);
  });

  it.each([
    [{ targetPrecision: 1.2 }, /targetPrecision to be a finite number >= 0 and <= 1, got 1.2/],
    [{ targetPrecision: 0.9, targetCoverage: 0.5 }, /one of targetPrecision and targetCoverage/],
    [{ unanswerableShare: 0 }, /unanswerableShare/],
    [{ folds: 1 }, /folds/],
  ])('refuses %o', async (options, message) => {
    const error = await errorOf(() => tuneProfile(read(200), { ...OPTIONS, ...options }));
    expect(error.message).toMatch(message);
  });

  it('takes questions without a passage as withheld', () => {
    const questions = [
      ...read(200),
      ...read(20, { seed: 9 }).map(({ question }, i) => ({
        question: { ...question, id: `n${i}` },
        readings: [],
      })),
    ];
    expect(tuneProfile(questions, OPTIONS).profile.questions).toBe(220);
  });

  it('labels candidates by the gold answers', () => {
    const [{ question, readings }] = read(1, { unanswerable: 0 }) as [ReadQuestion];
    const example = tuningExample(question, readings);
    expect(example.candidates.filter(({ exact }) => exact === 1).map(({ key }) => key)).toEqual(['red']);
    expect(tuningExample({ ...question, answers: [] }, readings).candidates.every(({ f1 }) => f1 === 0)).toBe(
      true,
    );
    expect(LEAST_QUESTIONS).toBe(30);
  });
});

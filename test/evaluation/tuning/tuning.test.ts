import { describe, expect, it } from 'vitest';
import {
  fitAnswerability,
  fitCalibration,
  fitEnough,
  fitFusion,
  fitLimit,
  LEAST_QUESTIONS,
  pickBest,
  shareWeights,
  tunedFigures,
  tuneProfile,
  tuningExample,
  type Decision,
  type PickedCandidate,
  type ReadQuestion,
  type TuneOptions,
  type TuningExample,
} from '../../../src/evaluation/tuning/index.js';
import {
  answerabilityOf,
  confidenceOf,
  FEATURES,
  parseProfile,
  type Feature,
} from '../../../src/pipeline/index.js';
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
      return pick && { ...pick, probability: Math.exp(pick.logProbability) };
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

const NO_WEIGHTS = Object.fromEntries(FEATURES.map((feature) => [feature, 0])) as Record<Feature, number>;

/** A question's best candidate of which only these numbers are known. */
function picked(
  features: Partial<Record<Feature, number>>,
  outcome: { f1: number; exact?: number } | undefined,
  logProbability = -1,
): PickedCandidate {
  const { f1 = 0, exact = 0 } = outcome ?? {};
  const candidate = { key: '', features: { ...NO_WEIGHTS, ...features }, f1, exact };
  return {
    example: { answerable: outcome !== undefined },
    weight: 1,
    best: { candidate, score: 0, logProbability },
  };
}

describe('fitAnswerability', () => {
  it('gives the share of what is gained in what is gained or lost', () => {
    const half = picked({}, { f1: 0.5 });
    // Three answers that are half right gain 1.5, an answer to what has none costs 1, a wrong one nothing.
    const model = fitAnswerability([half, half, half, picked({}, undefined), picked({}, { f1: 0 })]);
    expect(answerabilityOf(NO_WEIGHTS, model)).toBeCloseTo(0.6, 6);
  });

  it('finds what tells answerable questions from others', () => {
    const random = generator(8);
    const set = Array.from({ length: 2000 }, () => {
      const margin = 4 * random() - 2;
      const answerable = random() < 1 / (1 + Math.exp(-(2 * margin - 1)));
      return picked({ margin, missingTerms: random() }, answerable ? { f1: 1 } : undefined);
    });
    const { intercept, weights } = fitAnswerability(set);
    expect(intercept).toBeCloseTo(-1, 0);
    expect(Math.abs(weights.margin - 2)).toBeLessThan(0.3);
    expect(Math.abs(weights.missingTerms)).toBeLessThan(0.4);
    expect(weights.nearbyCoverage).toBe(0);
  });
});

describe('fitCalibration', () => {
  const drawnWith = (probabilityRight: (p: number) => number): PickedCandidate[] => {
    const random = generator(9);
    return Array.from({ length: 4000 }, () => {
      const p = random();
      const exact = random() < probabilityRight(p) ? 1 : 0;
      return picked({}, { f1: exact, exact }, Math.log(p));
    });
  };

  it('gives probabilities that hold, also where low and high ones are off in different ways', () => {
    const truth = (p: number): number =>
      1 / (1 + Math.exp(-(0.5 * Math.log(p) - 1.5 * Math.log(1 - p) - 0.5)));
    const calibration = fitCalibration(drawnWith(truth));
    for (const p of [0.05, 0.3, 0.6, 0.95])
      expect(Math.abs(confidenceOf(Math.log(p), calibration) - truth(p))).toBeLessThan(0.05);
  });

  it('never turns the order round', () => {
    const { slope, complementSlope } = fitCalibration(drawnWith((p) => 0.8 - 0.6 * p));
    expect([slope, complementSlope]).toEqual([0, 0]);
  });
});

describe('fitEnough', () => {
  const fusion = { intercept: 0, weights: { ...NO_WEIGHTS, margin: 1 } };
  const rule = {
    answerability: { intercept: 0, weights: { margin: 0, missingTerms: 0, nearbyCoverage: 0 } },
    calibration: { slope: 1, complementSlope: 1, intercept: 0 },
    minConfidence: 0.6,
    minAnswerability: 0,
  };
  /** One word a passage, with these margins. */
  const question = (...margins: number[]): Parameters<typeof fitEnough>[0][number] => {
    const readings = margins.map((margin, i) =>
      readingOf(`${i}`, `word${i}`, 0, [[`word${i}`, margin]], { rank: i + 1 }),
    );
    const label = { id: '', question: 'Which?', title: '', paragraph: 0, answers: [] };
    return {
      question: label,
      readings,
      fusion,
      best: pickBest(tuningExample(label, readings), fusion),
    };
  };

  it('is above every score after which the answer changed, a round no lower than the next', () => {
    // After two passages 1 is overtaken by 3; after four 2 by 4.
    expect(fitEnough([question(1, 0, 3), question(9, 0, 0)], rule)).toEqual({ enoughScores: [2] });
    expect(fitEnough([question(1, 0, 3), question(2, 0, 0, 0, 4)], rule)).toEqual({
      enoughScores: [3, 3],
    });
  });

  it('is above every score after which the same answer was no longer given', () => {
    // Alone: e⁵ / (1 + 1 + e⁵) = 0.99; beside the like: e⁵ / (2 + e⁵ + e⁴·⁹) = 0.52.
    expect(fitEnough([question(5, 0, 4.9)], rule)).toEqual({ enoughScores: [6] });
    expect(fitEnough([question(5, 0, 4.9)], { ...rule, minConfidence: 0.5 })).toEqual({});
  });

  it('is nothing where nothing ever changed', () => {
    expect(fitEnough([question(9, 0, 0)], rule)).toEqual({});
    expect(fitEnough([], rule)).toEqual({});
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
      minConfidence: 0,
      minAnswerability: expect.closeTo(0.5, 0) as number,
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
    const strictly = tuneProfile(read(2000), { ...OPTIONS, targetPrecision: 0.95 });
    const strict = strictly.crossValidated;
    const wide = tuneProfile(read(2000), { ...OPTIONS, targetCoverage: 0.8 }).crossValidated;
    expect(strictly.profile).toMatchObject({ minAnswerability: 0 });
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

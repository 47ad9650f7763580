import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  aggregate,
  ANSWERABILITY_INPUTS,
  confidenceOf,
  describeAnswers,
  FEATURES,
  groupAnswers,
  parseProfile,
  readProfile,
  type AnswerabilityInput,
  type Feature,
  type FusionProfile,
} from '../../src/pipeline/index.js';
import { createAnswerer } from '../../src/pipeline/index.js';
import type { Reader } from '../../src/reader/index.js';
import { errorOf } from '../support/error-of.js';
import { readingOf } from '../support/readings.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Answerability that weighs these inputs and nothing else. */
function answerability(
  weights: Partial<Record<AnswerabilityInput, number>>,
  intercept = 0,
): FusionProfile['answerability'] {
  const all = Object.fromEntries(ANSWERABILITY_INPUTS.map((input) => [input, 0]));
  return { intercept, weights: { ...all, ...weights } as Record<AnswerabilityInput, number> };
}

const QUESTION = 'How long is the warranty of the lamp?';

function profile(
  weights: Partial<Record<Feature, number>>,
  more: Partial<FusionProfile> = {},
): FusionProfile {
  const all = Object.fromEntries(FEATURES.map((feature) => [feature, 0])) as Record<Feature, number>;
  return {
    aggregation: 'fusion',
    threshold: 100,
    intercept: 0,
    weights: { ...all, ...weights },
    answerability: answerability({}),
    calibration: { slope: 1, complementSlope: 1, intercept: 0 },
    minConfidence: 0.5,
    minAnswerability: 0,
    ...more,
  };
}

describe('the features of candidates', () => {
  it('are what the formulas say', () => {
    const readings = [
      readingOf(
        'a',
        'The warranty lasts two years.',
        1,
        [
          ['two years', 5],
          ['warranty', 2],
        ],
        { rank: 1, retrievalScore: 8 },
      ),
      readingOf('b', 'Every lamp: the two years!', 2, [['two years', 4]], {
        rank: 2,
        retrievalScore: 6,
        title: 'Warranty',
      }),
      readingOf('c', 'Nothing here.', 0, [['Nothing', -3]], { rank: 3, retrievalScore: 2 }),
    ];
    const groups = groupAnswers(readings);
    const features = describeAnswers(
      QUESTION,
      groups,
      readings.map(({ passage }) => passage),
    ).map((described) => described.features);
    expect(groups.map(({ key }) => key)).toEqual(['two years', 'warranty', 'nothing']);
    // Content words of the question: long, warranty, lamp.
    expect(features[0]).toEqual({
      margin: 4,
      spanScore: 5,
      lead: 0,
      retrievalShare: 1,
      retrievalGap: 0.25,
      logRetrievalScore: Math.log(9),
      logRank: 0,
      termCoverage: 1 / 3,
      missingTerms: 2,
      nearbyCoverage: 1 / 3,
      termsInAnswer: 0,
      agreement: Math.log(2),
      logLength: Math.log(2),
    });
    expect(features[1]).toMatchObject({ margin: 1, lead: -3, termsInAnswer: 1, agreement: 0, logLength: 0 });
    expect(features[2]).toMatchObject({
      retrievalShare: 0.25,
      retrievalGap: 0,
      logRank: Math.log(3),
      termCoverage: 0,
    });
  });

  it('count the headings above a passage as found', () => {
    const reading = readingOf('b', 'Every lamp.', 0, [['lamp', 1]], { title: 'Warranty' });
    const [described] = describeAnswers(QUESTION, groupAnswers([reading]), [reading.passage]);
    expect(described?.features.termCoverage).toBeCloseTo(2 / 3);
  });

  it('take other forms of a word for the word, and look for it near the answer', () => {
    const far = 'Lamps have warranties. ' + 'And so on. '.repeat(20) + 'It lasts two years.';
    const reading = readingOf('b', far, 0, [
      ['two years', 2],
      ['Lamps', 1],
    ]);
    const [years, lamps] = describeAnswers(QUESTION, groupAnswers([reading]), [reading.passage]);
    // Of long, warranty and lamp only long is missing, and only far from the years are the others.
    expect(years?.features).toMatchObject({ termCoverage: 0, missingTerms: 1, nearbyCoverage: 0 });
    expect(lamps?.features).toMatchObject({ missingTerms: 1, nearbyCoverage: 2 / 3 });
  });

  it('are finite for hits without scores and questions of function words', () => {
    const readings = [0, 1].map((i) =>
      readingOf(`${i}`, 'one', 0, [['one', 1]], { retrievalScore: 0, rank: i + 1 }),
    );
    for (const question of ['What is it?', '…']) {
      for (const { features } of describeAnswers(
        question,
        groupAnswers(readings),
        readings.map(({ passage }) => passage),
      ))
        expect(Object.values(features).every(Number.isFinite)).toBe(true);
    }
  });
});

describe('aggregate with a fusion profile', () => {
  const readings = [
    readingOf('a', 'lasts one year', 0, [['one year', 3]], { rank: 1, retrievalScore: 4 }),
    readingOf('b', 'lasts two years', 0, [['two years', 2]], { rank: 2, retrievalScore: 4 }),
    readingOf('c', 'lasts two years', 0, [['two years', 1]], { rank: 3, retrievalScore: 4 }),
  ];

  it('ranks by the weighted features and gives the share of the exponentials as confidence', () => {
    // one year: 3; two years: 2 + 2·ln 2 = 3.386.
    const weights = profile({ margin: 1, agreement: 2 });
    const result = aggregate(readings, weights, { question: QUESTION });
    const [one, two] = [Math.exp(3), Math.exp(2 + 2 * Math.log(2))];
    expect(result).toMatchObject({
      kind: 'answer',
      answer: 'two years',
      aggregation: 'fusion',
      minConfidence: 0.5,
    });
    expect(result.kind === 'answer' && result.confidence).toBeCloseTo(two / (1 + one + two), 10);
    expect(result.kind === 'answer' && result.alternatives[0]?.confidence).toBeCloseTo(
      one / (1 + one + two),
      10,
    );
    expect(result.kind === 'answer' && result.citations.map(({ documentId }) => documentId)).toEqual([
      'b',
      'c',
    ]);
  });

  it('calibrates the probability', () => {
    const calibration = { slope: 0.5, complementSlope: 2, intercept: -1 };
    const calibrated = profile({ margin: 1 }, { calibration, minConfidence: 0 });
    const result = aggregate(readings.slice(0, 1), calibrated, { question: QUESTION });
    // A lone candidate with score 3: P = e³ / (1 + e³) = 0.95257.
    const expected = 1 / (1 + Math.exp(-(0.5 * Math.log(0.95257413) - 2 * Math.log(0.04742587) - 1)));
    expect(result.kind === 'answer' && result.confidence).toBeCloseTo(expected, 6);
    expect(confidenceOf(-2000, calibration)).toBeGreaterThan(0);
    expect(confidenceOf(0, calibration)).toBeLessThanOrEqual(1);
  });

  it('withholds the best answer below the least answerability, whatever the others', () => {
    // The best one's margin is 3, the other's 2: 1 / (1 + e^−(4 − 3)) = 0.731 and 1 / (1 + e^−2) = 0.881.
    const fewer = readings.slice(0, 2);
    const weighed = (minAnswerability: number): FusionProfile =>
      profile(
        { margin: 1 },
        { answerability: answerability({ margin: -1 }, 4), minAnswerability, minConfidence: 0 },
      );
    expect(aggregate(fewer, weighed(0.73), { question: QUESTION })).toMatchObject({
      kind: 'answer',
      answer: 'one year',
      answerability: expect.closeTo(0.7311, 4) as number,
      minAnswerability: 0.73,
    });
    expect(aggregate(fewer, weighed(0.74), { question: QUESTION })).toMatchObject({
      kind: 'no-answer',
      reason: 'no-support',
      bestRejected: { answer: 'one year' },
    });
  });

  it('takes for a conflict only what would be given, too', () => {
    const close = [
      readingOf('a', 'lasts one year', 0, [['one year', 2.1]], { rank: 1 }),
      readingOf('b', 'lasts two years', 0, [['two years', 2]], { rank: 2 }),
    ];
    const weighed = (minAnswerability: number): FusionProfile =>
      profile(
        { margin: 1 },
        { answerability: answerability({ margin: 10 }, -20.5), minAnswerability, minConfidence: 0 },
      );
    expect(aggregate(close, weighed(0.3), { question: QUESTION })).toMatchObject({ conflicting: true });
    expect(aggregate(close, weighed(0.5), { question: QUESTION })).toMatchObject({ conflicting: false });
  });

  it('withholds an answer below the least confidence, and shows it', () => {
    const strict = profile({ margin: 1 }, { minConfidence: 0.9 });
    expect(aggregate(readings, strict, { question: QUESTION })).toMatchObject({
      kind: 'no-answer',
      reason: 'no-support',
      bestRejected: { answer: 'one year' },
      minConfidence: 0.9,
    });
  });

  it('drops passages by the null score first', () => {
    const gated = profile({ margin: 1 }, { threshold: -2.5, minConfidence: 0 });
    expect(aggregate(readings, gated, { question: QUESTION })).toMatchObject({
      answer: 'one year',
      passagesDropped: 2,
      alternatives: [],
    });
    expect(aggregate(readings, { ...gated, threshold: -9 }, { question: QUESTION })).toMatchObject({
      kind: 'no-answer',
      bestRejected: { answer: 'one year' },
    });
  });

  it('explains every number that led to the decision', () => {
    const weights = profile(
      { margin: 1, agreement: 2 },
      {
        intercept: -1,
        minConfidence: 0,
        answerability: answerability({ margin: 0.5, nearbyCoverage: -0.1 }, 0.25),
      },
    );
    const result = aggregate(readings, weights, { question: QUESTION, explain: true });
    if (result.kind !== 'answer') throw new Error('expected an answer');
    const total = (result.features ?? []).reduce((sum, { contribution }) => sum + contribution, -1);
    expect(result.features?.map(({ feature }) => feature)).toEqual([...FEATURES]);
    expect(total).toBeCloseTo(result.fusionScore ?? NaN, 10);
    expect(result.alternatives[0]?.features).toHaveLength(FEATURES.length);
    expect(result.answerabilityFeatures?.map(({ feature }) => feature)).toEqual([...ANSWERABILITY_INPUTS]);
    const logOdds = Math.log((result.answerability ?? NaN) / (1 - (result.answerability ?? NaN)));
    const parts = result.answerabilityFeatures ?? [];
    expect(parts.reduce((sum, { contribution }) => sum + contribution, 0.25)).toBeCloseTo(logOdds, 10);
    const plain = aggregate(readings, weights, { question: QUESTION });
    expect(plain).not.toHaveProperty('features');
    expect(plain).not.toHaveProperty('answerabilityFeatures');
  });

  it('does not overflow, whatever the scores', () => {
    const steep = profile({ margin: 1000 }, { minConfidence: 0 });
    const result = aggregate(readings, steep, { question: QUESTION });
    expect(result.kind === 'answer' && result.confidence).toBeCloseTo(1, 6);
    const low = aggregate(readings, profile({ margin: -1000 }), { question: QUESTION });
    expect(low.kind === 'no-answer' && low.bestRejected?.confidence).toBeCloseTo(0, 6);
  });

  it('needs the question', () => {
    expect(() => aggregate(readings, profile({}))).toThrow(/Expected the question/);
  });

  it('reads no further once a candidate scores enough', async () => {
    const asked: number[] = [];
    const reader: Reader = {
      read: async (_question, passages) => {
        asked.push(passages.length);
        return passages.map((passage) => ({
          ...readingOf('', passage.text, 0, [[passage.text, passage.text === 'sure' ? 9 : 1]]),
          passage,
        }));
      },
      close: async () => undefined,
    };
    const hits = ['a', 'b', 'c', 'sure', 'd', 'e', 'f'].map((text) => ({ id: text, text }));
    const read = async (enoughScores: number[], limits = {}): Promise<[number, string]> => {
      asked.length = 0;
      const answerer = await createAnswerer({ reader, profile: profile({ margin: 1 }, { enoughScores }) });
      const result = await answerer.answerFromHits(QUESTION, hits, limits);
      return [result.passagesRead, result.kind === 'answer' ? result.answer : ''];
    };
    expect(await read([8, 8, 8])).toEqual([4, 'sure']);
    expect(asked).toEqual([2, 2]);
    expect(await read([10, 10, 10])).toEqual([7, 'sure']);
    // Later rounds need less; after a round that has no number nothing is enough.
    expect(await read([10, 10, 9])).toEqual([6, 'sure']);
    expect(await read([10])).toEqual([7, 'sure']);
    // What is enough was found with the profile's own limits.
    expect(await read([8, 8, 8], { minConfidence: 0.1 })).toEqual([7, 'sure']);
  });
});

describe('limits for one question', () => {
  const reader: Reader = {
    read: async (_question, passages) =>
      Promise.resolve(
        passages.map((passage) => ({ ...readingOf('', passage.text, 2, [['red', 1]]), passage })),
      ),
    close: async () => Promise.resolve(),
  };
  const hits = [{ id: 'a', text: 'red' }];

  it('choose the rule that they belong to', async () => {
    const answerer = await createAnswerer({ reader, profile: profile({ margin: 1 }) });
    const ask = async (limits: object): Promise<[string, string]> => {
      const result = await answerer.answerFromHits(QUESTION, hits, limits);
      return [result.aggregation, result.kind];
    };
    // One candidate with margin −1: P = e⁻¹ / (1 + e⁻¹) = 0.27.
    expect(await ask({})).toEqual(['fusion', 'no-answer']);
    expect(await ask({ minConfidence: 0.2 })).toEqual(['fusion', 'answer']);
    const strict = await createAnswerer({
      reader,
      profile: profile({ margin: 1 }, { minConfidence: 0, minAnswerability: 0.9 }),
    });
    // A least confidence decides alone.
    expect((await strict.answerFromHits(QUESTION, hits)).kind).toBe('no-answer');
    expect((await strict.answerFromHits(QUESTION, hits, { minConfidence: 0.2 })).kind).toBe('answer');
    expect(await ask({ threshold: 1 })).toEqual(['null-score', 'answer']);
    expect(await ask({ threshold: 0.9 })).toEqual(['null-score', 'no-answer']);
  });

  it('are refused where they do not fit', async () => {
    const fusion = await createAnswerer({ reader, profile: profile({}) });
    const plain = await createAnswerer({
      reader,
      profile: { aggregation: 'null-score', threshold: 0, calibration: { slope: 1, intercept: 0 } },
    });
    const message = async (answerer: typeof plain, limits: object): Promise<string> =>
      (await errorOf(() => answerer.answerFromHits(QUESTION, hits, limits))).message;
    expect(await message(fusion, { threshold: 1, minConfidence: 0.5 })).toContain(
      'one of threshold and minConfidence',
    );
    expect(await message(fusion, { minConfidence: 2 })).toContain(
      'minConfidence to be a finite number >= 0 and <= 1, got 2',
    );
    expect(await message(plain, { minConfidence: 0.5 })).toContain('only with a fusion profile');
    expect(await message(plain, { threshold: NaN })).toContain('threshold');
  });
});

describe('a profile file', () => {
  const model = { id: 'm', revision: '1' };
  const stored = {
    format: 2,
    model,
    topK: 10,
    unanswerableShare: 0.5,
    fittedOn: 'x',
    questions: 100,
    ...profile({ margin: 1 }),
  };

  it('is read for the model that it was fitted with', async () => {
    const file = path.join(temporaryFolder(), 'profile.json');
    await writeFile(file, JSON.stringify(stored));
    expect(await readProfile(file, model)).toEqual(stored);
    for (const other of [
      { id: 'n', revision: '1' },
      { id: 'm', revision: '2' },
    ]) {
      const error = await errorOf(() => readProfile(file, other));
      expect(error).toMatchObject({ code: 'profile-invalid' });
      expect(error.message).toContain('was fitted with the model m (revision 1)');
    }
  });

  it.each([
    ['a number that is none', { ...stored, weights: { ...stored.weights, margin: null } }, 'weights.margin'],
    ['a missing weight', { ...stored, weights: {} }, 'weights'],
    ['an unknown rule', { ...stored, aggregation: 'vote' }, 'aggregation'],
    [
      'an answerability that is no number',
      { ...stored, answerability: { ...stored.answerability, intercept: NaN } },
      'answerability.intercept',
    ],
    [
      'an answerability without a weight',
      { ...stored, answerability: { intercept: 0, weights: {} } },
      'answer',
    ],
    ['a confidence over 1', { ...stored, minConfidence: 2 }, 'minConfidence'],
    ['an answerability over 1', { ...stored, minAnswerability: 2 }, 'minAnswerability'],
    ['NaN as what is enough', { ...stored, enoughScores: [NaN] }, 'enoughScores.0'],
    [
      'a calibration that turns the order round',
      { ...stored, calibration: { slope: -1, complementSlope: 1, intercept: 0 } },
      'calibration.slope',
    ],
    ['no object', [], ''],
  ])('is refused with %s', (_, json, place) => {
    expect(() => parseProfile(json, 'p.json', model)).toThrow(
      `p.json is no profile of this version: ${place}`,
    );
  });

  it.each([[1], [3], [undefined]])('is refused with the format %s', (format) => {
    expect(() => parseProfile({ ...stored, format }, 'p.json', model)).toThrow(
      `p.json has the profile format ${format}; this version reads 2: tune again.`,
    );
  });

  it('is refused if it cannot be read', async () => {
    const file = path.join(temporaryFolder(), 'profile.json');
    expect(await errorOf(() => readProfile(file, model))).toMatchObject({ code: 'profile-invalid' });
    // JSON has no NaN.
    await writeFile(file, JSON.stringify(stored).replace('"intercept":0', '"intercept":NaN'));
    expect(await errorOf(() => readProfile(file, model))).toMatchObject({ code: 'profile-invalid' });
  });
});

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExtractiveReader, loadTokenizer } from '../../src/reader/index.js';
import { errorOf } from '../support/error-of.js';
import { LogitTableModel } from '../support/span-models.js';

const tokenizer = loadTokenizer(
  JSON.parse(readFileSync('models/default/tokenizer.json', 'utf8')),
  'tokenizer.json',
);
const idOf = (word: string): number => tokenizer.encode(word).ids[0] ?? NaN;
const readerFor = (
  logits: Readonly<Record<string, number>>,
  maxSequenceLength?: number,
): [ExtractiveReader, LogitTableModel] => {
  const table = new Map(
    Object.entries(logits).map(([word, logit]) => [
      word === '[CLS]' ? (tokenizer.pairTemplate.prefix[0] ?? NaN) : idOf(word),
      logit,
    ]),
  );
  const model = new LogitTableModel(table, maxSequenceLength);
  return [new ExtractiveReader(tokenizer, model), model];
};

describe('ExtractiveReader', () => {
  it('gives the span with its scores, the null score at [CLS] and the margin', async () => {
    const [reader] = readerFor({ '[CLS]': 2, years: 3.5 });
    const [reading] = await reader.read('How long?', [{ text: 'It lasts two Years.' }]);
    expect(reading?.spans[0]).toEqual({
      start: 13,
      end: 18,
      text: 'Years',
      startLogit: 3.5,
      endLogit: 3.5,
      score: 7,
    });
    expect(reading).toMatchObject({ nullScore: 4, margin: 3, windowCount: 1 });
  });

  it('tells the logits of every token where asked, and else nothing of them', async () => {
    const [reader] = readerFor({ '[CLS]': 2, years: 3.5, two: 1 });
    const passage = { text: 'It lasts two Years.' };
    const [reading] = await reader.read('How long?', [passage], { explain: true });
    const tokens = (reading?.tokens ?? []).map(({ start, end, ...logits }) => ({
      text: passage.text.slice(start, end),
      ...logits,
    }));
    expect(tokens).toEqual([
      { text: 'It', startLogit: -1, endLogit: -1 },
      { text: 'lasts', startLogit: -1, endLogit: -1 },
      { text: 'two', startLogit: 1, endLogit: 1 },
      { text: 'Years', startLogit: 3.5, endLogit: 3.5 },
      { text: '.', startLogit: -1, endLogit: -1 },
    ]);
    const [plain] = await reader.read('How long?', [passage]);
    expect({ ...reading, tokens: undefined }).toEqual({ ...plain, tokens: undefined });
    expect(plain).not.toHaveProperty('tokens');
    const [empty] = await reader.read('How long?', [{ text: ' ' }], { explain: true });
    expect(empty?.tokens).toEqual([]);
  });

  it('tells the logits of the window that holds the best span', async () => {
    const [reader] = readerFor({ years: 3.5 });
    const text = `${'word '.repeat(60)}two years${' word'.repeat(60)}`;
    const options = { maxSequenceLength: 40, stride: 2, maxQuestionLength: 4, maxPreambleLength: 0 };
    const [reading] = await reader.read('When?', [{ text }], { ...options, explain: true });
    const tokens = reading?.tokens ?? [];
    expect(reading?.windowCount).toBeGreaterThan(3);
    expect(tokens.length).toBeLessThan(40);
    expect(tokens.find(({ startLogit }) => startLogit === 3.5)).toMatchObject({
      start: text.indexOf('years'),
      end: text.indexOf('years') + 5,
    });
  });

  it('lets an answer begin with the first word and end with the last', async () => {
    const [reader] = readerFor({ two: 3 });
    const [first, last] = await reader.read('How long?', [{ text: 'two years' }, { text: 'years: two' }]);
    expect(first?.spans[0]).toMatchObject({ start: 0, end: 3 });
    expect(last?.spans[0]).toMatchObject({ start: 7, end: 10 });
  });

  it('never answers from the question or the preamble', async () => {
    const [reader] = readerFor({ warranty: 9, hub: 8, two: 1 });
    const [reading] = await reader.read('warranty?', [{ text: 'It is two.', preamble: 'Hub. Warranty' }]);
    expect(reading?.spans[0]?.text).toBe('two');
    expect(reading?.spans.every(({ start, end }) => start >= 0 && end <= 10)).toBe(true);
  });

  it('takes the minimum of the windows as null score', async () => {
    const model = new LogitTableModel(new Map());
    let call = 0;
    model.predict = async (windows) =>
      windows.map(({ inputIds }) => {
        const logits = new Float32Array(inputIds.length).fill(-1);
        logits[0] = [5, 2, 7][call++] ?? 9;
        return { start: logits, end: logits };
      });
    const reader = new ExtractiveReader(tokenizer, model);
    const options = { maxSequenceLength: 24, stride: 2, maxQuestionLength: 4, maxPreambleLength: 0 };
    const [reading] = await reader.read('When?', [{ text: 'word '.repeat(50) }], options);
    expect(reading).toMatchObject({ windowCount: 3, nullScore: 4 });
  });

  it('grows answers to whole words unless told otherwise', async () => {
    // "gigawattage" is several word pieces; only the first scores.
    const text = 'It has gigawattage.';
    const encoding = tokenizer.encode(text);
    const piece = encoding.ids[encoding.starts.indexOf(7)] ?? NaN;
    const reader = new ExtractiveReader(tokenizer, new LogitTableModel(new Map([[piece, 5]])));
    const [whole] = await reader.read('What?', [{ text }]);
    expect(whole?.spans[0]?.text).toBe('gigawattage');
    const [exact] = await reader.read('What?', [{ text }], { alignToWords: false });
    expect(exact?.spans[0]?.text.length).toBeLessThan('gigawattage'.length);
  });

  it('keeps the end of a preamble that is too long, and repeats it in every window', async () => {
    const [reader, model] = readerFor({});
    await reader.read('When?', [{ text: 'word '.repeat(50), preamble: 'first hub reset' }], {
      maxSequenceLength: 24,
      stride: 2,
      maxQuestionLength: 4,
      maxPreambleLength: 2,
    });
    expect(model.windows.length).toBeGreaterThan(2);
    for (const { inputIds, segmentStart, passageStart } of model.windows) {
      expect(inputIds.slice(segmentStart, passageStart)).toEqual(tokenizer.encode('hub reset').ids);
    }
  });

  it('reads a passage without words: no span, margin −Infinity', async () => {
    const [reader] = readerFor({ '[CLS]': 1 });
    const [reading] = await reader.read('When?', [{ text: '\u0000 \u200b' }]);
    expect(reading).toMatchObject({ spans: [], nullScore: 2, margin: -Infinity });
  });

  it('answers with a slice of the passage that begins and ends at word boundaries, for any text and logits', async () => {
    const unit = fc.constantFrom(
      'two ',
      'years',
      'é',
      'e\u0301',
      '😀',
      '\r\n',
      ' ',
      '—',
      '漢',
      'İ',
      'ﬁ',
      '\u00ad',
      '1,000.5',
      "n't",
      '\u200d',
      'ß',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit, maxLength: 60 }),
        fc.integer({ min: 0, max: 30 }),
        async (text, seed) => {
          const ids = [...new Set(tokenizer.encode(text).ids)];
          const table = new Map(ids.map((id, i) => [id, ((i * 7 + seed) % 11) - 5]));
          const reader = new ExtractiveReader(tokenizer, new LogitTableModel(table));
          const [reading] = await reader.read('When?', [{ text }], {
            maxSequenceLength: 30,
            stride: 3,
            maxQuestionLength: 4,
            maxPreambleLength: 0,
          });
          const words = [...new Intl.Segmenter('en', { granularity: 'word' }).segment(text)].filter(
            ({ isWordLike }) => isWordLike,
          );
          let previous = Infinity;
          for (const span of reading?.spans ?? []) {
            expect(span.text).toBe(text.slice(span.start, span.end));
            expect(span.text).not.toBe('');
            expect(span.score).toBeLessThanOrEqual(previous);
            previous = span.score;
            for (const { index, segment } of words) {
              expect(span.start > index && span.start < index + segment.length).toBe(false);
              expect(span.end > index && span.end < index + segment.length).toBe(false);
            }
          }
          expect(reading?.spans.length === 0).toBe(ids.length === 0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ['', 'empty-question'],
    [' \n', 'empty-question'],
    ['\u200b', 'empty-question'],
    ['word '.repeat(65), 'question-too-long'],
  ])('refuses the question %j with the code %s', async (question, code) => {
    const [reader] = readerFor({});
    const error = await errorOf(() => reader.read(question, [{ text: 'x' }]));
    expect(error.code).toBe(code);
    expect(error.message).not.toContain('\n');
  });

  it('says how long a question may be and how long it is', async () => {
    const [reader] = readerFor({});
    const error = await errorOf(() => reader.read('word '.repeat(65), []));
    expect(error.message).toContain('at most 64 tokens (maxQuestionLength), got 65');
    expect(await reader.read('word '.repeat(64), [])).toEqual([]);
  });

  it.each([
    ['maxSequenceLength', { maxSequenceLength: 513 }, 'from 5 to 512, got 513'],
    [
      'stride',
      { maxSequenceLength: 100, maxQuestionLength: 20, maxPreambleLength: 10, stride: 67 },
      'from 0 to 66, got 67',
    ],
    ['nBest', { nBest: 0 }, 'of at least 1, got 0'],
    ['maxAnswerLength', { maxAnswerLength: -1 }, 'of at least 1, got -1'],
  ])('refuses %s out of range', async (name, options, message) => {
    const [reader] = readerFor({});
    const error = await errorOf(() => reader.read('When?', [], options));
    expect(error.message).toContain(`Expected ${name} to be a whole number ${message}`);
  });

  it('fits its limits to a model with few positions', async () => {
    const [reader, model] = readerFor({}, 32);
    await reader.read('When was it?', [{ text: 'word '.repeat(100), preamble: 'word '.repeat(100) }]);
    for (const { inputIds } of model.windows) expect(inputIds.length).toBeLessThanOrEqual(32);
    expect(model.windows.at(-1)?.firstToken).toBeGreaterThan(80);
  });
});

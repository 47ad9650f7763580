import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CodePointOffsets } from '../../src/core/offsets.js';
import { loadTokenizer, type Tokenizer } from '../../src/reader/index.js';
import { errorOf } from '../support/error-of.js';

const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const fileOf = (name: string): string =>
  name === 'default' ? 'models/default/tokenizer.json' : `test/fixtures/models/${name}/tokenizer.json`;
const load = (name: string): Tokenizer => loadTokenizer(json(fileOf(name)), fileOf(name));

/** An encoding with offsets in code points, as Python has them. */
function encode(tokenizer: Tokenizer, text: string): { ids: number[]; offsets: [number, number][] } {
  const { ids, starts, ends } = tokenizer.encode(text);
  const offsets = new CodePointOffsets(text);
  return {
    ids: [...ids],
    offsets: [...starts].map((start, i) => [offsets.toCodePoint(start), offsets.toCodePoint(ends[i] ?? -1)]),
  };
}

const hardStrings = json('test/fixtures/tokenizers/hard-strings.json') as string[];

describe('tokenization', () => {
  // The values are those of the Python library: training/make_fixtures.py.
  it.each(['default', 'bert-uncased', 'bert-cased', 'roberta'])(
    'has the ids and offsets of the reference on every hard string (%s)',
    (name) => {
      const tokenizer = load(name);
      expect(hardStrings.length).toBeGreaterThanOrEqual(300);
      const expected = json(`test/fixtures/tokenizers/${name}.json`);
      expect(hardStrings.map((text) => encode(tokenizer, text))).toEqual(expected);
    },
  );

  const { alphabet, randomStrings, digests } = json('test/fixtures/tokenizers/digests.json') as {
    alphabet: string[];
    randomStrings: number;
    digests: Record<string, { codePoints: string; random: string }>;
  };

  function* codePointTexts(): Generator<string> {
    for (let code = 0; code < 0x110000; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const character = String.fromCodePoint(code);
      yield `a${character}b1${character} ${character}${character}!`;
    }
  }

  function* randomTexts(): Generator<string> {
    let state = 1;
    const draw = (limit: number): number => {
      state = (Math.imul(1664525, state) + 1013904223) >>> 0;
      return (state >>> 8) % limit;
    };
    for (let i = 0; i < randomStrings; i++) {
      const length = 1 + draw(25);
      yield Array.from({ length }, () => alphabet[draw(alphabet.length)]).join('');
    }
  }

  function digest(tokenizer: Tokenizer, texts: Iterable<string>): string {
    const sha = createHash('sha256');
    for (const text of texts) {
      const { ids, offsets } = encode(tokenizer, text);
      sha.update(`${ids.join(' ')}|${offsets.map(([start, end]) => `${start}-${end}`).join(' ')}\n`);
    }
    return sha.digest('hex');
  }

  // The digests are those of the Python library: training/make_tokenizer_digests.py.
  it.each(Object.keys(digests))(
    'has them for every code point in context (%s)',
    (name) => {
      expect(digest(load(name), codePointTexts())).toBe(digests[name]?.codePoints);
    },
    300_000,
  );

  it.each(Object.keys(digests))('has them for thousands of random strings (%s)', (name) => {
    expect(digest(load(name), randomTexts())).toBe(digests[name]?.random);
  });

  it.each(['default', 'roberta'])(
    'gives ordered offsets inside the text for any text, lone surrogates included (%s)',
    (name) => {
      const tokenizer = load(name);
      fc.assert(
        fc.property(
          fc.string({ unit: 'binary' }),
          fc.string({ unit: fc.constantFrom('\ud800', '\udc00', 'a', ' ') }),
          (a, b) => {
            const text = a + b;
            const { ids, starts, ends } = tokenizer.encode(text);
            let previous = 0;
            ids.forEach((id, i) => {
              const start = starts[i] ?? NaN;
              const end = ends[i] ?? NaN;
              expect(id).toBeLessThan(tokenizer.vocabularySize);
              expect(start).toBeGreaterThanOrEqual(0);
              expect(end).toBeGreaterThanOrEqual(start);
              expect(end).toBeLessThanOrEqual(text.length);
              expect(end).toBeGreaterThanOrEqual(previous);
              previous = end;
            });
          },
        ),
      );
    },
  );

  it('takes time in proportion to a word’s length, also for a word of a million letters', () => {
    expect(load('roberta').encode('ab'.repeat(500_000)).ids.length).toBeGreaterThan(1000);
    expect(load('default').encode('ab'.repeat(500_000)).ids).toHaveLength(1);
  });

  it.each(['xlm-roberta', 'deberta-v3'])(
    'refuses the tokenizer of %s, naming its type and what to do',
    async (name) => {
      const error = await errorOf(() => load(name));
      expect(error.code).toBe('model-unsupported');
      expect(error.message).toContain('type "Unigram"');
      expect(error.message).toContain('expected WordPiece');
    },
  );

  it.each([
    ['another file', { some: 'json' }, 'model'],
    [
      'no unknown token',
      { ...(json(fileOf('default')) as object), model: { type: 'WordPiece', vocab: { a: 0 } } },
      '[UNK]',
    ],
    [
      'no special tokens around pairs',
      { ...(json(fileOf('default')) as object), post_processor: null },
      'post-processor',
    ],
  ])('refuses a file with %s', async (_what, content, message) => {
    expect((await errorOf(() => loadTokenizer(content, 'x.json'))).message).toContain(message);
  });
});

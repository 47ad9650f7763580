import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { splitSentences } from '../../../src/core/text-units.js';
import { wordSegments } from '../../../src/core/word-segments.js';
import { loadCorpus } from '../../../src/ingest/index.js';
import { analyze } from '../../../src/retriever/analyze.js';
import { useChromium } from '../support/chromium.js';

declare const parts: {
  readonly splitSentences: typeof splitSentences;
  readonly wordSegments: typeof wordSegments;
  readonly analyze: typeof analyze;
};

const openPage = useChromium();
let script = '';

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { splitSentences } from './src/core/text-units.ts';
        export { wordSegments } from './src/core/word-segments.ts';
        export { analyze } from './src/retriever/analyze.ts';`,
      resolveDir: process.cwd(),
    },
    bundle: true,
    format: 'iife',
    globalName: 'parts',
    write: false,
  });
  script = outputFiles[0]?.text ?? '';
});

describe('text in Chromium and in Node.js', () => {
  it.each(['help-centre', 'handbook', 'encyclopedia'])(
    'has the same sentences, words and terms: %s',
    async (corpus) => {
      const { documents } = await loadCorpus([`corpora/${corpus}`]);
      const { page } = await openPage();
      await page.addScriptTag({ content: script });
      for (const { id, text } of documents) {
        const inChromium = await page.evaluate(
          (given) => ({
            sentences: parts.splitSentences(given),
            words: parts.wordSegments(given).all(),
            terms: parts.analyze(given),
          }),
          text,
        );
        const here = {
          sentences: splitSentences(text),
          words: wordSegments(text).all(),
          terms: analyze(text),
        };
        expect(inChromium, id).toEqual(here);
      }
    },
  );

  it('has the same words around every character of the first two planes', async () => {
    const { page } = await openPage();
    await page.addScriptTag({ content: script });
    for (let plane = 0; plane < 2; plane++) {
      const texts = Array.from({ length: 0x10000 }, (_, i) => String.fromCodePoint(plane * 0x10000 + i))
        .filter((character) => !/\p{Surrogate}/u.test(character))
        .map((character) => `ab${character}cd 1${character}2 ab${character}1 1${character}a ${character}`);
      const inChromium = await page.evaluate(
        (given) =>
          given.map((text) =>
            parts
              .wordSegments(text)
              .all()
              .map(({ end, isWord }) => (isWord ? end : -end)),
          ),
        texts,
      );
      const different = texts.filter(
        (text, i) =>
          JSON.stringify(
            wordSegments(text)
              .all()
              .map(({ end, isWord }) => (isWord ? end : -end)),
          ) !== JSON.stringify(inChromium[i]),
      );
      expect(different).toEqual([]);
    }
  });
});

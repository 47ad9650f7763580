import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVerbatim, type AnswerResult, type Candidate, type Verbatim } from '../../../src/index.js';
import { loadCorpus, readSquadFile } from '../../../src/ingest/index.js';
import { useChromium } from '../support/chromium.js';
import { useExportedSite } from './support/exported-site.js';
import { ask, openEngine, valueOf } from './support/in-page.js';
import { serveSite } from './support/serve-site.js';

/** One question of so many. WebAssembly takes seconds for each: `EVERY_QUESTION=1 npm run test:browser` is for changes of the runtime. */
const STEP = process.env['EVERY_QUESTION'] === undefined ? 25 : 1;

/** Every question is read twice, once by one thread. */
const HOURS = 3_600_000;

/** Of raw scores and confidences: the last bits of floating point. */
const TOLERANCE_DIGITS = 3;

const openPage = useChromium();

describe.each(['help-centre', 'handbook', 'encyclopedia'])('a site of the corpus %s', (corpus) => {
  const site = useExportedSite('--corpus', `corpora/${corpus}`, '--dtype', 'fp32');
  let library: Verbatim | undefined;
  beforeAll(async () => {
    const { documents } = await loadCorpus([`corpora/${corpus}`]);
    library = await createVerbatim({ documents, dtype: 'fp32' });
  });
  afterAll(() => library?.close());

  it(
    'gives to questions the answer of the library: words, places, alternatives, numbers',
    async () => {
      const server = await serveSite(site(), { isolated: true });
      const { page, requests } = await openPage();
      await page.goto(server.url);
      valueOf(await openEngine(page));
      const { questions } = await readSquadFile(`corpora/${corpus}.questions.json`);
      expect(questions.length).toBeGreaterThan(150);
      for (const { question } of questions.filter((_, i) => i % STEP === 0)) {
        const expected = await library?.ask(question);
        if (expected === undefined) throw new Error('There is no library.');
        const got = valueOf(await ask(page, question));
        expect(wordsOf(got), question).toEqual(wordsOf(expected));
        numbersOf(expected).forEach((number, i) =>
          expect(numbersOf(got)[i], question).toBeCloseTo(number, TOLERANCE_DIGITS),
        );
      }
      expect(requests.filter((url) => !url.startsWith(server.url) && !url.startsWith('data:'))).toEqual([]);
    },
    HOURS,
  );
});

/** All of a result but its numbers. */
function wordsOf(result: AnswerResult): unknown {
  const { kind, aggregation, passagesRead, passagesDropped } = result;
  return {
    ...{ kind, aggregation, passagesRead, passagesDropped },
    ...(result.kind === 'answer' ? { conflicting: result.conflicting } : { reason: result.reason }),
    candidates: candidatesOf(result).map(({ answer, citations }) => ({ answer, citations })),
  };
}

function numbersOf(result: AnswerResult): number[] {
  return candidatesOf(result).flatMap(
    ({ score, nullScore, margin, confidence, fusionScore, answerability }) => [
      score,
      nullScore,
      margin,
      confidence,
      fusionScore ?? 0,
      answerability ?? 0,
    ],
  );
}

function candidatesOf(result: AnswerResult): readonly Candidate[] {
  if (result.kind === 'answer') return [result, ...result.alternatives];
  return result.bestRejected === null ? [] : [result.bestRejected];
}

import { expect, it, onTestFinished } from 'vitest';
import { createAnswerer, createVerbatim, loadReader } from '../../../src/index.js';

const QUESTION = 'How long is the warranty?';
const HITS = [{ id: 'a', title: 'Lamp', text: 'The warranty of the lamp lasts two years.' }];

it('lets two answerers read with one loaded reader as each would with its own, and leaves it to the caller', async () => {
  const loaded = await loadReader({ workers: 1 });
  onTestFinished(() => loaded.reader.close());
  const own = await createAnswerer({ workers: 1 });
  onTestFinished(() => own.close());
  const first = await createAnswerer({ reader: loaded });
  const second = await createAnswerer({ reader: loaded });
  // With a threshold, what decides is the plain rule of the model's manifest.
  for (const options of [{}, { threshold: 0 }]) {
    expect(await first.answerFromHits(QUESTION, HITS, options)).toEqual(
      await own.answerFromHits(QUESTION, HITS, options),
    );
  }
  await first.close();
  expect(await second.answerFromHits(QUESTION, HITS)).toMatchObject({ kind: 'answer' });
});

it("takes the model's profile with it where the embedded BM25 finds the passages", async () => {
  const loaded = await loadReader({ workers: 1 });
  onTestFinished(() => loaded.reader.close());
  const verbatim = await createVerbatim({ corpus: 'corpora/help-centre', reader: loaded });
  const own = await createVerbatim({ corpus: 'corpora/help-centre', workers: 1 });
  onTestFinished(() => own.close());
  expect(await verbatim.ask(QUESTION)).toEqual(await own.ask(QUESTION));
});

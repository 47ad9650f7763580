import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useChromium } from '../support/chromium.js';
import { useExportedSite } from './support/exported-site.js';
import { ask, loadClient, openEngine, valueOf } from './support/in-page.js';
import { serveSite } from './support/serve-site.js';

const QUESTION = 'How long is the warranty?';

const openPage = useChromium();
const site = useExportedSite();

async function readyPage(): Promise<Page> {
  const server = await serveSite(site());
  const { page } = await openPage();
  await page.goto(`${server.url}LICENSES.txt`);
  valueOf(await openEngine(page));
  return page;
}

describe('the engine in a tab', () => {
  it('takes the options of a question', async () => {
    const page = await readyPage();
    const explained = valueOf(await ask(page, QUESTION, { explain: true, topK: 1, alternatives: 1 }));
    expect(explained.explanation).toHaveLength(1);
    const filtered = valueOf(await ask(page, QUESTION, { filter: { path: 'app/**' } }));
    expect(JSON.stringify(filtered)).not.toContain('warranty/standard-warranty.md');
    expect(valueOf(await ask(page, QUESTION, { minConfidence: 1 }))).toMatchObject({ kind: 'no-answer' });
  });

  it.each([
    ['a question of white space', '   ', {}, 'empty-question'],
    ['a question that is too long', 'why '.repeat(100), {}, 'question-too-long'],
    ['topK 0', QUESTION, { topK: 0 }, 'invalid-option'],
    ['two limits of different rules', QUESTION, { threshold: 1, minConfidence: 1 }, 'invalid-option'],
  ])('refuses %s as the library does, and goes on', async (_case, question, options, code) => {
    const page = await readyPage();
    expect(await ask(page, question, options)).toMatchObject({ code });
    expect(valueOf(await ask(page, QUESTION))).toMatchObject({ answer: 'two years' });
  });

  it('refuses options that are no data', async () => {
    const page = await readyPage();
    const error = await page.evaluate(async (question) => {
      const options = { filter: (): boolean => true } as unknown as { filter: { path: string } };
      return window.engine
        .ask(question, options)
        .catch((reason: unknown) => (reason as { code: string }).code);
    }, QUESTION);
    expect(error).toBe('invalid-option');
  });

  it('answers questions that are asked at once each as if it were alone', async () => {
    const page = await readyPage();
    const questions = [QUESTION, 'How do I reset the hub?', 'Who composed the opera about the thermostat?'];
    const alone: unknown[] = [];
    for (const question of questions) alone.push(valueOf(await ask(page, question)));
    const together = await page.evaluate(
      (asked) => Promise.all(asked.map((question) => window.engine.ask(question))),
      questions,
    );
    expect(together).toEqual(alone);
  });

  it('stops reading for a question that is given up, and answers the next', async () => {
    const page = await readyPage();
    const outcome = await page.evaluate(async (question) => {
      const controller = new AbortController();
      const given = window.engine.ask(question, { topK: 300, signal: controller.signal });
      setTimeout(() => controller.abort(new Error('enough')), 20);
      const reason: unknown = await given.catch((error: unknown) => error);
      return reason instanceof Error ? reason.message : 'an answer';
    }, QUESTION);
    expect(outcome).toBe('enough');
    const aborted = await page.evaluate(async (question) => {
      const reason: unknown = await window.engine
        .ask(question, { signal: AbortSignal.abort() })
        .catch((error: unknown) => error);
      return (reason as Error).name;
    }, QUESTION);
    expect(aborted).toBe('AbortError');
    expect(valueOf(await ask(page, QUESTION))).toMatchObject({ answer: 'two years' });
  });

  it('rejects what waits, and what comes later, once it is closed', async () => {
    const page = await readyPage();
    const codes = await page.evaluate(async (question) => {
      const codeOf = (asked: Promise<unknown>): Promise<unknown> =>
        asked.then(
          () => 'an answer',
          (error: unknown) => (error as { code: unknown }).code,
        );
      const waiting = codeOf(window.engine.ask(question, { topK: 300 }));
      window.engine.close();
      return [await waiting, await codeOf(window.engine.ask(question))];
    }, QUESTION);
    expect(codes).toEqual(['closed', 'closed']);
  });

  it('gives up loading when it is told to, and tells how far it has come', async () => {
    const server = await serveSite(site());
    const { page } = await openPage();
    await page.goto(`${server.url}LICENSES.txt`);
    await loadClient(page);
    const seen = await page.evaluate(async () => {
      const controller = new AbortController();
      const shares: number[] = [];
      const reason: unknown = await window.client
        .createLocalEngine({
          base: '/',
          signal: controller.signal,
          onProgress: ({ loadedBytes, totalBytes }) => {
            shares.push(loadedBytes / totalBytes);
            if (loadedBytes > 5_000_000) controller.abort(new Error('enough'));
          },
        })
        .catch((error: unknown) => error);
      return { message: (reason as Error).message, shares };
    });
    expect(seen.message).toBe('enough');
    expect(seen.shares.length).toBeGreaterThan(1);
    expect(seen.shares).toEqual([...seen.shares].sort((a, b) => a - b));
    expect(Math.max(...seen.shares)).toBeLessThanOrEqual(1);
  });
});

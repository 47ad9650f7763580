import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startServerProcess } from '../../support/server-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { useChromium } from '../support/chromium.js';
import { answered, answerOf, ask, proxyQuestions, UNANSWERED, WARRANTY } from './support.js';

const openPage = useChromium();
const run = promisify(execFile);

/** A result, as far as the code prints it. */
type Given =
  | { kind: 'answer'; answer: string; confidence: number; citations: [{ uri: string }] }
  | { kind: 'no-answer'; reason: string };

const TSX = path.resolve('node_modules/.bin/tsx');

describe('asking in the playground', () => {
  it('shows the answer, its source, every passage with its scores, and each step; and asks no other server', async () => {
    const server = await startServerProcess(['--workers', '1']);
    const { page, errors, requests } = await openPage();
    await page.goto(server.url);
    expect(await page.locator('#server').textContent()).toBeDefined();
    await page.getByText('Ask a question, or drop a file').waitFor();
    await page.getByText('39 documents').waitFor();

    await ask(page, WARRANTY);
    const answer = answerOf(page);
    expect(await answer.locator('.verdict').innerText()).toMatch(/^two years\s*confidence \d+%$/);
    expect(await answer.locator('mark').innerText()).toBe('two years');
    expect(await answer.getByRole('link').getAttribute('href')).toMatch(
      /^https:\/\/help\.lumenhome\.example\/warranty\/standard-warranty/,
    );
    const stages = page.getByLabel('Stages');
    for (const stage of ['Retrieve', 'Read', 'Aggregate']) {
      const shown = stages.locator('.stage', { hasText: stage }).locator('strong');
      expect(await shown.innerText()).toMatch(/^[\d.]+ ms$/);
    }

    const first = page.locator('.passage').first();
    await first.locator('summary').click();
    expect(await first.locator('.badge').innerText()).toBe('kept');
    // The text is whole, word by word, and the words of the answer are the best span.
    expect(await first.locator('.heat').innerText()).toContain('lasts two years from the date of delivery');
    expect((await first.locator('.heat .best').allInnerTexts()).join(' ')).toBe('two years');
    const hottest = await first
      .locator('.heat span')
      .evaluateAll((words) =>
        words
          .filter((word) => (word as HTMLElement).style.getPropertyValue('--start-heat') === '1.000')
          .map((word) => word.textContent),
      );
    expect(hottest).toEqual(['two']);
    // What the terms add is the passage's score.
    const rows = await first
      .locator('tbody tr')
      .evaluateAll((terms) => terms.map((term) => Number(term.querySelector('td:last-child')?.textContent)));
    const score = /BM25: ([\d.]+)/.exec(await first.locator('caption').innerText())?.[1];
    expect(rows.reduce((sum, adds) => sum + adds, 0)).toBeCloseTo(Number(score), 1);

    const steps = page.getByRole('region', { name: 'Aggregation' });
    for (const step of ['Dropped', 'Merged', 'Ordered', 'Limit', 'Cited']) {
      await steps.getByRole('heading', { name: step }).waitFor();
    }
    await steps.locator('.ranking summary').first().click();
    await steps.getByRole('columnheader', { name: 'weight' }).first().waitFor();
    expect(await steps.locator('.ranking tbody').first().innerText()).toContain('nearbyCoverage');

    expect(errors).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(server.url) && !url.startsWith('data:'))).toEqual([]);
  });

  it('shows an honest no answer with what was closest, and one without any passage', async () => {
    const server = await startServerProcess(['--workers', '1']);
    const { page, errors } = await openPage();
    await page.goto(server.url);
    await ask(page, UNANSWERED);
    expect(await answerOf(page).innerText()).toMatch(
      /^No answer\s+None of the 10 passages read supports one\./,
    );
    expect(await answerOf(page).innerText()).toContain('Closest, but rejected');
    for (const question of ['😀🎉', 'Xylophonists?']) {
      await ask(page, question);
      expect(await answerOf(page).innerText()).toContain('No passage holds a word of the question.');
    }
    expect(errors).toEqual([]);
  });

  it('takes questions of any kind: too long, nothing but spaces, markup', async () => {
    const server = await startServerProcess(['--workers', '1']);
    const { page, errors } = await openPage();
    await page.goto(server.url);
    await page.getByLabel('Question').fill('   \n ');
    await page.getByLabel('Question').press('Enter');
    await page.getByText('Type a question first.').waitFor();
    await ask(page, 'warranty '.repeat(1112).slice(0, 10_000));
    expect(await answerOf(page).innerText()).toMatch(/The request is not valid\.[^]*2000 characters/);
    await ask(page, '<img src=x onerror="document.title=1"><b>How long</b> is the warranty?');
    expect(await page.title()).toBe('Verbatim playground');
    expect(await page.locator('main img, main b').count()).toBe(0);
    await ask(page, WARRANTY);
    expect(await answerOf(page).locator('.words').first().innerText()).toBe('two years');
    expect(errors.filter((error) => !error.includes('status of 400'))).toEqual([]);
  });

  it('shows passages as they are read, without moving anything when the answer comes', async () => {
    const server = await startServerProcess(['--workers', '1']);
    let release = (): void => undefined;
    let held = Promise.resolve();
    const url = await proxyQuestions(server.url, ({ forward }) =>
      forward(async (chunk) => {
        if (chunk.includes('event: answer')) await held;
        return true;
      }),
    );
    for (const width of [1440, 768, 320]) {
      held = new Promise<void>((resolve) => (release = resolve));
      const { page, context } = await openPage({ viewport: { width, height: 900 } });
      await context.addInitScript(() => {
        const shifts: number[] = [];
        Object.assign(window, { shifts });
        new PerformanceObserver((list) => {
          // Also those shortly after an input, which would not count as unexpected.
          for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value);
        }).observe({ type: 'layout-shift', buffered: true });
      });
      // By a link: nothing is typed, so that the browser excuses no shift.
      await page.goto(`${url}/#q=${encodeURIComponent(`${WARRANTY} ${width}`)}&k=8`);
      await page.locator('.passage[data-state=read]').first().waitFor();
      expect(await page.locator('.passage').count()).toBe(8);
      release();
      await answered(page);
      await page.locator('.passage[data-state=kept]').first().waitFor();
      // A frame later every shift has been reported.
      const shifts = await page.evaluate(
        () =>
          new Promise((resolve) =>
            requestAnimationFrame(() =>
              requestAnimationFrame(() => resolve((window as unknown as { shifts: number[] }).shifts)),
            ),
          ),
      );
      expect(shifts, `${width} px`).toEqual([]);
    }
  });
});

describe('the limit', () => {
  it('of a fusion profile is the least confidence: moved, it decides again at once, and the server then says the same', async () => {
    const server = await startServerProcess(['--workers', '1']);
    const { page, requests } = await openPage();
    await page.goto(server.url);
    await ask(page, WARRANTY);
    const slider = page.getByLabel('Least confidence', { exact: true });
    expect(await page.getByLabel('Threshold', { exact: true }).isDisabled()).toBe(true);
    const before = requests.length;
    await slider.focus();
    await page.keyboard.press('End');
    expect(await answerOf(page).innerText()).toMatch(
      /^Least confidence moved from 0% to 100%: decided again in this page\.\s+No answer/,
    );
    await page.keyboard.press('Home');
    expect(await answerOf(page).innerText()).toMatch(/^two years/);
    await slider.fill('0.99');
    expect(await answerOf(page).innerText()).toContain('No answer');
    expect(requests).toHaveLength(before);
    await page.getByText('asked with this limit, the server reads all').waitFor();

    await page.getByRole('button', { name: 'Ask with this limit' }).click();
    await page.getByText('10 passages, 10 windows').waitFor();
    await answered(page);
    expect(await answerOf(page).innerText()).toMatch(/^No answer/);
    expect(page.url()).toContain('minConfidence=0.99');
    expect(await slider.inputValue()).toBe('0.99');
  });

  it('of the plain rule is the threshold: it drops passages and takes the answer back', async () => {
    const server = await startServerProcess(['--workers', '1', '--aggregation', 'null-score']);
    const { page } = await openPage();
    await page.goto(server.url);
    await ask(page, WARRANTY);
    const kept = page.locator('.passage[data-state=kept]');
    const slider = page.getByLabel('Threshold', { exact: true });
    const atFirst = await kept.count();
    const answer = await answerOf(page).innerText();
    await slider.focus();
    await page.keyboard.press('End');
    expect(await kept.count()).toBe(10);
    expect(await page.locator('.scale').first().locator('.dot.in').count()).toBe(10);
    await page.keyboard.press('Home');
    expect(await kept.count()).toBe(0);
    expect(await answerOf(page).innerText()).toContain('None of the 10 passages read supports one.');
    await page.getByRole('button', { name: 'Reset' }).click();
    expect(await kept.count()).toBe(atFirst);
    expect(await answerOf(page).innerText()).toBe(answer);
    // What is open stays open while the line moves.
    await page.locator('.passage summary').first().click();
    await slider.focus();
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('.passage').first().getAttribute('open')).toBe('');
  });
});

describe('a question to pass on', () => {
  it('is a link that asks the same with the same settings', async () => {
    const server = await startServerProcess(['--workers', '1']);
    const { page, context } = await openPage();
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(server.url);
    await page.getByLabel('Passages to read').fill('3');
    await page.getByLabel('Decide by').selectOption('threshold');
    await page.getByLabel('Limit').fill('-3.5');
    await page.getByText('Filter').click();
    await page.getByLabel('Path').fill('warranty/**');
    await page.getByLabel('From').fill('2020-01-01');
    await ask(page, 'How long is the "warranty" & more?');
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByText('Link copied.').waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    const shown = await answerOf(page).innerText();

    const other = await openPage();
    await other.page.goto(link);
    await answered(other.page);
    expect(await answerOf(other.page).innerText()).toBe(shown);
    expect(await other.page.getByLabel('Question').inputValue()).toBe('How long is the "warranty" & more?');
    expect(await other.page.getByLabel('Passages to read').inputValue()).toBe('3');
    expect(await other.page.getByLabel('Limit').inputValue()).toBe('-3.5');
    expect(await other.page.getByLabel('Path').inputValue()).toBe('warranty/**');
    expect(await other.page.getByLabel('From').inputValue()).toBe('2020-01-01');
    // The address is the same link, and following another in the same page asks that.
    expect(other.page.url()).toBe(link);
    await other.page.goto(`${server.url}/#q=Xylophonists%3F&k=many`);
    await other.page.getByText('No passage holds a word of the question.').waitFor();
    expect(await other.page.getByLabel('Passages to read').inputValue()).toBe('');
  });

  it('is code that runs: curl, TypeScript and Python', async () => {
    const server = await startServerProcess(['--workers', '1']);
    const { page, context } = await openPage();
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(server.url);
    await page.getByLabel('Passages to read').fill('4');
    await page.getByText('Filter').click();
    await page.getByLabel('Path').fill('warranty/**');
    const question = `How long is the "warranty"? It's \\ $HOME \`id\` 😀\nJSON`;
    await page.getByLabel('Question').fill(question);
    const copyCode = async (language: string): Promise<string> => {
      await page.locator('#language').selectOption(language);
      await page.getByRole('button', { name: 'Copy code' }).click();
      await page.getByText('Code copied.').waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    // The id is a digest of the question, too: every character of it has arrived.
    const asked = await server.call('/v1/answer', { question, topK: 4, filter: { path: 'warranty/**' } });
    const expected = (await asked.json()) as Given;
    const curl = await run('bash', ['-c', await copyCode('curl')]);
    expect(JSON.parse(curl.stdout)).toEqual(expected);
    const printed =
      expected.kind === 'answer'
        ? `${expected.answer} ${expected.confidence} ${expected.citations[0].uri}\n`
        : `no answer: ${expected.reason}\n`;
    const file = path.join(temporaryFolder(), 'ask.ts');
    writeFileSync(file, await copyCode('typescript'));
    expect((await run(TSX, [file])).stdout).toBe(printed);
    expect((await run('python3', ['-c', await copyCode('python')])).stdout).toBe(printed);
    // What is shown is what is copied.
    await page.getByText('Show code').click();
    await expect.poll(() => page.locator('#snippet').textContent()).toBe(await copyCode('python'));
  });
});

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { startServerProcess } from '../../support/server-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { useChromium } from '../support/chromium.js';
import { answered, answerOf, ask, drop, ownErrors } from './support.js';

const openPage = useChromium();

const SCRIPTS = `</p></textarea></script><script>window.pwned = 1</script><img src=x onerror="window.pwned = 1">`;
/** Right-to-left override, isolates that never end, and what ends them. */
const BIDI = '\u202Egnirts\u2067\u2066\u202D';

/** Opens everything that can be opened, so that every text of the documents is on the page. */
async function openAll(page: Page): Promise<void> {
  for (const summary of await page.locator('.passage > summary').all()) await summary.click();
  for (const summary of await page.locator('.ranking summary').all()) await summary.click();
}

async function expectPlainText(page: Page): Promise<void> {
  const found = await page.evaluate(() => ({
    pwned: 'pwned' in window,
    markup: document.querySelectorAll(
      '.results :is(img, script, style, iframe, svg, object, form, b, [onerror], [onclick], [style*="url"])',
    ).length,
    links: Array.from(document.querySelectorAll('a'), (link) => link.protocol),
  }));
  expect(found.pwned).toBe(false);
  expect(found.markup).toBe(0);
  expect(found.links.filter((protocol) => !/^https?:$/.test(protocol))).toEqual([]);
}

describe('a file that is dropped on the playground', () => {
  it.each([
    ['notes.md', '# Opening hours\n\nThe workshop in Bergen opens at nine.\n'],
    ['page.html', '<title>Hours</title><h1>Opening hours</h1><p>The workshop in Bergen opens at nine.</p>'],
    ['notes.txt', 'The workshop in Bergen opens at nine.\n'],
  ])('is asked at once, without a right to write and without a trace: %s', async (name, content) => {
    const server = await startServerProcess(['--workers', '1']);
    const { page, errors } = await openPage();
    await page.goto(server.url);
    await page.getByText('39 documents').waitFor();
    await page.getByLabel('Question').fill('When does the workshop in Bergen open?');
    await drop(page, name, content);
    await answered(page);
    expect(await answerOf(page).locator('.verdict').innerText()).toMatch(/^(at )?nine/);
    expect(await answerOf(page).locator('blockquote').innerText()).toBe(
      'The workshop in Bergen opens at nine.',
    );
    expect(await page.locator('.passage').count()).toBe(1);
    await page.locator('.stage', { hasText: 'Read' }).getByText('ms').waitFor();
    const info = (await (await server.call('/v1/info')).json()) as { index: { documents: number } };
    expect(info.index.documents).toBe(39);
    // The code is that of the file, and so is every later question until it is taken away.
    await page.getByText('Show code').click();
    expect(await page.locator('#snippet').textContent()).toContain('"document"');
    await page.getByRole('button', { name: 'Remove' }).click();
    await ask(page, 'How long is the warranty?');
    expect(await page.locator('.passage').count()).toBe(10);
    expect(errors).toEqual([]);
  });

  it('is chosen by the keyboard as well, and waits for a question', async () => {
    const server = await startServerProcess(['--workers', '1']);
    const { page } = await openPage();
    const file = path.join(temporaryFolder(), 'hours.md');
    writeFileSync(file, 'The workshop in Bergen opens at nine.');
    await page.goto(server.url);
    await page.getByLabel('Ask a file of your own').setInputFiles(file);
    await page.getByText('hours.md').waitFor();
    expect(await page.getByLabel('Question').evaluate((field) => field === document.activeElement)).toBe(
      true,
    );
    await ask(page, 'When does the workshop open?');
    expect(await answerOf(page).innerText()).toContain('nine');
  });

  it.each([
    ['report.pdf', '%PDF-1.7\n\0\u0001\u0002', 'report.pdf" is a binary file'],
    ['empty.md', ' \n', 'empty.md holds no text'],
    ['<img src=x onerror=alert(1)>.txt', '\0\0\0', '<img src=x onerror=alert(1)>.txt" is a binary file'],
  ])('is refused with what is read here, and loses nothing: %s', async (name, content, reason) => {
    const server = await startServerProcess(['--workers', '1']);
    const { page } = await openPage();
    await page.goto(server.url);
    await drop(page, 'kept.txt', 'The workshop opens at nine.');
    await page.getByText('kept.txt').waitFor();
    await drop(page, name, content);
    await page.locator('#status').getByText(reason).waitFor();
    await page.getByText('Text, Markdown and HTML are read here').waitFor();
    expect(await page.locator('#file-name').innerText()).toBe('kept.txt');
    await expectPlainText(page);
  });

  it('that is larger than the server takes is a clear failure', async () => {
    const server = await startServerProcess(['--workers', '1', '--max-body-bytes', '2000']);
    const { page } = await openPage();
    await page.goto(server.url);
    await page.getByLabel('Question').fill('When?');
    await drop(page, 'long.txt', 'word '.repeat(1000));
    await page.getByText('The body is too large.').waitFor();
  });
});

describe('a document full of markup and control characters', () => {
  it('shows as plain text, in the index and dropped, and runs nothing', async () => {
    const folder = temporaryFolder({
      '<img src=x onerror="window.pwned=1">.md': `---\ntitle: "Warranty <script>window.pwned = 1</script> ${BIDI}"\nurl: "javascript:window.pwned=1"\n---\n# <b onclick="window.pwned=1">Terms</b> ${BIDI}\n\nThe warranty of ${BIDI} the lamp lasts \`${SCRIPTS}\` two years.\n`,
      'plain.txt': `The warranty ${SCRIPTS} of the hub lasts one year. ${BIDI}\n`,
    });
    const server = await startServerProcess(['--workers', '1', '--corpus', folder]);
    const { page, errors } = await openPage();
    page.on('dialog', (dialog) => {
      throw new Error(`a dialog: ${dialog.message()}`);
    });
    await page.goto(server.url);
    await ask(page, 'How long does the warranty of the lamp last?');
    await openAll(page);
    expect(await page.locator('.passages').innerText()).toContain('<script>window.pwned = 1</script>');
    await expectPlainText(page);

    await drop(page, 'evil.txt', `The warranty ${SCRIPTS} ${BIDI} lasts two years.`);
    await page.locator('.passage').nth(1).waitFor({ state: 'detached' });
    await answered(page);
    await openAll(page);
    expect(await page.locator('.heat').innerText()).toContain('<img src=x onerror="window.pwned = 1">');
    await expectPlainText(page);

    await drop(
      page,
      'evil.html',
      `<p>The warranty lasts two years.<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>`,
    );
    await page.getByText('evil.html').waitFor();
    await answered(page);
    await expectPlainText(page);
    // Neither is the browser stopped by the policy: nothing is ever tried.
    expect(ownErrors(errors)).toEqual([]);
  });

  it('that runs right to left keeps its direction to itself', async () => {
    const folder = temporaryFolder({
      'hebrew.md': '# אחריות\n\nהאחריות על המנורה (lamp) היא שנתיים, החל מ-2026.\n',
      'english.md': '# Warranty\n\nThe warranty of the lamp is two years.\n',
    });
    const server = await startServerProcess(['--workers', '1', '--corpus', folder]);
    const { page } = await openPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(server.url);
    await ask(page, 'lamp אחריות');
    const row = page.locator('.passage', { hasText: 'אחריות' });
    await row.locator('summary').click();
    const direction = (selector: string): Promise<string> =>
      row
        .locator(selector)
        .first()
        .evaluate((element) => getComputedStyle(element).direction);
    expect(await direction('.heat')).toBe('rtl');
    expect(await direction('dl')).toBe('ltr');
    const box = async (selector: string): Promise<number> =>
      (await row.locator(selector).first().boundingBox())?.x ?? NaN;
    expect(await box('.rank')).toBeLessThan(await box('.names'));
    expect(await box('.names')).toBeLessThan(await box('.badge'));
  });
});

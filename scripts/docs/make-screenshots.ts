// Takes the pictures of the README from the real pages, with Debian's Chromium: docs/images/NAME.png. The site must have been built.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { chromium, type Page } from 'playwright-core';
import { serveFolder } from './serve-folder.js';

/** A README that takes long to load is not read. */
const MOST_BYTES = 100_000;

interface Screenshot {
  readonly name: string;
  /** Opens the page, and does what the picture should show. */
  readonly open: (page: Page, urls: { readonly site: string; readonly server: string }) => Promise<void>;
}

/** To add a picture, add what opens its page. */
const SCREENSHOTS: readonly Screenshot[] = [
  {
    name: 'docs-site',
    open: async (page, { site }) => {
      await page.goto(`${site}/concepts.html#span-score-null-score-margin`);
    },
  },
  {
    name: 'docs-page',
    open: async (page, { server }) => {
      await page.goto(`${server}/docs`);
      await page.getByText('/v1/answer', { exact: true }).first().click();
      await page.getByRole('button', { name: 'Try it out' }).click();
      await page
        .locator('textarea.body-param__text')
        .fill(JSON.stringify({ question: 'How long is the warranty?' }, null, 2));
      await page.getByRole('button', { name: 'Execute' }).click();
      const response = page.locator('.live-responses-table .response-col_description');
      await response.getByText('"two years"').first().waitFor();
      await page.evaluate("document.querySelector('.request-url').scrollIntoView()");
    },
  },
  {
    name: 'playground',
    open: async (page, { server }) => {
      await page.goto(server);
      await page.getByLabel('Question').fill('How long is the warranty?');
      await page.keyboard.press('Enter');
      await page.getByText('Answered: two years').evaluate('(status) => status.scrollIntoView()');
    },
  },
  {
    name: 'faq-bot',
    open: async (page, { server }) => {
      const body = `<script type="module" src="widget/verbatim-faq.js"></script>
        <verbatim-faq contact-href="/contact" style="--verbatim-inline-size: 60rem"></verbatim-faq>`;
      await page.route(`${server}/help`, (route) =>
        route.fulfill({ contentType: 'text/html', body: `<!doctype html><html lang="en">${body}</html>` }),
      );
      await page.goto(`${server}/help`);
      await page.getByRole('combobox').fill('How long is the warranty?');
      await page.keyboard.press('Enter');
      await page.locator('verbatim-faq mark').first().waitFor();
    },
  },
];

const site = await serveFolder('docs/.vitepress/dist');
const server = spawn(
  process.execPath,
  ['dist/cli/main.js', 'serve', '--port', '0', '--corpus', 'corpora/help-centre'],
  { stdio: ['ignore', 'ignore', 'pipe'] },
);
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  // Root, as in a container, gets no sandbox.
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const urls = { site: site.url, server: await addressOf(server.stderr) };
  for (const { name, open } of SCREENSHOTS) {
    const page = await browser.newPage({
      viewport: { width: 1000, height: 560 },
      colorScheme: 'light',
      reducedMotion: 'reduce',
    });
    await open(page, urls);
    const file = `docs/images/${name}.png`;
    await page.screenshot({ path: file });
    await page.close();
    const { size } = statSync(file);
    if (size > MOST_BYTES)
      throw new Error(`Expected ${file} to have at most ${MOST_BYTES} bytes, got ${size}.`);
  }
} finally {
  await browser.close();
  server.kill('SIGTERM');
  await once(server, 'close');
  site.close();
}

async function addressOf(output: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of output) {
    text += String(chunk);
    const url = /^Listening on (\S+)$/m.exec(text)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`The server did not start: ${text}`);
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page as BrowserPage } from 'playwright-core';
import { startProxy } from '../../test/browser/support/proxy.js';
import { serve, type Shoot } from './shoot.js';

const WARRANTY = '#q=How+long+is+the+warranty%3F&k=10';
const UNANSWERED = '#q=Who+composed+the+opera+about+the+thermostat%3F';

const HOSTILE = `# Warranty <script>alert(1)</script> \u202Egnirts

The warranty <img src=x onerror=alert(1)> of the lamp \u202Elasts\u2067 two years. <b onclick="alert(1)">Bold</b>

# אחריות

האחריות על המנורה (warranty, lamp) היא שנתיים, החל מ-2026.
`;

export async function playground(shoot: Shoot): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'verbatim-screenshots-'));
  try {
    const report = path.join(folder, 'report.html');
    makeReport(report);
    using server = await serve(['--workers', '1', '--report', report]);
    await states(shoot, server.url);
    await failures(shoot, server.url);
    await keyAsked(shoot, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function states(shoot: Shoot, url: string): Promise<void> {
  const open = async (page: BrowserPage, fragment = ''): Promise<void> => {
    await page.goto(`${url}/${fragment}`);
    await page.getByText('39 documents').waitFor();
    if (fragment !== '') await answered(page);
  };
  await shoot('empty', (page) => open(page));
  await shoot('answer', (page) => open(page, WARRANTY));
  await shoot('no-answer', (page) => open(page, UNANSWERED));
  await shoot('no-passages', (page) => open(page, '#q=Xylophonists%3F'));
  await shoot('explained', async (page) => {
    await open(page, WARRANTY);
    await page.locator('.passage summary').first().click();
    await page.locator('.ranking summary').first().click();
    await page.getByText('Show code').click();
    await page.getByText('Filter').click();
  });
  await shoot('moved-confidence', async (page) => {
    await open(page, WARRANTY);
    await page.getByLabel('Least confidence', { exact: true }).fill('0.9');
  });
  await shoot('moved-threshold', async (page) => {
    await open(page, `${WARRANTY}&threshold=-2`);
    await page.getByLabel('Threshold', { exact: true }).fill('-6');
  });
  await shoot('file', async (page) => {
    await open(page);
    await page.getByLabel('Question').fill('How long does the warranty of the lamp last?');
    await page
      .getByLabel('Ask a file of your own')
      .setInputFiles({ name: 'terms.md', mimeType: 'text/markdown', buffer: Buffer.from(HOSTILE) });
    await answered(page);
    for (const summary of await page.locator('.passage > summary').all()) await summary.click();
  });
  await shoot('evaluation', async (page) => {
    await open(page);
    await page.getByRole('tab', { name: 'Evaluation' }).click();
    await page
      .frameLocator('iframe')
      .getByRole('heading', { name: /^Evaluation of/ })
      .waitFor();
  });
}

/** What networks do to a question, and what servers say to it. */
async function failures(shoot: Shoot, target: string): Promise<void> {
  const problem = (status: number, code: string, title: string, detail: string): string =>
    JSON.stringify({ status, code, title, detail, requestId: '1d0c7c31-5d53-4b7e-b0a4-6a2f2ad2f6f9' });
  const replies: Readonly<Record<string, readonly [number, string, string]>> = {
    'too-many': [
      429,
      'application/problem+json',
      problem(429, 'rate-limited', 'Too many requests.', 'Expected at most 600 requests a minute.'),
    ],
    busy: [
      503,
      'application/problem+json',
      problem(503, 'queue-full', 'The reader is busy.', 'Try again soon.'),
    ],
    'html-page': [502, 'text/html', '<h1>Bad gateway</h1>'],
    'other-json': [200, 'application/json', '{}'],
    cut: [200, 'text/event-stream', 'event: passages\ndata: {"passages":[]}\n\n'],
  };
  let state = 'streaming';
  const proxy = await startProxy(target, ({ req, res, forward }) => {
    if (req.url === '/playground/report')
      res
        .writeHead(404, { 'Content-Type': 'application/problem+json' })
        .end(problem(404, 'no-report', 'None.', 'None.'));
    else if (req.url !== '/v1/answer') return forward();
    else if (state === 'streaming') {
      // Cut off before the answer, and never ended.
      return forward((chunk) => (chunk.includes('event: answer') ? new Promise(() => undefined) : true));
    } else if (replies[state] !== undefined) {
      const [status, type, body] = replies[state] ?? [500, '', ''];
      res.writeHead(status, { 'Content-Type': type, 'Retry-After': '12' }).end(body);
    } else if (state === 'down') res.destroy();
    // Else it is slow.
    return undefined;
  });
  try {
    let asked = 0;
    await shoot('streaming', async (page) => {
      // What has been answered comes at once.
      await page.goto(`${proxy.url}/#q=How+long+is+the+warranty+${asked++}&k=10`);
      await page.locator('.passage[data-state=read]').nth(1).waitFor();
    });
    state = 'slow';
    await shoot('slow', async (page) => {
      await page.goto(`${proxy.url}/${WARRANTY}`);
      await page.getByText('Waiting for the server for').waitFor();
    });
    for (state of [...Object.keys(replies), 'down']) {
      await shoot(state, async (page) => {
        await page.goto(`${proxy.url}/${WARRANTY}`);
        await page.getByRole('alert').waitFor();
      });
    }
    await shoot('no-report', async (page) => {
      await page.goto(proxy.url);
      await page.getByRole('tab', { name: 'Evaluation' }).click();
      await page.getByText('No evaluation report').waitFor();
    });
  } finally {
    proxy.close();
  }
}

async function keyAsked(shoot: Shoot, folder: string): Promise<void> {
  const keys = path.join(folder, 'keys.json');
  verbatim('keys', 'create', '--keys', keys);
  using server = await serve(['--workers', '1', '--keys', keys]);
  await shoot('key', async (page) => {
    await page.goto(`${server.url}/${WARRANTY}`);
    await page.getByRole('alert').waitFor();
  });
}

function makeReport(file: string): void {
  const questions = 'corpora/help-centre.questions.json';
  verbatim('eval', questions, '--mode', 'open', '--corpus', 'corpora/help-centre', '--report', file);
}

function verbatim(...args: string[]): void {
  execFileSync(process.execPath, ['dist/cli/main.js', ...args], { stdio: 'pipe' });
}

async function answered(page: BrowserPage): Promise<void> {
  await page.locator('#answer:not([data-state=waiting])').waitFor();
}

import { describe, expect, it, onTestFinished } from 'vitest';
import { runCli } from '../../support/run-cli.js';
import { startServerProcess } from '../../support/server-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { useChromium } from '../support/chromium.js';
import { answered, answerOf, ask, ownErrors, proxyQuestions, WARRANTY } from './support.js';
import type { Passing } from '../support/proxy.js';

const openPage = useChromium();

describe('the playground, when a question fails', () => {
  it('says that the server is down, and answers once it is back', async () => {
    const server = await startServerProcess(['--workers', '1']);
    const { page } = await openPage();
    await page.goto(server.url);
    server.child.kill('SIGKILL');
    await server.ended;
    await ask(page, WARRANTY);
    expect(await answerOf(page).innerText()).toContain('The server does not answer.');
    await startServerProcess(['--workers', '1', '--port', new URL(server.url).port]);
    await ask(page, WARRANTY);
    expect(await answerOf(page).innerText()).toMatch(/^two years/);
  });

  it('asks for the key that the server demands, keeps it in this tab only, and goes on', async () => {
    const cwd = temporaryFolder();
    const { stdout } = await runCli(['keys', 'create', '--name', 'page', '--json'], { cwd });
    const { token } = JSON.parse(stdout) as { token: string };
    const server = await startServerProcess(['--workers', '1'], { cwd });
    const { page, context } = await openPage();
    await page.goto(`${server.url}/#q=${encodeURIComponent(WARRANTY)}`);
    const field = page.getByLabel('This server asks for an API key');
    await field.fill('vq_wrong');
    await page.getByRole('button', { name: 'Use' }).click();
    await page.getByText('A valid API key is needed.').waitFor();
    await field.fill(token);
    await field.press('Enter');
    await page.getByText('two years').first().waitFor();
    await page.getByText('39 documents').waitFor();
    const stored = await page.evaluate(() => [
      Object.entries(sessionStorage),
      localStorage.length,
      document.cookie,
    ]);
    expect(stored).toEqual([[['verbatim-key', token]], 0, '']);
    // Code takes it from the environment.
    await page.getByText('Show code').click();
    const snippet = page.locator('#snippet');
    await expect.poll(() => snippet.textContent()).toContain('Bearer $VERBATIM_KEY');
    const code = (await snippet.textContent()) ?? '';
    expect(page.url() + code).not.toContain(token);
    const other = await context.newPage();
    await other.goto(server.url);
    await other.getByLabel('This server asks for an API key').waitFor();
    await page.getByRole('button', { name: 'Forget key' }).click();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });

  it('says when too many have asked, and when to ask again', async () => {
    const server = await startServerProcess(['--workers', '1', '--requests-per-minute', '2']);
    const { page } = await openPage();
    await page.goto(server.url);
    await page.getByText('39 documents').waitFor();
    await ask(page, WARRANTY);
    await ask(page, WARRANTY);
    expect(await answerOf(page).innerText()).toMatch(/at most 2 requests a minute\. Ask again in \d+ s\./);
    expect(await answerOf(page).innerText()).toMatch(/rate-limited · [\w-]+$/);
  });

  it('says that the reader is busy', async () => {
    const server = await startServerProcess(['--workers', '1', '--max-concurrent', '1']);
    const { page } = await openPage();
    await page.goto(server.url);
    const busy = new AbortController();
    onTestFinished(() => busy.abort());
    const questions = Array.from({ length: 64 }, (_, i) => `How do I reset the hub of the lamp ${i}?`);
    server
      .call('/v1/answer/batch', { questions, topK: 100, threshold: 0 }, { signal: busy.signal })
      .catch(() => undefined);
    while ((await server.call('/ready')).status !== 503);
    await ask(page, WARRANTY);
    expect(await answerOf(page).innerText()).toMatch(/Ask again in 1 s\.[^]*queue-full/);
  });

  it('says how long it has waited for a slow server, and stops when told to', async () => {
    const server = await startServerProcess(['--workers', '1']);
    const url = await proxyQuestions(server.url, () => undefined);
    const { page } = await openPage();
    await page.goto(url);
    await page.getByLabel('Question').fill(WARRANTY);
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await page.getByText('Waiting for the server for 2 s…').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    expect(await answerOf(page).innerText()).toBe('Stopped.');
    expect(await page.getByRole('button', { name: 'Stop' }).isDisabled()).toBe(true);
  });

  const PROBLEM = { 'Content-Type': 'application/problem+json' };
  it.each<[string, (passing: Passing) => Promise<void> | void, RegExp]>([
    [
      'an HTML error page',
      ({ res }) => void res.writeHead(502, { 'Content-Type': 'text/html' }).end('<h1>Bad gateway</h1>'),
      /Something else answered\.[^]*status 502 with text\/html/,
    ],
    [
      'an HTML page that says that all is well',
      ({ res }) => void res.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>Sign in</h1>'),
      /Something else answered\.[^]*status 200 with text\/html/,
    ],
    [
      'JSON of another make',
      ({ res }) => void res.writeHead(200, { 'Content-Type': 'application/json' }).end('{"kind":"answer"}'),
      /Something else answered\.[^]*application\/json of another make/,
    ],
    [
      'JSON that is cut',
      ({ res }) => void res.writeHead(200, { 'Content-Type': 'application/json' }).end('{"kind":'),
      /The answer broke off\./,
    ],
    [
      'a problem that says little',
      ({ res }) =>
        void res.writeHead(503, PROBLEM).end('{"status":503,"title":"The model is being loaded."}'),
      /The model is being loaded\.[^]*Status 503/,
    ],
    [
      'events that are none of this server’s',
      ({ res }) =>
        void res.writeHead(200, { 'Content-Type': 'text/event-stream' }).end('event: answer\ndata: {}\n\n'),
      /Something else answered\./,
    ],
    [
      'a stream that ends half-way',
      ({ res }) =>
        void res
          .writeHead(200, { 'Content-Type': 'text/event-stream' })
          .end('event: passages\ndata: {"passages":[]}\n\n'),
      /The answer broke off\./,
    ],
    [
      'a connection that breaks half-way',
      ({ forward }) => forward((chunk) => !chunk.includes('event: answer')),
      /The answer broke off\./,
    ],
    [
      'a problem half-way',
      ({ res }) =>
        void res
          .writeHead(200, { 'Content-Type': 'text/event-stream' })
          .end(
            'event: problem\ndata: {"status":503,"title":"A reader crashed.","code":"worker-crashed"}\n\n',
          ),
      /A reader crashed\.[^]*worker-crashed/,
    ],
  ])('tells %s in words, and goes on with the next question', async (_what, handle, text) => {
    const server = await startServerProcess(['--workers', '1']);
    let isFirst = true;
    const url = await proxyQuestions(server.url, (passing) => {
      if (!isFirst) return passing.forward();
      isFirst = false;
      return handle(passing);
    });
    const { page, errors } = await openPage();
    await page.goto(url);
    await ask(page, WARRANTY);
    await expect.poll(() => answerOf(page).innerText()).toMatch(text);
    expect(await page.getByRole('alert').count()).toBe(1);
    expect(await page.locator('.passage').count()).toBe(0);
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await page.getByText('Answered: two years').waitFor();
    await answered(page);
    expect(ownErrors(errors)).toEqual([]);
  });

  it('shows the answer to the last question, however late an earlier one comes', async () => {
    const server = await startServerProcess(['--workers', '1']);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let isFirst = true;
    const url = await proxyQuestions(server.url, async ({ forward }) => {
      if (isFirst) {
        isFirst = false;
        await held;
      }
      await forward();
    });
    const { page } = await openPage();
    await page.goto(url);
    await page.getByLabel('Question').fill('What is the hub?');
    await page.getByLabel('Question').press('Enter');
    await ask(page, WARRANTY);
    release();
    expect(await answerOf(page).innerText()).toMatch(/^two years/);
    expect(await page.locator('#status').innerText()).toBe('Answered: two years');
  });
});

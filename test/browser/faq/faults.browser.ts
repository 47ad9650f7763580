import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { useChromium, type WatchedPage } from '../support/chromium.js';
import {
  passagesEvent,
  sendEvent,
  sendProblem,
  startEngineStandIn,
  type EngineStandIn,
} from './support/engine-stand-in.js';
import { ask, faqOn, listen, type Faq } from './support/faq.js';
import { useHelpSite } from './support/help-site.js';

const openPage = useChromium();
const helpSite = useHelpSite();

const NO_ANSWER = { answerId: 'a', kind: 'no-answer', reason: 'no-support', bestRejected: null };

async function openAt(src: string, attributes = ''): Promise<{ faq: Faq } & WatchedPage> {
  const opened = await openPage();
  await helpSite().open(opened.page, {
    attributes: `src="${src}" ${attributes}`,
    more: '<button id="own">0</button>',
  });
  // What the page itself does, which must go on.
  await opened.page.locator('#own').evaluate((button) => {
    button.onclick = () => (button.textContent = String(Number(button.textContent) + 1));
  });
  return { faq: faqOn(opened.page), ...opened };
}

async function openStandIn(attributes?: string): Promise<{ standIn: EngineStandIn; faq: Faq } & WatchedPage> {
  const standIn = await startEngineStandIn();
  return { standIn, ...(await openAt(standIn.url, attributes)) };
}

async function pageGoesOn({ page }: WatchedPage): Promise<void> {
  await page.locator('#own').click();
  expect(await page.locator('#own').innerText()).toBe('1');
}

describe('when the engine fails', () => {
  it.each<[string, (response: ServerResponse) => void, string, string]>([
    [
      'an error page',
      (res) =>
        void res.writeHead(500, { 'Content-Type': 'text/html' }).end('<h1>Oops</h1><script>owned=1</script>'),
      'Something went wrong on our side.',
      'failed',
    ],
    [
      'a page that is none of its own',
      (res) =>
        void res.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Login</title>'),
      'The answer service is not working as it should.',
      'not-understood',
    ],
    [
      'other JSON',
      (res) => void res.writeHead(200, { 'Content-Type': 'application/json' }).end('{"hello":"world"}'),
      'The answer service is not working as it should.',
      'not-understood',
    ],
    [
      'a stream that stops half-way',
      (res) => {
        sendEvent(res, 'passages', passagesEvent(10));
        sendEvent(res, 'candidate', { passageId: 'p0', answer: 'x' });
        setImmediate(() => res.destroy());
      },
      'The connection broke off before the answer was complete.',
      'interrupted',
    ],
    [
      'too many requests',
      (res) => sendProblem(res, 429, 'rate-limited', { 'Retry-After': '2' }),
      'Too many questions were asked in a short time. Please try again in 2 seconds.',
      'rate-limited',
    ],
    [
      'a busy server',
      (res) => sendProblem(res, 503, 'queue-full', { 'Retry-After': '300' }),
      'The answer service is busy. Please try again in 5 minutes.',
      'busy',
    ],
    [
      'a problem in the stream',
      (res) => {
        sendEvent(res, 'passages', passagesEvent(2));
        sendEvent(res, 'problem', { status: 503, code: 'worker-crashed', detail: 'x' });
        res.end();
      },
      'The answer service is busy.',
      'busy',
    ],
  ])('tells a visitor what %s means, and the page goes on', async (_what, fail, words, reason) => {
    const opened = await openStandIn();
    const { standIn, faq, page } = opened;
    const events = await listen(page);
    void standIn.nextQuestion().then(fail);
    await ask(faq, 'How long is the warranty?');
    expect(await faq.outcome.locator('.lead').innerText()).toBe(words);
    expect(await faq.status.innerText()).toBe(words);
    expect(await events()).toMatchObject([
      { type: 'error', detail: { question: 'How long is the warranty?', reason } },
    ]);
    await pageGoesOn(opened);
    expect(await page.evaluate(() => 'owned' in window)).toBe(false);
    // Asking again works, with the keyboard where the focus was, and from the button once the wait is over.
    const retry = faq.outcome.getByRole('button', { name: 'Try again' });
    if (reason !== 'busy') {
      void standIn.nextQuestion().then((res) => {
        sendEvent(res, 'answer', NO_ANSWER);
        res.end();
      });
      await retry.click();
      await faq.outcome.getByText('The documents do not mention this.').waitFor();
      expect(await faq.exchanges.count()).toBe(1);
    }
  });

  it('says that nothing can be reached where the server is down', async () => {
    const standIn = await startEngineStandIn((end) => end());
    const opened = await openAt(standIn.url);
    await ask(opened.faq, 'How long is the warranty?');
    await opened.faq.outcome.getByText('cannot be reached').waitFor();
    await pageGoesOn(opened);
  });

  it('says that it goes on where the server is slow, can be stopped, and gives up in the end', async () => {
    const { page, faq, standIn } = await openStandIn('timeout="12"');
    await page.clock.install();
    await faq.input.fill('How long is the warranty?');
    await faq.input.press('Enter');
    await standIn.nextQuestion();
    await page.clock.fastForward(9_000);
    await faq.root.locator('.progress').getByText('longer than usual').waitFor();
    await page.clock.fastForward(4_000);
    await faq.outcome.getByText('The answer took too long.').waitFor();

    await faq.input.fill('And now?');
    await faq.input.press('Enter');
    await standIn.nextQuestion();
    await faq.root.getByRole('button', { name: 'Stop' }).click();
    await faq.root.locator('li:last-child').getByText('Stopped.').waitFor();
    expect(await faq.send.innerText()).toBe('Ask');
  });

  it('stops the question before when another is asked', async () => {
    const { faq, standIn } = await openStandIn();
    await faq.input.fill('First?');
    await faq.input.press('Enter');
    const first = await standIn.nextQuestion();
    const left = new Promise((resolve) => first.once('close', resolve));
    void standIn.nextQuestion().then((res) => {
      sendEvent(res, 'answer', NO_ANSWER);
      res.end();
    });
    await ask(faq, 'Second?');
    await left;
    expect(await faq.exchanges.first().innerText()).toContain('Stopped.');
  });

  it('does not take a verdict that cannot be sent for one that was', async () => {
    const { faq, standIn, page } = await openStandIn();
    await page.route('**/v1/feedback', (route) => route.abort());
    void standIn.nextQuestion().then((res) => {
      sendEvent(res, 'answer', NO_ANSWER);
      res.end();
    });
    await ask(faq, 'How long?');
    const yes = faq.outcome.getByRole('button', { name: 'Yes' });
    await yes.click();
    await faq.outcome.getByText('could not be sent').waitFor();
    expect(await yes.getAttribute('aria-pressed')).toBe('false');
  });

  it('answers without suggestions where there are none to be had', async () => {
    const { page } = await openPage();
    const { open } = helpSite();
    await page.route('**/v1/suggest*', (route) => route.fulfill({ status: 500, body: '<h1>' }));
    await open(page);
    const faq = faqOn(page);
    const asked = page.waitForResponse('**/v1/suggest*');
    await faq.input.pressSequentially('warr');
    await asked;
    expect(await faq.options.count()).toBe(0);
    await ask(faq, 'How long is the warranty?');
    expect(await faq.outcome.locator('mark').first().innerText()).toBe('two years');
  });
});

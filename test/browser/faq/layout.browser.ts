import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { useChromium } from '../support/chromium.js';
import { passagesEvent, sendEvent, startEngineStandIn } from './support/engine-stand-in.js';
import { faqOn } from './support/faq.js';
import { useHelpSite } from './support/help-site.js';

const openPage = useChromium();
const helpSite = useHelpSite();

/** Watches for what moves without a visitor's doing (Layout Instability API), from now on. */
async function watchShifts(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
      })[])
        if (!entry.hadRecentInput) shifts.push(entry.value);
    }).observe({ type: 'layout-shift' });
  });
  return () =>
    page.evaluate(() =>
      (window as unknown as { shifts: number[] }).shifts.reduce((sum, value) => sum + value, 0),
    );
}

/** Waits until what happens is no longer put down to the input before, and has been drawn. */
async function settle(page: Page): Promise<void> {
  const from = await page.evaluate(() => performance.now());
  await page.waitForFunction((since) => performance.now() > since + 600, from);
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}

it.each([320, 1024])('moves nothing while an answer streams, at %d px', async (width) => {
  const { page } = await openPage({ viewport: { width, height: 900 } });
  const standIn = await startEngineStandIn();
  const { server, open } = helpSite();
  await open(page, { attributes: `src="${standIn.url}"`, more: '<p>What follows on the page.</p>' });
  const answer: unknown = await (
    await server.call('/v1/answer', { question: 'How many days do I have to return an order?' })
  ).json();
  const faq = faqOn(page);
  const shifted = await watchShifts(page);
  for (const question of ['How long?', 'And how many days?', 'Really?']) {
    await faq.input.fill(question);
    await faq.input.press('Enter');
    const response = await standIn.nextQuestion();
    await settle(page);
    sendEvent(response, 'passages', passagesEvent(3));
    for (let i = 0; i < 3; i++) {
      sendEvent(response, 'candidate', { passageId: `p${i}`, answer: 'x' });
      await settle(page);
    }
    sendEvent(response, 'answer', answer as object);
    response.end();
    await faq.outcome.waitFor();
    await settle(page);
    // The question is still where it was when it was asked: at the top.
    const [log, asked] = await Promise.all([
      faq.root.locator('.log').boundingBox(),
      faq.root.locator('[part=question]').last().boundingBox(),
    ]);
    expect((asked?.y ?? 0) - (log?.y ?? 0)).toBeLessThan(40);
  }
  expect(await shifted()).toBe(0);
  // It does notice what moves.
  await page.evaluate(() => {
    const block = document.createElement('p');
    block.textContent = 'Late';
    document.body.prepend(block);
  });
  await settle(page);
  expect(await shifted()).toBeGreaterThan(0);
});

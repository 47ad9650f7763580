import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useChromium } from '../support/chromium.js';
import { passagesEvent, sendEvent, sendProblem, startEngineStandIn } from './support/engine-stand-in.js';
import { ask, faqOn } from './support/faq.js';
import { useHelpSite } from './support/help-site.js';

const openPage = useChromium();
const helpSite = useHelpSite();

const LOOKS = [
  { name: 'light', theme: 'light', lang: 'en', dir: 'ltr' },
  { name: 'dark', theme: 'dark', lang: 'en', dir: 'ltr' },
  { name: 'right to left', theme: 'light', lang: 'ar', dir: 'rtl' },
] as const;

async function violations(page: Page): Promise<readonly string[]> {
  const { violations: found } = await new AxeBuilder({ page }).include('verbatim-faq').analyze();
  return found.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join('; ')}`,
  );
}

describe.each(LOOKS)('axe finds nothing wrong, $name:', ({ theme, lang, dir }) => {
  it('with a welcome, suggestions, answers, alternatives, no answer, and a hint', async () => {
    const { page } = await openPage({ reducedMotion: 'reduce' });
    const { server, open } = helpSite();
    const attributes = `src="${server.url}" theme="${theme}" contact-href="/contact" examples="How long is the warranty?"`;
    await open(page, { attributes, lang, dir });
    const faq = faqOn(page);
    expect(await violations(page)).toEqual([]);
    await faq.input.pressSequentially('warr');
    await faq.options.first().waitFor();
    await page.keyboard.press('ArrowDown');
    expect(await violations(page)).toEqual([]);
    await ask(faq, 'Which batteries does the sensor use?');
    await faq.outcome.locator('summary').click();
    await faq.outcome.locator('[part~=feedback-right]').click();
    await faq.outcome.locator('[aria-pressed=true]').waitFor();
    expect(await violations(page)).toEqual([]);
    await ask(faq, 'How many days do I have to return an order?');
    expect(await violations(page)).toEqual([]);
    await ask(faq, 'Who composed the opera about the thermostat?');
    await faq.input.press('Enter');
    expect(await violations(page)).toEqual([]);
  });

  it('while it reads, and when it has failed', async () => {
    const standIn = await startEngineStandIn();
    const { page } = await openPage({ reducedMotion: 'reduce' });
    await helpSite().open(page, { attributes: `src="${standIn.url}" theme="${theme}"`, lang, dir });
    const faq = faqOn(page);
    await faq.input.fill('How long is the warranty?');
    await faq.input.press('Enter');
    const response = await standIn.nextQuestion();
    sendEvent(response, 'passages', passagesEvent(4));
    await faq.root.locator('.progress-bar.is-known').waitFor();
    expect(await violations(page)).toEqual([]);
    sendEvent(response, 'problem', { status: 500, code: 'internal-error', detail: 'x' });
    response.end();
    await faq.outcome.waitFor();
    expect(await violations(page)).toEqual([]);
    void standIn.nextQuestion().then((res) => sendProblem(res, 429, 'rate-limited', { 'Retry-After': '60' }));
    await ask(faq, 'Again?');
    expect(await violations(page)).toEqual([]);
  });
});

describe('a screen reader', () => {
  it('meets a named region, headings for questions, a combobox, and what a bar says in words', async () => {
    const { page } = await openPage();
    await helpSite().open(page);
    const faq = faqOn(page);
    await ask(faq, 'How long is the warranty?');
    const tree = await faq.root.ariaSnapshot();
    for (const line of [
      '- heading "Ask a question" [level=2]',
      'heading "You asked: How long is the warranty?" [level=3]',
      '- combobox "Your question"',
      '- button "Ask"',
      '- button "Clear conversation"',
      '- group "Is this right?"',
      '- mark: two years',
    ]) {
      expect(tree).toContain(line);
    }
    expect(tree).toMatch(
      /- link "The Lumen Home warranty How long is the warranty\? \(opens in a new tab\)"/,
    );
    expect(tree).toMatch(/- meter "Confidence"/);
  });
});

describe('a small or magnified page', () => {
  it.each([
    ['320 px', { viewport: { width: 320, height: 640 } }],
    // A window of 1280 by 1024 at 200%.
    ['200%', { viewport: { width: 640, height: 512 }, deviceScaleFactor: 2 }],
  ])('shows everything at %s without scrolling sideways', async (_what, options) => {
    const { page } = await openPage(options);
    const { server, open } = helpSite();
    await open(page, { attributes: `src="${server.url}" contact-href="/contact"` });
    const faq = faqOn(page);
    for (const question of ['How many days do I have to return an order?', 'Who composed the opera?']) {
      await ask(faq, question);
      const inside = await faq.root.evaluate((element) => {
        const { left, right } = element.getBoundingClientRect();
        const shown = Array.from(
          element.shadowRoot?.querySelectorAll('button, a, input, blockquote, p') ?? [],
        );
        const wide = shown.filter((each) => {
          const box = each.getBoundingClientRect();
          return box.width > 0 && (box.left < left - 1 || box.right > right + 1);
        });
        return wide.length === 0 && document.documentElement.scrollWidth <= innerWidth;
      });
      expect(inside).toBe(true);
    }
    // Targets are at least 24 px high and wide (WCAG 2.2, 2.5.8).
    const small = await faq.root
      .locator('button:visible')
      .evaluateAll(
        (all) =>
          all
            .map((button) => button.getBoundingClientRect())
            .filter(({ width, height }) => width < 24 || height < 24).length,
      );
    expect(small).toBe(0);
  });

  it('moves nothing for those who want no motion', async () => {
    const { page } = await openPage({ reducedMotion: 'reduce' });
    const standIn = await startEngineStandIn();
    await helpSite().open(page, { attributes: `src="${standIn.url}"` });
    const faq = faqOn(page);
    await faq.input.fill('How long?');
    await faq.input.press('Enter');
    await standIn.nextQuestion();
    const running = (): Promise<number> =>
      faq.root.evaluate(
        (element) => element.shadowRoot?.querySelector('.faq')?.getAnimations({ subtree: true }).length ?? -1,
      );
    expect(await running()).toBe(0);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    expect(await running()).toBeGreaterThan(0);
  });
});

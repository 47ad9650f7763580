import { expect, it } from 'vitest';
import { useChromium } from '../support/chromium.js';
import { faqOn } from './support/faq.js';
import { useHelpSite } from './support/help-site.js';

const openPage = useChromium();
const helpSite = useHelpSite();

it('does everything with the keyboard alone', async () => {
  const { page, errors } = await openPage();
  await helpSite().open(page);
  const faq = faqOn(page);
  const { keyboard } = page;
  const focused = (): Promise<string | null | undefined> =>
    faq.root.evaluate((element) => {
      const active = element.shadowRoot?.activeElement;
      return [active?.getAttribute('aria-label'), active?.textContent.trim(), active?.id].find(
        (name) => name !== undefined && name !== null && name !== '',
      );
    });

  // The conversation, which can be scrolled, then the field.
  await keyboard.press('Tab');
  expect(await focused()).toBe('Conversation');
  await keyboard.press('Tab');
  expect(await focused()).toBe('question');

  // Suggestions: down, around, closed by Escape, opened by typing on, chosen by Enter.
  await keyboard.type('How long is the warr');
  await faq.options.first().waitFor();
  expect(await faq.input.getAttribute('aria-expanded')).toBe('true');
  const active = (): Promise<string | null> => faq.input.getAttribute('aria-activedescendant');
  await keyboard.press('ArrowDown');
  expect(await active()).toBe('option-0');
  await keyboard.press('ArrowUp');
  expect(await active()).toBe(null);
  await keyboard.press('ArrowUp');
  expect(await active()).toBe(`option-${(await faq.options.count()) - 1}`);
  await keyboard.press('Escape');
  expect(await faq.input.getAttribute('aria-expanded')).toBe('false');
  expect(await faq.input.inputValue()).toBe('How long is the warr');
  await keyboard.type('a');
  await faq.options.first().waitFor();
  expect(await faq.status.innerText()).toMatch(/^Suggestions: \d\. Use the arrow keys\.$/);
  const position = (await faq.options.allInnerTexts()).indexOf('How long is the warranty?');
  for (let i = 0; i <= position; i++) await keyboard.press('ArrowDown');
  expect(await faq.options.nth(position).getAttribute('aria-selected')).toBe('true');
  await keyboard.press('Enter');
  await faq.outcome.waitFor();
  expect(await faq.outcome.locator('mark').first().innerText()).toBe('two years');
  expect(await focused()).toBe('question');

  // Back through the answer: its alternatives, the verdict, the source.
  const back = async (name: string): Promise<void> => {
    for (let i = 0; i < 8 && !(await focused())?.startsWith(name); i++) await keyboard.press('Shift+Tab');
    expect(await focused()).toMatch(new RegExp(`^${name}`));
  };
  await back('Not what you meant?');
  await keyboard.press('Enter');
  expect(await faq.outcome.locator('details[open]').count()).toBe(1);
  await back('Yes');
  await keyboard.press('Space');
  await faq.outcome.getByText('Thank you').waitFor();
  await back('The Lumen Home warranty');
  await back('Clear conversation');
  await keyboard.press('Enter');
  expect(await faq.exchanges.count()).toBe(0);
  expect(await focused()).toBe('question');
  expect(errors).toEqual([]);
});

it('shows where the focus is', async () => {
  const { page } = await openPage();
  const { server, open } = helpSite();
  await open(page, { attributes: `src="${server.url}" examples="How long is the warranty?"` });
  const faq = faqOn(page);
  for (let i = 0; i < 4; i++) {
    await page.keyboard.press('Tab');
    const isShown = await faq.root.evaluate((element) => {
      const active = element.shadowRoot?.activeElement;
      // The field around the input shows the input's focus.
      const shown = active?.id === 'question' ? active.parentElement : active;
      if (shown === null || shown === undefined) return false;
      const { outlineStyle, boxShadow } = getComputedStyle(shown);
      return outlineStyle !== 'none' || boxShadow !== 'none';
    });
    expect(isShown).toBe(true);
  }
});

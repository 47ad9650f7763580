import { describe, expect, it } from 'vitest';
import { useChromium } from '../support/chromium.js';
import { DOCUMENTS } from './support/documents.js';
import { ask, faqOn, isOwned } from './support/faq.js';
import { useHelpSite } from './support/help-site.js';

const openPage = useChromium();
const helpSite = useHelpSite();

function textOf(id: (typeof DOCUMENTS)[number]['id']): string {
  return DOCUMENTS.find((document) => document.id === id)?.text ?? '';
}

describe('documents that try to be more than text', () => {
  it('are shown as text, run nothing, and link to nothing that runs, under a strict policy', async () => {
    const { page, errors, requests } = await openPage();
    const { site, server, open } = helpSite();
    await open(page);
    const faq = faqOn(page);
    await ask(faq, 'At what pressure does the zorblax valve open?');
    const quote = faq.outcome.getByRole('blockquote').first();
    expect(await quote.textContent()).toBe(textOf('hostile'));
    expect(await quote.locator('mark').innerText()).toBe('45 bars');
    // Nothing of the document has become an element.
    expect(await faq.outcome.locator('script, iframe, img, b').count()).toBe(0);
    expect(await faq.outcome.locator('.source').first().textContent()).toContain(
      '<img src=x onerror="window.owned=1">Zorblax manual',
    );
    const hrefs = await faq.outcome
      .locator('a')
      .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
    for (const href of hrefs) expect(href).toMatch(/^https:/);
    expect(await isOwned(page)).toBe(false);
    expect(errors).toEqual([]);
    // Nothing but the site itself and the server it is told of.
    for (const url of requests) expect([site.url, server.url]).toContain(new URL(url).origin);
  });

  it('keep their bidi controls to themselves', async () => {
    const { page } = await openPage();
    await helpSite().open(page);
    const faq = faqOn(page);
    await ask(faq, 'How much does the frobnicator weigh?');
    expect(await faq.outcome.getByRole('blockquote').first().textContent()).toBe(textOf('bidi'));
    expect(await faq.outcome.locator('mark').first().innerText()).toContain('12 kilograms');
    // In a line of a name that would turn what follows around, what follows stands where it should: after it.
    const order = await faq.outcome.evaluate((card) => {
      const name = card.querySelector('.source bdi')?.getBoundingClientRect();
      const drawing = card.querySelector('.source .icon')?.getBoundingClientRect();
      return name !== undefined && drawing !== undefined && drawing.left >= name.right;
    });
    expect(order).toBe(true);
    const controls = '\u202e\u2066\u2067\u202d';
    const own = await faq.outcome.evaluate((card, set) => {
      const texts: string[] = [];
      const walker = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const isIsolated = node.parentElement?.closest('bdi, .source-text') !== null;
        if (!isIsolated && Array.from(set).some((control) => node.textContent?.includes(control))) {
          texts.push(node.textContent ?? '');
        }
      }
      return texts;
    }, controls);
    expect(own).toEqual([]);
  });

  it('are broken within words and keep their zero-width characters', async () => {
    const { page } = await openPage({ viewport: { width: 320, height: 700 } });
    await helpSite().open(page);
    const faq = faqOn(page);
    await ask(faq, 'How long is the quux cable?');
    expect(await faq.outcome.getByRole('blockquote').first().textContent()).toBe(textOf('zero-width'));
    const isWide = await faq.root.evaluate((element) => {
      const log = element.shadowRoot?.querySelector('.log');
      return (
        document.documentElement.scrollWidth > innerWidth || (log?.scrollWidth ?? 0) > (log?.clientWidth ?? 0)
      );
    });
    expect(isWide).toBe(false);
  });

  it('are read from right to left where they are written so', async () => {
    const { page } = await openPage();
    await helpSite().open(page);
    const faq = faqOn(page);
    await ask(faq, 'كم مدة ضمان المصباح؟');
    const text = faq.outcome.locator('.source-text').first();
    expect(await text.evaluate((element) => getComputedStyle(element).direction)).toBe('rtl');
    expect(await faq.outcome.evaluate((element) => getComputedStyle(element).direction)).toBe('ltr');
  });
});

describe('questions of every kind', () => {
  it.each([
    ['only emoji', '🦄🌈👩‍👩‍👧‍👦', 'The documents do not mention this.'],
    ['pasted HTML', '<img src=x onerror="window.owned=1"><script>window.owned=1</script>', undefined],
    ['bidi controls', 'How long \u202eis the warranty\u2066?', undefined],
    ['half a surrogate pair', 'How long \ud83d is the warranty?', undefined],
  ])('are answered or not, but never break it: %s', async (_what, question, words) => {
    const { page, errors } = await openPage();
    await helpSite().open(page);
    const faq = faqOn(page);
    await ask(faq, question);
    if (words !== undefined) await faq.outcome.getByText(words).waitFor();
    const shown = await faq.root.locator('[part=question] bdi').last().textContent();
    expect(shown).toBe(question.replaceAll(/\p{Surrogate}/gu, '\ufffd'));
    expect(await faq.root.locator('[part=question] *:not(bdi, span)').count()).toBe(0);
    expect(await isOwned(page)).toBe(false);
    expect(errors.filter((error) => !error.includes('status of 400'))).toEqual([]);
  });

  it('of nothing but spaces are asked for', async () => {
    const { page, requests } = await openPage();
    await helpSite().open(page);
    const faq = faqOn(page);
    await faq.input.fill(' \u00a0\t ');
    await faq.input.press('Enter');
    await faq.root.getByRole('alert').getByText('Please type a question first.').waitFor();
    expect(await faq.input.getAttribute('aria-invalid')).toBe('true');
    expect(requests.filter((url) => url.includes('/v1/answer'))).toEqual([]);
    await faq.input.press('w');
    expect(await faq.root.getByRole('alert').textContent()).toBe('');
    expect(await faq.input.getAttribute('aria-invalid')).toBe(null);
  });

  it('of 10,000 characters are refused in words, and not lost', async () => {
    const { page } = await openPage();
    await helpSite().open(page);
    const faq = faqOn(page);
    const question = 'How long is the warranty? '.repeat(400).slice(0, 10_000).trim();
    await ask(faq, question);
    await faq.outcome.getByText('This question is too long. Please ask in fewer words.').waitFor();
    expect(await faq.input.inputValue()).toBe(question);
    expect(await faq.outcome.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    const log = await faq.root.locator('.log').boundingBox();
    const bubble = await faq.root.locator('[part=question]').boundingBox();
    expect(bubble?.height).toBeLessThan((log?.height ?? 0) / 2);
  });
});

import { describe, expect, it } from 'vitest';
import { useChromium } from '../support/chromium.js';
import { ask, faqOn, listen } from './support/faq.js';
import { useHelpSite } from './support/help-site.js';

const openPage = useChromium();
const helpSite = useHelpSite();

describe('an answer', () => {
  it('stands in its sentence, marked, with a link to the exact place, and a confidence in words', async () => {
    const { page, errors } = await openPage();
    await helpSite().open(page);
    const events = await listen(page);
    const faq = faqOn(page);
    await ask(faq, 'How long is the warranty?');
    const quote = faq.outcome.getByRole('blockquote').first();
    expect(await quote.innerText()).toBe(
      'The warranty on every Lumen device lasts two years from the date of delivery.',
    );
    expect(await quote.locator('mark').allInnerTexts()).toEqual(['two years']);
    const link = faq.outcome.getByRole('link', { name: 'The Lumen Home warranty' }).first();
    expect(await link.getAttribute('href')).toBe(
      'https://help.lumenhome.example/warranty/standard-warranty#how-long-is-the-warranty:~:text=two%20years',
    );
    expect(await link.getAttribute('rel')).toBe('noopener');
    const meter = faq.outcome.getByRole('meter').first();
    expect(await meter.getAttribute('aria-valuetext')).toMatch(/^Very likely right, 8\d%$/);
    expect(await faq.outcome.locator('[part=confidence]').first().innerText()).toMatch(
      /Very likely right\s+8\d%/,
    );
    expect(await faq.status.innerText()).toBe('two years. Source: The Lumen Home warranty');
    const [answered] = await events();
    expect(answered).toMatchObject({
      type: 'answer',
      detail: { question: 'How long is the warranty?', result: { kind: 'answer', answer: 'two years' } },
    });
    expect(errors).toEqual([]);
  });

  it('stands in the row of a table and in an item of a list', async () => {
    const { page } = await openPage();
    await helpSite().open(page);
    const faq = faqOn(page);
    await ask(faq, 'What is the default retention time of a topic?');
    expect(await faq.outcome.locator('mark').first().innerText()).toBe('72h');
    expect(await faq.outcome.getByRole('blockquote').first().innerText()).toContain('retention.default_time');
    await ask(faq, 'Which batteries does the sensor use?');
    expect(await faq.outcome.locator('mark').first().innerText()).toBe('CR2450 lithium coin cell');
  });

  it('offers what else may be meant, of other sentences, and says when sources disagree', async () => {
    const { page } = await openPage();
    await helpSite().open(page);
    const faq = faqOn(page);
    await ask(faq, 'Which batteries does the sensor use?');
    const others = faq.outcome.locator('details');
    expect(await others.getByRole('blockquote').count()).toBe(0);
    await others.getByText('Not what you meant?').click();
    expect(await others.locator('mark').allInnerTexts()).toEqual(['CR2032']);
    await ask(faq, 'How many days do I have to return an order?');
    await faq.outcome.getByText('Another passage says something else').waitFor();
    expect(await faq.outcome.locator('details[open] mark').count()).toBeGreaterThan(0);
  });

  it('can be judged, and the verdict can be changed', async () => {
    const { page } = await openPage();
    const { open } = helpSite();
    await open(page);
    const events = await listen(page);
    const faq = faqOn(page);
    await ask(faq, 'How long is the warranty?');
    const [yes, no] = [
      faq.outcome.getByRole('button', { name: 'Yes' }),
      faq.outcome.getByRole('button', { name: 'No' }),
    ];
    await yes.click();
    await faq.outcome.getByText('Thank you').waitFor();
    expect(await yes.getAttribute('aria-pressed')).toBe('true');
    await no.click();
    expect(await yes.getAttribute('aria-pressed')).toBe('false');
    await expect
      .poll(async () => (await events()).map(({ type }) => type))
      .toEqual(['answer', 'feedback', 'feedback']);
    const [answered, first, second] = await events();
    const { answerId } = answered?.detail['result'] as { answerId: string };
    expect(first?.detail).toEqual({ question: 'How long is the warranty?', answerId, verdict: 'right' });
    expect(second?.detail).toMatchObject({ answerId, verdict: 'wrong' });
  });
});

describe('no answer', () => {
  it('is said, with the nearest passages and where to turn', async () => {
    const { page, errors } = await openPage();
    const { server, open } = helpSite();
    await open(page, {
      attributes: `src="${server.url}" contact-href="mailto:help@lumenhome.example" contact-text="Write to us"`,
    });
    const events = await listen(page);
    const faq = faqOn(page);
    await ask(faq, 'Who composed the opera about the thermostat?');
    await faq.outcome.getByText('I found no answer to this in the documents.').waitFor();
    expect(await faq.outcome.locator('[part=nearest] li').count()).toBe(3);
    const links = faq.outcome.locator('[part=nearest] a');
    const hrefs = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    expect(new Set(hrefs).size).toBe(3);
    for (const href of hrefs) expect(href).toMatch(/^https:\/\/help\.lumenhome\.example\/.*:~:text=/);
    expect(await faq.outcome.getByRole('link', { name: 'Write to us' }).getAttribute('href')).toBe(
      'mailto:help@lumenhome.example',
    );
    expect((await events()).map(({ type }) => type)).toEqual(['no-answer']);
    expect(errors).toEqual([]);
  });

  it('names no contact where the page gives none, or one that is no address', async () => {
    const { page } = await openPage();
    const { server, open } = helpSite();
    await open(page, { attributes: `src="${server.url}" contact-href="javascript:window.owned=1"` });
    const faq = faqOn(page);
    await ask(faq, 'Who composed the opera about the thermostat?');
    expect(await faq.outcome.locator('[part~=contact]').count()).toBe(0);
  });
});

describe('suggestions', () => {
  it('come while typing, and one that is chosen is asked', async () => {
    const { page } = await openPage();
    await helpSite().open(page);
    const faq = faqOn(page);
    await faq.input.pressSequentially('how long is the warr');
    await faq.options.filter({ hasText: 'How long is the warranty?' }).click();
    await faq.outcome.waitFor();
    expect(await faq.outcome.locator('mark').first().innerText()).toBe('two years');
    expect(await faq.input.inputValue()).toBe('');
    expect(await faq.options.count()).toBe(0);
  });
});

describe('the conversation', () => {
  it('stays when the page is loaded again, and can be cleared', async () => {
    const { page } = await openPage();
    const { open } = helpSite();
    await open(page);
    const faq = faqOn(page);
    await ask(faq, 'How long is the warranty?');
    await ask(faq, 'Who composed the opera about the thermostat?');
    await page.reload();
    await faq.outcome.waitFor();
    expect(await faq.root.locator('[part=question]').allInnerTexts()).toEqual([
      expect.stringContaining('How long is the warranty?'),
      expect.stringContaining('Who composed the opera'),
    ]);
    expect(await faq.root.locator('mark').first().innerText()).toBe('two years');
    await faq.root.getByRole('button', { name: 'Clear conversation' }).click();
    expect(await faq.exchanges.count()).toBe(0);
    await page.reload();
    await faq.root.getByText('Ask in your own words').waitFor();
    expect(await faq.exchanges.count()).toBe(0);
  });

  it.each([
    [
      'is forbidden',
      () =>
        Object.defineProperty(window, 'sessionStorage', {
          get: () => {
            throw new DOMException('no', 'SecurityError');
          },
        }),
    ],
    [
      'is full',
      () =>
        (Storage.prototype.setItem = () => {
          throw new DOMException('full', 'QuotaExceededError');
        }),
    ],
    [
      'holds something else',
      () => {
        for (const i of [0, 1])
          sessionStorage.setItem(
            `verbatim-faq:/help#${i}`,
            '[{"question":1},7,{"question":"a","outcome":{"kind":"answered"}}]',
          );
      },
    ],
    ['is damaged', () => sessionStorage.setItem('verbatim-faq:/help#0', '{"')],
  ])('works where the storage %s', async (_what, prepare) => {
    const { page, errors } = await openPage();
    await page.addInitScript(prepare);
    await helpSite().open(page);
    const faq = faqOn(page);
    expect(await faq.exchanges.count()).toBe(0);
    await ask(faq, 'How long is the warranty?');
    expect(await faq.outcome.locator('mark').first().innerText()).toBe('two years');
    expect(errors).toEqual([]);
  });

  it('is each component’s own', async () => {
    const { page, errors } = await openPage();
    const { server, open } = helpSite();
    await open(page, { more: `<verbatim-faq id="second" lang="de" src="${server.url}"></verbatim-faq>` });
    const first = faqOn(page, 'verbatim-faq:not([id])');
    const second = faqOn(page, '#second');
    await ask(first, 'How long is the warranty?');
    await ask(second, 'Which batteries does the sensor use?');
    for (let i = 0; i < 2; i++) {
      expect(await first.outcome.locator('mark').first().innerText()).toBe('two years');
      expect(await second.outcome.locator('mark').first().innerText()).toBe('CR2450 lithium coin cell');
      expect(await first.exchanges.count()).toBe(1);
      expect(await second.exchanges.count()).toBe(1);
      await page.reload();
      await second.outcome.waitFor();
    }
    expect(await second.root.getByRole('heading', { name: 'Stellen Sie eine Frage' }).count()).toBe(1);
    expect(errors).toEqual([]);
  });
});

describe('the element', () => {
  it('needs one script tag: it asks the server that its file came from', async () => {
    const { page, errors } = await openPage();
    const { site, server } = helpSite();
    const address = site.put('/one-tag', {
      html: `<!doctype html><title>One</title><script type="module" src="${server.url}/widget/verbatim-faq.js"></script><verbatim-faq></verbatim-faq>`,
    });
    await page.goto(address);
    const faq = faqOn(page);
    await ask(faq, 'How long is the warranty?');
    expect(await faq.outcome.locator('mark').first().innerText()).toBe('two years');
    expect(errors).toEqual([]);
  });

  it('takes its text from attributes, properties and slots, and follows them', async () => {
    const { page, errors } = await openPage();
    const { server, open } = helpSite();
    await open(page, {
      attributes: `src="${server.url}" heading="Frag Lumen" placeholder="Nur zu" examples="How long is the warranty?|" lang="de-AT"`,
      slotted: '<p slot="welcome">Hier hilft Lumen.</p><small slot="footer">Ohne Gewähr.</small>',
    });
    const faq = faqOn(page);
    await faq.root.getByRole('heading', { name: 'Frag Lumen' }).waitFor();
    expect(await faq.input.getAttribute('placeholder')).toBe('Nur zu');
    expect(await page.getByText('Hier hilft Lumen.').isVisible()).toBe(true);
    expect(await page.getByText('Ohne Gewähr.').isVisible()).toBe(true);
    await faq.root.evaluate((element) => Object.assign(element, { strings: { ask: 'Los' } }));
    await faq.root.getByRole('button', { name: 'Los' }).waitFor();
    await faq.root.getByRole('button', { name: 'How long is the warranty?' }).click();
    await faq.outcome.getByText('Sehr wahrscheinlich richtig').waitFor();
    await faq.root.evaluate((element) => element.setAttribute('lang', 'fr'));
    await faq.outcome.getByText('Très probablement juste').waitFor();
    expect(errors).toEqual([]);
  });

  it('reports attributes with wrong values and works without them', async () => {
    const { page, errors } = await openPage();
    const { server, open } = helpSite();
    await open(page, { attributes: `src="${server.url}" top-k="many" timeout="0" history="always"` });
    const faq = faqOn(page);
    await ask(faq, 'How long is the warranty?');
    expect(await faq.outcome.locator('mark').first().innerText()).toBe('two years');
    for (const message of [
      'expected the attribute top-k to be a whole number of at least 1, got "many"',
      'expected the attribute timeout to be a whole number of at least 1, got "0"',
      'expected the attribute history to be one of "session", "none", got "always"',
    ]) {
      expect(errors.join('\n')).toContain(message);
    }
  });

  it('answers with an engine that the page registers', async () => {
    const { page } = await openPage();
    await helpSite().open(page, { attributes: 'engine="own" src="/kb"' });
    const faq = faqOn(page);
    await ask(faq, 'Before it is registered?');
    await faq.outcome.getByText('Something went wrong').waitFor();
    await page.evaluate(() => {
      interface Element {
        registerEngine: (name: string, factory: (settings: { src: string }) => object) => void;
      }
      (customElements.get('verbatim-faq') as unknown as Element).registerEngine('own', ({ src }) => ({
        answer: async (question: string, options: { onProgress: (progress: object) => void }) => {
          options.onProgress({ stage: 'loading', share: 0.4 });
          const quote = `${question} asked of ${src}`;
          const sentence = { start: 0, end: quote.length, text: quote };
          const citation = {
            documentId: 'd',
            title: 'T',
            uri: '',
            headings: [],
            start: 0,
            end: quote.length,
            quote,
            sentence,
          };
          return {
            kind: 'answer',
            answer: quote,
            confidence: 1,
            citations: [citation],
            conflicting: false,
            alternatives: [],
          };
        },
        suggest: async () => [],
        nearest: async () => [],
        feedback: async () => undefined,
      }));
    });
    await faq.outcome.getByRole('button', { name: 'Try again' }).click();
    await faq.outcome.locator('mark').getByText('Before it is registered? asked of /kb').waitFor();
    // It gave no id that a verdict could name.
    expect(await faq.outcome.locator('[part=feedback]').count()).toBe(0);
  });
});

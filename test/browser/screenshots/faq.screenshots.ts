import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, it } from 'vitest';
import { passagesEvent, sendEvent, sendProblem, startEngineStandIn } from '../faq/support/engine-stand-in.js';
import { useHelpSite } from '../faq/support/help-site.js';
import { useChromium } from '../support/chromium.js';

const FOLDER = path.join(process.env['SCREENSHOTS'] ?? 'screenshots', 'faq');
const WIDTHS = [320, 768, 1440];
const THEMES = ['light', 'dark'] as const;
const ATTRIBUTES =
  'contact-href="/contact" examples="How long is the warranty? | Can I use the hub without the internet? | Which batteries does the sensor use?"';

const openPage = useChromium();
const helpSite = useHelpSite();

mkdirSync(FOLDER, { recursive: true });

const faq = (page: Page) => page.locator('verbatim-faq');

async function ask(page: Page, question: string): Promise<void> {
  await faq(page).getByRole('combobox').fill(question);
  await faq(page).getByRole('combobox').press('Enter');
}

interface State {
  readonly name: string;
  readonly attributes?: string;
  readonly lang?: string;
  readonly dir?: string;
  /** The stand-in's answer to the question; the real server's without one. */
  readonly standIn?: (
    response: Awaited<ReturnType<Awaited<ReturnType<typeof startEngineStandIn>>['nextQuestion']>>,
  ) => void;
  readonly show: (page: Page) => Promise<void>;
}

const standInAsks = (page: Page): Promise<void> => ask(page, 'How long is the warranty?');

const STATES: readonly State[] = [
  { name: 'welcome', show: async () => undefined },
  {
    name: 'suggestions',
    show: async (page) => {
      await faq(page).getByRole('combobox').pressSequentially('warr');
      await faq(page).getByRole('option').first().waitFor();
      await page.keyboard.press('ArrowDown');
    },
  },
  {
    name: 'empty-question',
    show: async (page) => {
      await ask(page, '   ');
      await faq(page).getByText('Please type a question').waitFor();
    },
  },
  {
    name: 'answer',
    show: async (page) => {
      await ask(page, 'How long is the warranty?');
      await faq(page).getByRole('blockquote').first().waitFor();
      await faq(page).getByRole('button', { name: 'Yes' }).click();
      await faq(page).getByText('Thank you').waitFor();
    },
  },
  {
    name: 'answer-in-table',
    show: async (page) => {
      await ask(page, 'What is the default retention time of a topic?');
      await faq(page).getByRole('blockquote').first().waitFor();
    },
  },
  {
    name: 'alternatives',
    show: async (page) => {
      await ask(page, 'Which batteries does the sensor use?');
      await faq(page).getByRole('blockquote').first().waitFor();
      const more = faq(page).locator('details:not([open]) summary');
      if ((await more.count()) > 0) await more.click();
    },
  },
  {
    name: 'conflicting',
    show: async (page) => {
      await ask(page, 'How many days do I have to return an order?');
      await faq(page).getByRole('blockquote').first().waitFor();
    },
  },
  {
    name: 'no-answer',
    show: async (page) => {
      await ask(page, 'Who composed the opera about the thermostat?');
      await faq(page).getByText('I found no answer').first().waitFor();
    },
  },
  {
    name: 'nothing-found',
    show: async (page) => {
      await ask(page, '🦄🌈');
      await faq(page).getByText('do not mention').first().waitFor();
    },
  },
  {
    name: 'hostile-document',
    show: async (page) => {
      await ask(page, 'At what pressure does the zorblax valve open?');
      await faq(page).locator('.card:not(.progress)').first().waitFor();
    },
  },
  {
    name: 'long-words',
    show: async (page) => {
      await ask(page, 'How long is the quux cable?');
      await faq(page).locator('.card:not(.progress)').first().waitFor();
    },
  },
  {
    name: 'conversation',
    show: async (page) => {
      for (const question of [
        'How long is the warranty?',
        'Who composed the opera?',
        'How many days do I have to return an order?',
      ]) {
        await ask(page, question);
        await faq(page).locator('li:last-child > .body > .card:not(.progress)').waitFor();
      }
      await faq(page)
        .locator('.log')
        .evaluate((log) => (log.scrollTop = log.scrollHeight / 5));
    },
  },
  {
    name: 'right-to-left',
    lang: 'ar',
    dir: 'rtl',
    show: async (page) => {
      await ask(page, 'كم مدة ضمان المصباح؟');
      await faq(page).locator('.card:not(.progress)').first().waitFor();
    },
  },
  {
    name: 'right-to-left-english-source',
    lang: 'ar',
    dir: 'rtl',
    show: async (page) => {
      await ask(page, 'How long is the warranty?');
      await faq(page).locator('.card:not(.progress)').first().waitFor();
    },
  },
  {
    name: 'german',
    lang: 'de',
    show: async (page) => {
      await ask(page, 'How long is the warranty?');
      await faq(page).getByRole('blockquote').first().waitFor();
    },
  },
  {
    name: 'searching',
    standIn: () => undefined,
    show: standInAsks,
  },
  {
    name: 'reading',
    standIn: (response) => {
      sendEvent(response, 'passages', passagesEvent(10));
      for (let i = 0; i < 4; i++)
        sendEvent(response, 'candidate', { passageId: `p${i}`, answer: 'two years' });
    },
    show: async (page) => {
      await standInAsks(page);
      await faq(page).getByText('Reading passage 5 of 10').waitFor();
    },
  },
  {
    name: 'rate-limited',
    standIn: (response) => sendProblem(response, 429, 'rate-limited', { 'Retry-After': '12' }),
    show: async (page) => {
      await standInAsks(page);
      await faq(page).getByText('12 seconds').first().waitFor();
    },
  },
  {
    name: 'unreachable',
    // Nothing listens there.
    attributes: 'src="http://127.0.0.1:9"',
    show: async (page) => {
      await standInAsks(page);
      await faq(page).getByText('cannot be reached').first().waitFor();
    },
  },
];

describe.each(THEMES)('in the %s', (colorScheme) => {
  it.each(WIDTHS)('at %d px', async (width) => {
    const standIn = await startEngineStandIn();
    for (const { name, attributes = '', lang = 'en', dir = 'ltr', standIn: reply, show } of STATES) {
      const { context, page } = await openPage({
        colorScheme,
        reducedMotion: 'reduce',
        viewport: { width, height: 800 },
      });
      const { server, open } = helpSite();
      const src = reply === undefined ? server.url : standIn.url;
      await open(page, { attributes: `${attributes} src="${src}" ${ATTRIBUTES}`, lang, dir });
      if (reply !== undefined) void standIn.nextQuestion().then(reply);
      await show(page);
      await page.screenshot({
        path: path.join(FOLDER, `${name}-${width}-${colorScheme}.png`),
        fullPage: true,
      });
      await context.close();
    }
  });
});

import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useExportedSite } from '../local/support/exported-site.js';
import { serveSite } from '../local/support/serve-site.js';
import { useChromium, type WatchedPage } from '../support/chromium.js';
import { ask, faqOn } from './support/faq.js';

const openPage = useChromium();
const site = useExportedSite();

const PAGE = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>Help</title><link rel="icon" href="data:," /></head>
  <body>
    <script type="module" src="verbatim-faq.js"></script>
    <verbatim-faq engine="local" src="./"></verbatim-faq>
  </body>
</html>`;

/** A page beside an exported site, on a server of static files. */
async function openHelp(): Promise<WatchedPage & { readonly url: string }> {
  copyFileSync('dist/widget/verbatim-faq.js', path.join(site(), 'verbatim-faq.js'));
  writeFileSync(path.join(site(), 'help.html'), PAGE);
  const { url } = await serveSite(site());
  const watched = await openPage();
  await watched.page.goto(`${url}help.html`);
  return { ...watched, url };
}

async function hasFeedback(page: Page): Promise<boolean> {
  return (await page.getByRole('button', { name: /yes|no/i }).count()) > 0;
}

describe('an element with engine="local"', () => {
  it('answers in the page, completes what is typed, and is honest, without any server', async () => {
    const { page, errors, requests, url } = await openHelp();
    const faq = faqOn(page);
    await ask(faq, 'How long is the warranty?');
    expect(await faq.outcome.locator('mark').first().innerText()).toBe('two years');
    expect(await hasFeedback(page)).toBe(false);

    await faq.input.pressSequentially('how long is the wa');
    await faq.options.first().waitFor();
    expect((await faq.options.allInnerTexts()).join('\n')).toContain('How long is the warranty?');

    await ask(faq, 'Who composed the opera about the thermostat?');
    await faq.outcome.getByText('Thermostat', { exact: false }).first().waitFor();
    expect(await faq.outcome.locator('mark').count()).toBe(0);
    expect(errors).toEqual([]);
    expect(
      requests.filter((address) => !address.startsWith(url) && !/^(?:data|blob):/.test(address)),
    ).toEqual([]);
  });

  it('says in words when there is no exported site, and works once there is one', async () => {
    const { page } = await openHelp();
    const faq = faqOn(page);
    await page.locator('verbatim-faq').evaluate((element) => element.setAttribute('src', '/nowhere/'));
    await ask(faq, 'How long is the warranty?');
    expect(await faq.outcome.innerText()).toMatch(/reach/i);
    await page.locator('verbatim-faq').evaluate((element) => element.setAttribute('src', './'));
    await faq.input.fill('How long is the warranty?');
    await faq.input.press('Enter');
    await page.locator('verbatim-faq mark').first().waitFor();
  });
});

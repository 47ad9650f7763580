import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useChromium } from '../support/chromium.js';
import { useExportedSite } from './support/exported-site.js';
import { serveSite } from './support/serve-site.js';

const openPage = useChromium();
const site = useExportedSite('--corpus', 'corpora/help-centre');

async function askOn(page: Page, question: string): Promise<string> {
  await page.getByRole('button', { name: 'Ask' }).and(page.locator(':enabled')).waitFor();
  await page.getByLabel('Your question').fill(question);
  await page.getByRole('button', { name: 'Ask' }).click();
  const result = page.getByRole('region', { name: 'Answer' });
  await result.locator('p').first().waitFor();
  return result.innerText();
}

describe('the page of an exported site', () => {
  it('answers under a strict policy, asks no other server for anything, and complains of nothing', async () => {
    const server = await serveSite(site());
    const { page, errors, requests } = await openPage();
    await page.goto(server.url);
    const shown = await askOn(page, 'How long is the warranty?');
    expect(shown).toMatch(/^two years\n/);
    expect(shown).toContain('The warranty on every Lumen device lasts two years from the date of delivery.');
    const link = page.getByRole('link', { name: /How long is the warranty/ });
    expect(await link.getAttribute('href')).toMatch(
      /^https:\/\/help\.lumenhome\.example\/warranty\/standard-warranty#.*:~:text=/,
    );
    expect(errors).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(server.url) && !url.startsWith('data:'))).toEqual([]);
  });

  it('says that there is no answer, and what came closest', async () => {
    const server = await serveSite(site());
    const { page } = await openPage();
    await page.goto(server.url);
    const shown = await askOn(page, 'Who composed the opera about the thermostat?');
    expect(shown).toMatch(/^The documents hold no answer that can be trusted\.\n+Closest, but rejected:/);
  });

  it('works offline after the first visit, at either address', async () => {
    const server = await serveSite(site());
    const { context, page } = await openPage();
    await page.goto(server.url);
    await askOn(page, 'How long is the warranty?');
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await context.setOffline(true);
    await server.stop();
    for (const address of [server.url, `${server.url}index.html`]) {
      await page.goto(address);
      expect(await askOn(page, 'How long is the warranty?')).toMatch(/^two years\n/);
    }
  });

  it('shows what went wrong, and loads when it is told to try again', async () => {
    const server = await serveSite(site());
    server.faults.set(
      'data/network.onnx',
      (content, response) => void response.end(content.subarray(0, 1000)),
    );
    const { page } = await openPage();
    await page.goto(server.url);
    const problem = page.getByRole('alert');
    await problem.waitFor();
    expect(await problem.innerText()).toContain(
      'network.onnx is damaged: it has 1000 bytes instead of 23455331.',
    );
    server.faults.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    expect(await askOn(page, 'How long is the warranty?')).toMatch(/^two years\n/);
    expect(await problem.isVisible()).toBe(false);
  });

  it('shows what documents say as text', async () => {
    const server = await serveSite(site());
    const { page, errors } = await openPage();
    await page.goto(server.url);
    await askOn(page, '<img src=x onerror=alert(1)> How long is the warranty?');
    expect(await page.locator('#result img').count()).toBe(0);
    expect(errors).toEqual([]);
  });
});

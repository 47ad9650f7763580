import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { startServerProcess } from '../../support/server-process.js';
import { useChromium } from '../support/chromium.js';
import { ask, drop, WARRANTY } from './support.js';

const openPage = useChromium();

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

async function widthOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth);
}

const VIEWS = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [320, 768, 1440].map((width) => ({ colorScheme, width })),
);

describe.each(VIEWS)('the playground in $colorScheme at $width px', ({ colorScheme, width }) => {
  it('has nothing that axe-core finds wrong, in any state, and is nowhere wider than the screen', async () => {
    const server = await startServerProcess(['--workers', '1']);
    const { page } = await openPage({ colorScheme, viewport: { width, height: 900 } });
    const expectFine = async (state: string): Promise<void> => {
      expect(await violations(page), state).toEqual([]);
      expect(await widthOf(page), state).toBe(width);
    };
    await page.goto(server.url);
    await page.getByText('39 documents').waitFor();
    await expectFine('empty');
    await ask(page, WARRANTY);
    await page.locator('.passage summary').first().click();
    await page.locator('.ranking summary').first().click();
    await page.getByText('Show code').click();
    await page.getByText('Filter').click();
    await expectFine('explained');
    await page.getByLabel('Least confidence', { exact: true }).fill('0.95');
    await expectFine('moved');
    await drop(page, `${'long'.repeat(40)}.txt`, `${'unbroken'.repeat(60)} warranty of two years.`);
    await page.locator('.stage').getByText('1 passage, ').waitFor();
    await page.locator('.passage summary').first().click();
    await expectFine('file');
    await ask(page, 'warranty '.repeat(300));
    await expectFine('failure');
    await page.getByRole('tab', { name: 'Evaluation' }).click();
    await page.getByText('No evaluation report').waitFor();
    await expectFine('evaluation');
  });
});

it('the playground is light or dark as the system is, until the button says otherwise, which is remembered', async () => {
  const server = await startServerProcess(['--workers', '1']);
  const { page } = await openPage({ colorScheme: 'dark' });
  const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.goto(server.url);
  const dark = await ground();
  await page.getByRole('button', { name: 'Dark' }).click();
  const light = await ground();
  expect(light).not.toBe(dark);
  await page.reload();
  expect(await ground()).toBe(light);
});

it('the playground works by the keyboard alone, and shows where the focus is', async () => {
  const server = await startServerProcess(['--workers', '1']);
  const { page } = await openPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(server.url);
  await ask(page, WARRANTY);
  const reached = new Set<string>();
  await page.locator('h1').click();
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return undefined;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const name = element.id === '' ? `${element.tagName} ${element.className}`.trim() : `#${element.id}`;
      return { name, isShown: outlineStyle !== 'none' && outlineWidth !== '0px' };
    });
    if (focused === undefined) break;
    expect(focused.isShown, focused.name).toBe(true);
    reached.add(focused.name);
  }
  for (const name of [
    '#tab-ask',
    '#theme',
    '#question',
    '#top-k',
    '#rule',
    '#file',
    '#copy-link',
    '#copy-code',
    '#answer',
    '#confidence-line',
    'SUMMARY',
  ]) {
    expect([...reached]).toContain(name);
  }
});

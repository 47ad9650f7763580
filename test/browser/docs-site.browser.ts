import { AxeBuilder } from '@axe-core/playwright';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveFolder, type ServedFolder } from '../../scripts/docs/serve-folder.js';
import { useChromium } from './support/chromium.js';

const SITE = path.resolve('docs/.vitepress/dist');
const openPage = useChromium();
let site: ServedFolder;
let url: string;
let pages: readonly string[] = [];

beforeAll(async () => {
  // What `npm run docs:build` does with a package that is built.
  for (const command of [
    'tsx scripts/docs/make-reference.ts',
    'vitepress build docs',
    'tsx scripts/docs/make-answers.ts',
  ]) {
    const [program = '', ...args] = command.split(' ');
    const { status, stderr } = spawnSync(path.resolve('node_modules/.bin', program), args, {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${command}: ${stderr}`);
  }
  pages = readdirSync(SITE, { recursive: true, encoding: 'utf8' })
    // The exported site's own page has tests of its own.
    .filter((file) => file.endsWith('.html') && !file.startsWith('answers/'))
    .sort();
  site = await serveFolder(SITE);
  ({ url } = site);
}, 600_000);

afterAll(() => {
  site.close();
});

describe('the documentation site', () => {
  it('is accessible on every page, fits a screen of 320 pixels, and links to headings that are there', async () => {
    const { page, errors, requests } = await openPage({ colorScheme: 'light', reducedMotion: 'reduce' });
    const violations: string[] = [];
    const tooWide: string[] = [];
    const idsOf = new Map<string, ReadonlySet<string>>();
    const links: (readonly [string, string])[] = [];
    for (const file of pages) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.goto(`${url}/${file}`);
      violations.push(...(await violationsOf(new AxeBuilder({ page }), file)));
      const found = await page.evaluate(() => ({
        ids: Array.from(document.querySelectorAll('[id]'), ({ id }) => id),
        links: Array.from(
          document.querySelectorAll<HTMLAnchorElement>('.vp-doc a[href]'),
          ({ href }) => href,
        ),
      }));
      idsOf.set(file, new Set(found.ids));
      links.push(...found.links.filter((link) => link.startsWith(url)).map((link) => [file, link] as const));
      await page.setViewportSize({ width: 320, height: 640 });
      if ((await page.evaluate(() => document.documentElement.scrollWidth)) > 320) tooWide.push(file);
    }
    const dead = links.flatMap(([file, link]) => {
      const { pathname, hash } = new URL(link);
      const ids = idsOf.get((pathname.endsWith('/') ? `${pathname}index.html` : pathname).slice(1));
      const isThere = ids !== undefined && (hash === '' || ids.has(decodeURIComponent(hash.slice(1))));
      return isThere ? [] : [`${file}: ${pathname}${hash}`];
    });
    expect(violations).toEqual([]);
    expect(tooWide).toEqual([]);
    expect(links.length).toBeGreaterThan(500);
    expect(dead).toEqual([]);
    expect(errors).toEqual([]);
    expect(requests.filter((asked) => !asked.startsWith(url) && !asked.startsWith('data:'))).toEqual([]);
  }, 600_000);

  it('can be read in the dark', async () => {
    const { page } = await openPage({ colorScheme: 'dark', reducedMotion: 'reduce' });
    const violations: string[] = [];
    // Generated pages and copies have the same theme, and nothing of their own.
    for (const file of pages.filter((page) => !/^(?:reference|repository)\//.test(page))) {
      await page.goto(`${url}/${file}`);
      // Nothing but the colours differs.
      const contrast = new AxeBuilder({ page }).withRules(['color-contrast']);
      violations.push(...(await violationsOf(contrast, file)));
    }
    expect(violations).toEqual([]);
  }, 600_000);

  it('answers from its own pages, in the browser, with a link to the place', async () => {
    const { page, requests } = await openPage();
    await page.goto(`${url}/ask.html`);
    await page
      .getByRole('combobox')
      .fill('Which options does a site need so that the tab answers as the server does?');
    await page.getByRole('combobox').press('Enter');
    const link = page.getByRole('link', { name: /Open the source|In the browser/ }).first();
    await link.waitFor({ timeout: 120_000 });
    expect(await link.getAttribute('href')).toMatch(/^\/in-the-browser\.html#/);
    expect(requests.filter((asked) => !asked.startsWith(url) && !asked.startsWith('data:'))).toEqual([]);
  }, 180_000);

  it('finds a page by its words', async () => {
    const { page } = await openPage();
    await page.goto(`${url}/index.html`);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('searchbox').fill('null score');
    await page.locator('.results .result').first().waitFor();
    expect(await page.locator('.results .result').count()).toBeGreaterThan(1);
  });
});

async function violationsOf(builder: AxeBuilder, file: string): Promise<string[]> {
  const { violations } = await builder.analyze();
  return violations.map(
    ({ id, nodes }) =>
      `${file}: ${id}: ${nodes
        .slice(0, 3)
        .map(({ html }) => html.slice(0, 160))
        .join(' ')}`,
  );
}

// When the playground first shows something, on this machine, in fresh browsers:
//
//     npm run build && npx tsx bench/first-paint.ts
import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { serve } from '../scripts/screenshots/shoot.js';

const VISITS = 15;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

using server = await serve(['--workers', '1']);
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const paints: number[] = [];
for (let i = 0; i < VISITS; i++) {
  // A context of its own has nothing cached.
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(server.url);
  await page.getByText('documents ·').waitFor();
  paints.push(
    await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN),
  );
  await context.close();
}
await browser.close();
const bytes = gzipSync(readFileSync('dist/widget/playground.js'), { level: 9 }).length;
const shown = (ms: number): string => `${ms.toFixed(0)} ms`;
console.log(
  `first contentful paint, ${VISITS} visits: median ${shown(median(paints))}, slowest ${shown(Math.max(...paints))}`,
);
console.log(`script: ${(bytes / 1000).toFixed(1)} kB gzip`);

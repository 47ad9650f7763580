// Pictures of every page in every state, light and dark, at three widths, to be looked at:
//
//     npm run screenshots -- OUT_DIR
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { playground } from './playground.js';
import { shooterOf, type Page } from './shoot.js';

/** Each takes the pictures of one page. */
const PAGES: Readonly<Record<string, Page>> = { playground };

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('Usage: npm run screenshots -- OUT_DIR');
  process.exit(2);
}
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: sandbox,
});
try {
  for (const [name, takePictures] of Object.entries(PAGES)) {
    const target = `${folder}/${name}`;
    mkdirSync(target, { recursive: true });
    await takePictures(shooterOf(browser, target));
  }
} finally {
  await browser.close();
}

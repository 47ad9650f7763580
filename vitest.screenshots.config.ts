import { mergeConfig } from 'vitest/config';
import browser from './vitest.browser.config.js';

/** What takes pictures of every state of the pages; scripts/screenshots.js says where they go. */
const config = mergeConfig(browser, {});
config.test = {
  ...config.test,
  include: ['test/browser/screenshots/**/*.screenshots.ts'],
  testTimeout: 600_000,
};

export default config;

import { defineConfig } from 'vitest/config';

/** Builds the documentation site and looks at every page in a real Chromium: minutes, and only for changes of pages. */
export default defineConfig({
  test: {
    include: ['test/browser/docs-site.browser.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});

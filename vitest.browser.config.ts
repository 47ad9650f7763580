import { defineConfig } from 'vitest/config';

/** The tests that need a real Chromium. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.browser.ts'],
    // Takes minutes: `npm run test:docs-site`.
    exclude: ['test/browser/docs-site.browser.ts'],
    // A browser and a server each: more at once than there are cores only makes each slower.
    maxWorkers: 1,
    // A browser paints and focuses when it likes; what fails three times is a fault.
    retry: process.env['CI'] === undefined ? 0 : 2,
    expect: { poll: { timeout: 10_000 } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});

import { defineConfig } from 'vitest/config';

/** The tests that need a real Chromium. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.browser.ts'],
    // A browser and a server each: more at once than there are cores only makes each slower.
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});

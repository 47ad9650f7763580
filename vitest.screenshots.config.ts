import { defineConfig } from 'vitest/config';

/** What takes pictures of every state of the pages; scripts/screenshots.js says where they go. */
export default defineConfig({
  test: {
    include: ['test/browser/screenshots/**/*.screenshots.ts'],
    maxWorkers: 1,
    testTimeout: 600_000,
    hookTimeout: 120_000,
  },
});

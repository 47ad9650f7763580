import { defineConfig } from 'vitest/config';

/** The tests that need a real PostgreSQL. */
export default defineConfig({
  test: {
    include: ['test/postgres/**/*.postgres.ts', 'test/examples/**/*.postgres.ts'],
    globalSetup: ['test/postgres/global-setup.ts'],
    // One server for all files but those that break theirs.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});

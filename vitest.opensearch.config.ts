import { defineConfig } from 'vitest/config';

/** The tests that need a real OpenSearch, and so Java and Maven. */
export default defineConfig({
  test: {
    include: ['test/opensearch/**/*.opensearch.ts', 'test/examples/**/*.opensearch.ts'],
    globalSetup: ['test/opensearch/global-setup.ts'],
    // One server for all files but those that break theirs.
    fileParallelism: false,
    testTimeout: 120_000,
    // The first build fetches the server's libraries.
    hookTimeout: 600_000,
  },
});

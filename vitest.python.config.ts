import { defineConfig } from 'vitest/config';

/** The tests that need Python: clients of its libraries against the server. */
export default defineConfig({
  test: { include: ['test/python/**/*.python.ts'], testTimeout: 120_000, hookTimeout: 300_000 },
});

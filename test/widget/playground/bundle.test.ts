import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const KB = 1000;

it('the playground’s script is at most 60 kB, compressed', () => {
  const bytes = gzipSync(readFileSync('dist/widget/playground.js'), { level: 9 }).length;
  console.info(`dist/widget/playground.js: ${(bytes / KB).toFixed(1)} kB gzip`);
  expect(bytes).toBeLessThanOrEqual(60 * KB);
});

/**
 * Verbatim's reader: `verbatim.js MODEL_FOLDER DTYPE THRESHOLD`. All passages of a question in one call; on one
 * thread, the network runs on the calling one.
 */
import { readFileSync } from 'node:fs';
import { loadReader, type Dtype } from '../../../src/reader/index.js';
import { serve } from './serve.js';

const [model = '', dtype, threshold] = process.argv.slice(2);

await serve(async () => {
  const { reader } = await loadReader({
    model,
    dtype: dtype as Dtype,
    ...(process.env['BENCH_THREADS'] === 'one' ? { workers: 0, intraOpThreads: 1 } : {}),
  });
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return {
    answer: async (question, passages) => {
      const readings = await reader.read(
        question,
        passages.map((text) => ({ text })),
        { nBest: 1 },
      );
      // As the aggregator decides: passages above the threshold are dropped, the largest margin wins.
      const best = readings.reduce((a, b) => (b.margin > a.margin ? b : a));
      return -best.margin <= Number(threshold) ? (best.spans[0]?.text ?? '') : '';
    },
    versions: { verbatim: version },
  };
});

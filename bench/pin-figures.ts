/**
 * Measures the sample corpora end to end and pins the figures that test/regression holds changes to.
 *
 *     npx tsx bench/pin-figures.ts
 */
import { writeFileSync } from 'node:fs';
import { measureCorpus, SAMPLE_CORPORA } from '../test/support/corpus-figures.js';

const figures: Record<string, unknown> = {};
for (const name of SAMPLE_CORPORA) figures[name] = await measureCorpus(name);
console.table(figures);
writeFileSync('test/fixtures/corpus-figures.json', `${JSON.stringify(figures, null, 2)}\n`);

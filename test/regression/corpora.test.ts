import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { measureCorpus, SAMPLE_CORPORA, type CorpusFigures } from '../support/corpus-figures.js';

/** Written by `npx tsx bench/pin-figures.ts`. */
const PINNED = JSON.parse(readFileSync('test/fixtures/corpus-figures.json', 'utf8')) as Record<
  string,
  CorpusFigures
>;

/** Processors without the same int8 instructions round otherwise, and one question of a corpus is half a point. */
const TOLERANCE = 3;

const SMALLER_IS_BETTER: ReadonlySet<string> = new Set(['aurc', 'calibrationError']);

describe('the figures of the sample corpora', () => {
  it.each(SAMPLE_CORPORA)('are no worse than pinned: %s', async (name) => {
    const now = await measureCorpus(name);
    const rows = Object.entries(PINNED[name] ?? {}).map(([figure, pinned]: [string, number]) => {
      const measured = now[figure as keyof CorpusFigures];
      const gain = SMALLER_IS_BETTER.has(figure) ? pinned - measured : measured - pinned;
      return { figure, pinned, measured, worse: !(gain >= -TOLERANCE) };
    });
    const table = rows
      .map(
        ({ figure, pinned, measured, worse }) =>
          `${figure.padEnd(18)}${pinned.toFixed(2).padStart(8)} →${measured.toFixed(2).padStart(8)}${worse ? '  worse' : ''}`,
      )
      .join('\n');
    expect(rows).toHaveLength(8);
    expect(
      rows.filter(({ worse }) => worse).map(({ figure }) => figure),
      `${name}, pinned → measured:\n${table}`,
    ).toEqual([]);
  });
});

import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CachedReader } from '../../bench/aggregate/cached-reader.js';
import type { Reader } from '../../src/reader/index.js';
import { readingOf } from '../support/readings.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Reads the whole text as the answer and remembers what it was asked for. */
function counting(): { reader: Reader; asked: string[] } {
  const asked: string[] = [];
  const reader: Reader = {
    read: async (question, passages) => {
      asked.push(...passages.map(({ text }) => `${question} ${text}`));
      return Promise.resolve(
        passages.map((passage) => ({
          ...readingOf('', passage.text, 1, [[passage.text, passage.text.length]]),
          passage,
        })),
      );
    },
    close: async () => Promise.resolve(),
  };
  return { reader, asked };
}

describe('a cached reader', () => {
  it('reads only what it has not read before, and gives the same readings', async () => {
    const file = path.join(temporaryFolder(), 'readings.jsonl');
    const first = counting();
    const cached = await CachedReader.open(file, first.reader);
    const read = await cached.read('Q?', [{ text: 'red' }, { text: 'green' }]);
    await cached.close();
    expect(read.map(({ spans, margin }) => [spans[0]?.text, margin])).toEqual([
      ['red', 2],
      ['green', 4],
    ]);
    // Broken off in the middle of a line.
    appendFileSync(file, '["abc",1,[[0,');

    const second = counting();
    const again = await CachedReader.open(file, second.reader);
    expect(await again.read('Q?', [{ text: 'green' }, { text: 'blue' }, { text: 'red' }])).toMatchObject([
      { passage: { text: 'green' }, margin: 4, nullScore: 1 },
      { passage: { text: 'blue' }, margin: 3 },
      { passage: { text: 'red' }, margin: 2 },
    ]);
    await again.close();
    expect([second.asked, again.readNow]).toEqual([['Q? blue'], 1]);

    const third = counting();
    const last = await CachedReader.open(file, third.reader);
    await last.read('Q?', [{ text: 'blue' }]);
    await last.read('R?', [{ text: 'blue' }]);
    await last.read('Q?', [{ text: 'blue', preamble: 'Colours' }]);
    await last.close();
    expect(third.asked).toEqual(['R? blue', 'Q? blue']);
  });
});

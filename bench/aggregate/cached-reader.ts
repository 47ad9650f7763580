import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { PassageReading, ReadablePassage, Reader, ReadOptions } from '../../src/reader/index.js';

/** A passage's null score and its spans as [start, end, score], under a digest of question and passage. */
type StoredReading = [key: string, nullScore: number, spans: [number, number, number][]];

/**
 * Reads only what no earlier run has read, and appends it to a file of one line a reading: reading takes an hour, comparing
 * rules minutes. Another ranking asks for mostly the same passages. A run that was broken off goes on where it stopped. The file is of
 * one model with the reader's default options.
 */
export class CachedReader implements Reader {
  readonly #reader: Reader;
  readonly #known: Map<string, string>;
  readonly #out: WriteStream;
  #readNow = 0;

  private constructor(reader: Reader, known: Map<string, string>, out: WriteStream) {
    this.#reader = reader;
    this.#known = known;
    this.#out = out;
  }

  static async open(file: string, reader: Reader): Promise<CachedReader> {
    const known = new Map<string, string>();
    if (existsSync(file)) {
      for await (const line of createInterface({ input: createReadStream(file) })) {
        // The last line of a run that was broken off has no end.
        if (line.startsWith('["') && line.endsWith(']]'))
          known.set(line.slice(2, line.indexOf('"', 2)), line);
      }
    }
    const out = createWriteStream(file, { flags: 'a' });
    // Ends a line that was broken off.
    out.write('\n');
    return new CachedReader(reader, known, out);
  }

  /** How many passages have been read since the file was opened. */
  get readNow(): number {
    return this.#readNow;
  }

  async read<P extends ReadablePassage>(
    question: string,
    passages: readonly P[],
    { signal }: ReadOptions = {},
  ): Promise<PassageReading<P>[]> {
    const missing = passages.filter((passage) => !this.#known.has(keyOf(question, passage)));
    const options = signal === undefined ? {} : { signal };
    const readings = missing.length === 0 ? [] : await this.#reader.read(question, missing, options);
    for (const reading of readings) {
      const key = keyOf(question, reading.passage);
      const line = JSON.stringify(store(key, reading));
      this.#known.set(key, line);
      this.#out.write(`${line}\n`);
      this.#readNow++;
    }
    return passages.map((passage) => {
      const line = this.#known.get(keyOf(question, passage));
      if (line === undefined) throw new RangeError('the reader left a passage out');
      return restore(JSON.parse(line) as StoredReading, passage);
    });
  }

  /** Writes what is left; the reader behind it is the caller's. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#out.end(resolve));
  }
}

/** The same question and the same words give the same reading, whatever the passage's id. */
export function keyOf(question: string, { text, preamble = '' }: ReadablePassage): string {
  return createHash('sha256')
    .update(JSON.stringify([question, preamble, text]))
    .digest('base64url')
    .slice(0, 22);
}

function store(key: string, { nullScore, spans }: PassageReading): StoredReading {
  const rounded = (value: number): number => Number(value.toFixed(4));
  return [key, rounded(nullScore), spans.map(({ start, end, score }) => [start, end, rounded(score)])];
}

function restore<P extends ReadablePassage>(
  [, nullScore, spans]: StoredReading,
  passage: P,
): PassageReading<P> {
  return {
    passage,
    nullScore,
    margin: (spans[0]?.[2] ?? -Infinity) - nullScore,
    windowCount: 1,
    spans: spans.map(([start, end, score]) => ({
      start,
      end,
      text: passage.text.slice(start, end),
      // Only their sum is kept.
      startLogit: score,
      endLogit: 0,
      score,
    })),
  };
}

import { parse } from 'csv-parse/sync';
import type { SourceLine } from './read-lines.js';

/** Longest row over several lines, in characters: an unclosed quote must not swallow the rest of the file. */
const MAX_ROW_LENGTH = 1_000_000;

/** One row of a CSV file. */
export interface CsvRow {
  /** From 1, as a spreadsheet counts: the header and empty rows count. */
  readonly row: number;
  /** Its first line in the file, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** A row whose quotes are broken. */
export interface BrokenCsvRow extends Omit<CsvRow, 'cells'> {
  readonly error: Error;
}

/**
 * The rows of CSV (RFC 4180), one at a time. A cell in quotes may go over several lines. After a row with broken quotes the reading
 * goes on with the next line.
 */
export async function* readCsvRows(
  lines: AsyncIterable<SourceLine>,
  delimiter: (header: string) => string,
): AsyncGenerator<CsvRow | BrokenCsvRow, void, undefined> {
  let assembler: RowAssembler | undefined;
  for await (const line of lines) {
    assembler ??= new RowAssembler(delimiter(line.text));
    yield* assembler.push([line]);
  }
  if (assembler !== undefined) yield* assembler.end();
}

/** Joins lines to rows: a row is complete once the number of its quotes is even. */
class RowAssembler {
  readonly #delimiter: string;
  #row = 0;
  /** Lines of a row whose quotes are still open. */
  #open: SourceLine[] = [];
  #length = 0;

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  *push(lines: readonly SourceLine[]): Generator<CsvRow | BrokenCsvRow, void, undefined> {
    let waiting = lines;
    for (let next = 0; next < waiting.length;) {
      const line = waiting[next++];
      if (line === undefined) break;
      const closes = this.#add(line);
      if (!closes && this.#length <= MAX_ROW_LENGTH) continue;
      const row = this.#take();
      yield row;
      if ('error' in row) {
        // Only its first line is given up: the quote that joined the others to it was the mistake.
        waiting = [...row.rest, ...waiting.slice(next)];
        next = 0;
      }
    }
  }

  *end(): Generator<CsvRow | BrokenCsvRow, void, undefined> {
    while (this.#open.length > 0) {
      const row = this.#take();
      yield row;
      if ('error' in row) yield* this.push(row.rest);
    }
  }

  /** Adds a line to the open row; true if all its quotes are closed now. */
  #add(line: SourceLine): boolean {
    const isOdd = (line.text.split('"').length - 1) % 2 === 1;
    const wasOpen = this.#open.length > 0;
    this.#open.push(line);
    this.#length += line.text.length + 1;
    return wasOpen === isOdd;
  }

  #take(): CsvRow | (BrokenCsvRow & { rest: SourceLine[] }) {
    const [first, ...rest] = this.#open;
    this.#open = [];
    this.#length = 0;
    const place = { row: ++this.#row, line: first?.number ?? 0 };
    const text = [first, ...rest].map((line) => line?.text).join('\n');
    try {
      return { ...place, cells: this.#split(text) };
    } catch (error) {
      return { ...place, error: error as Error, rest };
    }
  }

  #split(text: string): string[] {
    // Most rows have no quotes, and a parser for each would take most of the time.
    if (!text.includes('"')) return text.split(this.#delimiter);
    const rows: string[][] = parse(text, {
      delimiter: this.#delimiter,
      relax_column_count: true,
      record_delimiter: '\n',
    });
    return rows[0] ?? [];
  }
}

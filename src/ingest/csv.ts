import type { SourceDocument } from '../core/document.js';
import { readCsvRows } from './csv-rows.js';
import { readLines } from './read-lines.js';
import { RecordReader, type RecordPlace } from './records.js';
import type { SourceFile } from './source-file.js';

/** What stands between the cells of files ending in .csv, most usual first: spreadsheets of many countries write semicolons. */
const DELIMITERS = [',', ';', '\t'];

/** Characters of a column's name that are repeated in every row. */
const MAX_COLUMN_NAME = 200;

/** Columns with a meaning of their own; the names are compared without regard to case. */
const FIELDS = ['id', 'title', 'uri', 'tags', 'date', 'text', 'question', 'answer'];

/**
 * Reads a table as one document a row, without holding more than a row of it. The first row names the columns:
 *
 * - with `question` and `answer` the table is an FAQ list;
 * - with `text` that column is the document's text;
 * - else the text is the whole row, as `column: cell; column: cell` without the empty cells.
 *
 * Columns `id`, `title`, `uri`, `tags` and `date` say what they say in JSON Lines. A row with broken quotes, or with more cells than
 * there are columns, is told to `onProblem` with its number: the header is row 1.
 */
export async function* readCsv(file: SourceFile): AsyncGenerator<SourceDocument, void, undefined> {
  const reader = new RecordReader(file);
  const isTabbed = file.path.toLowerCase().endsWith('.tsv');
  let columns: readonly string[] | undefined;
  for await (const row of readCsvRows(readLines(file), (header) => (isTabbed ? '\t' : delimiterOf(header)))) {
    const place = { name: `row ${row.row} (line ${row.line})`, fallbackId: String(row.row), line: row.line };
    if ('error' in row) {
      reader.report(place.name, 'its quotes are broken', row.error);
    } else if (columns === undefined) {
      columns = row.cells.map((cell) => cell.trim().slice(0, MAX_COLUMN_NAME));
    } else if (row.cells.length > columns.length) {
      reader.report(place.name, `expected at most ${columns.length} cells, got ${row.cells.length}`);
    } else if (row.cells.some((cell) => cell.trim() !== '')) {
      const document = readRow(reader, columns, row.cells, place);
      if (document !== undefined) yield document;
    }
  }
}

function readRow(
  reader: RecordReader,
  columns: readonly string[],
  cells: readonly string[],
  place: RecordPlace,
): SourceDocument | undefined {
  const filled = columns
    .map((column, i) => ({ column, field: column.toLowerCase(), cell: cells[i] ?? '' }))
    .filter(({ cell }) => cell.trim() !== '');
  const fields = Object.fromEntries(
    filled.filter(({ field }) => FIELDS.includes(field)).map(({ field, cell }) => [field, cell]),
  );
  const has = (name: string): boolean => columns.some((column) => column.toLowerCase() === name);
  if (has('question') && has('answer')) return reader.readPair(fields, place);
  if (has('text')) return reader.readText(fields, place);
  const text = filled
    .map(({ column, cell }) => (column === '' ? cell.trim() : `${column}: ${cell.trim()}`))
    .join('; ');
  return reader.readRow(text, fields, place);
}

/** The delimiter that the header has most of, outside quotes. */
function delimiterOf(header: string): string {
  const bare = header.replaceAll(/"[^"]*"/g, '');
  const count = (delimiter: string): number => bare.split(delimiter).length;
  return DELIMITERS.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

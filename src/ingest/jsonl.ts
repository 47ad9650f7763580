import type { SourceDocument } from '../core/document.js';
import { readLines } from './read-lines.js';
import { RecordReader } from './records.js';
import type { SourceFile } from './source-file.js';

/**
 * Reads JSON Lines, one document a line, without holding more than a line of it. Empty lines are passed over; a line that is no
 * document is told to `onProblem` with its number.
 */
export async function* readJsonLines(file: SourceFile): AsyncGenerator<SourceDocument, void, undefined> {
  const reader = new RecordReader(file);
  for await (const { number, text } of readLines(file)) {
    if (text.trim() === '') continue;
    const place = { name: `line ${number}`, fallbackId: String(number), line: number };
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      reader.report(place.name, 'expected one JSON object, got damaged JSON', error);
      continue;
    }
    const document = reader.read(value, place);
    if (document !== undefined) yield document;
  }
}

import { VerbatimError } from '../core/errors.js';
import { sniffEncoding } from './decode-text.js';
import { quotePath } from './quote-path.js';
import type { SourceFile } from './source-file.js';

const LINE_FEED = 0x0a;

/** One line of a text file, without its line break. */
export interface SourceLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/**
 * The lines of a text file of any length, one at a time. A line that is no valid UTF-8, or longer than `maxFileBytes`, is told to
 * `onProblem` and left out.
 *
 * @throws VerbatimError `file-binary`, `file-invalid-utf8` if the file is no text at all.
 */
export async function* readLines(file: SourceFile): AsyncGenerator<SourceLine, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 0;
  for await (const bytes of splitLines(utf8Chunks(file), file.maxFileBytes)) {
    number++;
    try {
      if (bytes === undefined) throw lineTooLong(file, number);
      yield { number, text: decoder.decode(bytes) };
    } catch (error) {
      file.onProblem(VerbatimError.isInstance(error) ? error : lineNotUtf8(file, number, error));
    }
  }
}

/** The file in UTF-8, without a byte order mark. */
async function* utf8Chunks(file: SourceFile): AsyncGenerator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder();
  let utf16: InstanceType<typeof TextDecoder> | undefined;
  let first = true;
  for await (const chunk of file.chunks()) {
    const encoding = first ? sniffEncoding(chunk, file.path) : 'utf-8';
    if (encoding !== 'utf-8') utf16 = new TextDecoder(encoding);
    if (utf16 !== undefined) yield encoder.encode(utf16.decode(chunk, { stream: true }));
    else yield first && startsWithMark(chunk) ? chunk.subarray(3) : chunk;
    first = false;
  }
}

function startsWithMark(chunk: Uint8Array): boolean {
  return chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf;
}

/** The lines' bytes; undefined for one that is longer than the limit, of which no more than that is ever held. */
async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array | undefined, void, undefined> {
  let parts: Uint8Array[] = [];
  let length = 0;
  const takeLine = (): Uint8Array | undefined => {
    const [first = new Uint8Array()] = parts;
    const line = parts.length > 1 ? Buffer.concat(parts) : first;
    const tooLong = length > maxBytes;
    parts = [];
    length = 0;
    return tooLong ? undefined : line.subarray(0, line.at(-1) === 0x0d ? -1 : undefined);
  };
  const add = (part: Uint8Array): void => {
    length += part.length;
    if (length > maxBytes) parts = [];
    else parts.push(part);
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      add(chunk.subarray(start, end));
      yield takeLine();
      start = end + 1;
    }
    add(chunk.subarray(start));
  }
  if (length > 0) yield takeLine();
}

function lineTooLong(file: SourceFile, number: number): VerbatimError {
  return new VerbatimError(
    'file-too-large',
    `${quotePath(file.path)}, line ${number}: expected at most ${file.maxFileBytes} bytes in a line (option maxFileBytes), got more.`,
  );
}

function lineNotUtf8(file: SourceFile, number: number, cause: unknown): VerbatimError {
  return new VerbatimError(
    'file-invalid-utf8',
    `${quotePath(file.path)}, line ${number} is not valid UTF-8; save the file as UTF-8.`,
    cause,
  );
}

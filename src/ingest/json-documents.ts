import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { SourceDocument } from '../core/document.js';
import { VerbatimError } from '../core/errors.js';
import { decodeText } from './decode-text.js';
import { DocumentBuilder } from './document-builder.js';
import { quotePath } from './quote-path.js';
import { isRecord, RecordReader } from './records.js';
import type { SourceFile } from './source-file.js';

const inflate = promisify(gunzip);

interface SquadArticle {
  readonly title?: unknown;
  readonly paragraphs: readonly unknown[];
}

/**
 * Reads the documents of a JSON file, gzipped or not: SQuAD (one document an article, its paragraphs as blocks), an FAQ list
 * (objects with `question` and `answer`) or a list of objects with `text`. An entry that is no document is told to `onProblem`.
 *
 * JSON that was found in a folder and is none of these is taken for configuration and passed over.
 *
 * @throws VerbatimError `file-invalid` for damaged JSON or gzip, `file-too-large`, `file-unsupported` if a named file is other JSON.
 */
export async function* readJsonDocuments(file: SourceFile): AsyncGenerator<SourceDocument, void, undefined> {
  const json = await parseJson(file);
  const reader = new RecordReader(file);
  if (isSquad(json)) {
    for (const [i, article] of json.data.entries()) {
      const document = readArticle(reader, article, i + 1, file.path);
      if (document !== undefined) yield document;
    }
  } else if (Array.isArray(json) && json.some(isRecord)) {
    for (const [i, entry] of json.entries()) {
      const document = reader.read(entry, { name: `entry ${i + 1}`, fallbackId: String(i + 1) });
      if (document !== undefined) yield document;
    }
  } else if (file.named) {
    throw new VerbatimError(
      'file-unsupported',
      `Cannot read ${quotePath(file.path)}: expected SQuAD JSON, a list of objects with "question" and "answer", or a list of objects with "text".`,
    );
  }
}

async function parseJson(file: SourceFile): Promise<unknown> {
  const bytes = await file.bytes();
  try {
    const isGzipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const json = isGzipped ? await inflate(bytes, { maxOutputLength: file.maxFileBytes }) : bytes;
    return JSON.parse(decodeText(json, file.path));
  } catch (error) {
    if (VerbatimError.isInstance(error)) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new VerbatimError(
        'file-too-large',
        `Expected ${quotePath(file.path)} to have at most ${file.maxFileBytes} bytes when inflated (option maxFileBytes), got more.`,
        error,
      );
    }
    throw new VerbatimError('file-invalid', `${quotePath(file.path)} is damaged JSON.`, error);
  }
}

function isSquad(json: unknown): json is { readonly data: readonly unknown[] } {
  return hasList(json, 'data') && json.data.some(isArticle);
}

function isArticle(value: unknown): value is SquadArticle {
  return hasList(value, 'paragraphs');
}

function hasList<Field extends string>(
  value: unknown,
  field: Field,
): value is Readonly<Record<Field, readonly unknown[]>> {
  return (
    typeof value === 'object' && value !== null && Array.isArray((value as Record<string, unknown>)[field])
  );
}

function readArticle(
  reader: RecordReader,
  article: unknown,
  number: number,
  path: string,
): SourceDocument | undefined {
  const name = `article ${number}`;
  if (!isArticle(article)) {
    reader.report(name, 'expected an object with a list "paragraphs"');
    return undefined;
  }
  const id = typeof article.title === 'string' ? article.title : '';
  // SQuAD writes the titles of Wikipedia as its addresses do.
  const title = id.replaceAll('_', ' ');
  const identity = reader.identify({ id, title }, { name, fallbackId: String(number) });
  if (identity === undefined) return undefined;
  const builder = new DocumentBuilder(path);
  for (const [i, paragraph] of article.paragraphs.entries()) {
    const context = (paragraph as { context?: unknown } | null)?.context;
    if (typeof context !== 'string') {
      reader.report(`${name}, paragraph ${i + 1}`, 'expected a text "context"');
      continue;
    }
    builder.openBlock('paragraph', []);
    builder.append(context, undefined);
  }
  return builder.build(identity);
}

import type { SourceDocument } from '../core/document.js';
import { decodeText } from './decode-text.js';
import type { SourceFile } from './source-file.js';

/** Reads one kind of file. */
export type Loader = (file: SourceFile) => AsyncIterable<SourceDocument>;

/*
 * Each kind is imported when the first file of it is read: pdf.js alone takes longer to load than a question to answer.
 */
const LOADERS: Readonly<Record<string, Loader>> = {
  '.md': readMarkdownFile,
  '.markdown': readMarkdownFile,
  '.txt': readTextFile,
  '.html': readHtmlFile,
  '.htm': readHtmlFile,
  '.xhtml': readHtmlFile,
  '.pdf': readPdfFile,
  '.docx': readDocxFile,
  '.jsonl': readJsonLinesFile,
  '.ndjson': readJsonLinesFile,
  '.csv': readCsvFile,
  '.tsv': readCsvFile,
  '.json': readJsonFile,
  '.json.gz': readJsonFile,
};

/** How the names of files end that are read. */
export const DOCUMENT_EXTENSIONS: readonly string[] = Object.keys(LOADERS);

/** The part of a file's name that says how it is read, in lower case; undefined for a kind that is not read. */
export function documentExtension(name: string): string | undefined {
  const lower = name.toLowerCase();
  return DOCUMENT_EXTENSIONS.find((extension) => lower.endsWith(extension));
}

/** The loader of a kind of file. */
export function loaderOf(name: string): Loader | undefined {
  return LOADERS[documentExtension(name) ?? ''];
}

async function* readMarkdownFile(file: SourceFile): AsyncGenerator<SourceDocument, void, undefined> {
  const { readMarkdown } = await import('./markdown.js');
  yield readMarkdown(decodeText(await file.bytes(), file.path), file.identity);
}

async function* readTextFile(file: SourceFile): AsyncGenerator<SourceDocument, void, undefined> {
  const { readPlainText } = await import('./plain-text.js');
  yield readPlainText(decodeText(await file.bytes(), file.path), file.identity);
}

async function* readHtmlFile(file: SourceFile): AsyncGenerator<SourceDocument, void, undefined> {
  const [{ readHtml }, { decodeHtml }] = await Promise.all([import('./html.js'), import('./decode-html.js')]);
  yield readHtml(decodeHtml(await file.bytes(), file.path), file.identity, file.path);
}

async function* readPdfFile(file: SourceFile): AsyncGenerator<SourceDocument, void, undefined> {
  const { readPdf } = await import('./pdf.js');
  yield await readPdf(await file.bytes(), file.identity, file.path, file.signal);
}

async function* readDocxFile(file: SourceFile): AsyncGenerator<SourceDocument, void, undefined> {
  const { readDocx } = await import('./docx.js');
  yield await readDocx(await file.bytes(), file.identity, file.path);
}

async function* readJsonLinesFile(file: SourceFile): AsyncGenerator<SourceDocument, void, undefined> {
  const { readJsonLines } = await import('./jsonl.js');
  yield* readJsonLines(file);
}

async function* readCsvFile(file: SourceFile): AsyncGenerator<SourceDocument, void, undefined> {
  const { readCsv } = await import('./csv.js');
  yield* readCsv(file);
}

async function* readJsonFile(file: SourceFile): AsyncGenerator<SourceDocument, void, undefined> {
  const { readJsonDocuments } = await import('./json-documents.js');
  yield* readJsonDocuments(file);
}

import type { getDocumentProxy } from 'unpdf';
import type { SourceDocument } from '../core/document.js';
import { VerbatimError } from '../core/errors.js';
import { DocumentBuilder, type DocumentIdentity } from './document-builder.js';
import { joinLines, type PdfLine } from './pdf-paragraphs.js';
import { withoutRunningHeads } from './pdf-running-heads.js';
import { quotePath } from './quote-path.js';

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

/** pdf.js writes nothing to the console. */
const SILENT = 0;

/** Titles that programs give of their own accord. */
const JUNK_TITLE =
  /^(?:untitled|microsoft (?:word|powerpoint)|powerpoint presentation|slide \d|document\d*$)|\.\w{2,5}$/i;

/**
 * Reads the text of a PDF page by page, without running heads; anchors carry the page. Lines are joined to paragraphs, and words that a line's end divides
 * are put together where it is safe to (`joinLines`). The title is that of the file's properties, unless a program put it there.
 *
 * @param path - path of the file, for errors.
 * @throws VerbatimError `file-encrypted` for one that needs a password, `file-without-text` for one of pictures, `file-invalid`.
 */
export async function readPdf(
  bytes: Uint8Array,
  identity: DocumentIdentity,
  path: string,
  signal?: AbortSignal,
): Promise<SourceDocument> {
  const unpdf = await import('unpdf');
  // pdf.js takes the array's memory away from its owner.
  const pdf = await unpdf
    .getDocumentProxy(Uint8Array.from(bytes), { verbosity: SILENT })
    .catch((error: unknown) => {
      throw pdfError(path, error);
    });
  try {
    const pages: PdfLine[][] = [];
    for (let page = 1; page <= pdf.numPages; page++) {
      signal?.throwIfAborted();
      pages.push(await readLines(pdf, page));
    }
    return buildDocument(pages, { ...identity, title: (await readTitle(pdf)) ?? identity.title }, path);
  } catch (error) {
    signal?.throwIfAborted();
    throw VerbatimError.isInstance(error) ? error : pdfError(path, error);
  } finally {
    await pdf.destroy();
  }
}

function buildDocument(
  pages: readonly PdfLine[][],
  identity: DocumentIdentity,
  path: string,
): SourceDocument {
  const compounds = compoundsOf(pages);
  const builder = new DocumentBuilder(path);
  withoutRunningHeads(pages).forEach((lines, i) => {
    for (const paragraph of joinLines(lines, (word) => compounds.has(word))) {
      builder.openBlock('paragraph', []);
      builder.append(paragraph.replaceAll('\u00ad', ''), { page: i + 1 });
    }
  });
  const document = builder.build(identity);
  if (!/[\p{L}\p{N}]/u.test(document.text)) {
    throw new VerbatimError(
      'file-without-text',
      `${quotePath(path)} has no text in its ${pages.length} page(s); run text recognition (OCR) on it, for instance with ocrmypdf.`,
    );
  }
  return document;
}

async function readLines(pdf: Pdf, number: number): Promise<PdfLine[]> {
  const page = await pdf.getPage(number);
  const { items } = await page.getTextContent();
  page.cleanup();
  const lines: PdfLine[] = [];
  let line = emptyLine();
  for (const item of items) {
    if (!('str' in item)) continue;
    const [, , , , left = 0, baseline = 0] = item.transform as number[];
    if (item.str.trim() !== '') {
      line = {
        text: line.text + item.str,
        left: Math.min(line.left, left),
        right: Math.max(line.right, left + item.width),
        baseline: line.height === 0 ? baseline : line.baseline,
        height: Math.max(line.height, item.height),
      };
    } else {
      line = { ...line, text: line.text + item.str };
    }
    if (item.hasEOL) {
      lines.push(line);
      line = emptyLine();
    }
  }
  return [...lines, line]
    .map((found) => ({ ...found, text: cleanText(found.text) }))
    .filter(({ text }) => text !== '');
}

function emptyLine(): PdfLine {
  return { text: '', left: Infinity, right: -Infinity, baseline: 0, height: 0 };
}

/** Signs without a meaning in the file's fonts come as control characters. */
function cleanText(text: string): string {
  return text.replaceAll(/[\s\u0000-\u001f\u007f]+/g, ' ').trim();
}

/** Words that the document writes with a hyphen inside a line, in lower case. */
function compoundsOf(pages: readonly PdfLine[][]): Set<string> {
  const compounds = new Set<string>();
  for (const { text } of pages.flat()) {
    for (const [word] of text.matchAll(/[\p{L}\p{N}]+-(?=[\p{L}\p{N}])[\p{L}\p{N}]+/gu))
      compounds.add(word.toLowerCase());
  }
  return compounds;
}

async function readTitle(pdf: Pdf): Promise<string | undefined> {
  const { info } = (await pdf.getMetadata()) as { info: { Title?: unknown } };
  const title = typeof info.Title === 'string' ? cleanText(info.Title) : '';
  return /\p{L}/u.test(title) && !JUNK_TITLE.test(title) ? title : undefined;
}

function pdfError(path: string, error: unknown): VerbatimError {
  return (error as Error).name === 'PasswordException'
    ? new VerbatimError(
        'file-encrypted',
        `${quotePath(path)} is encrypted; save it without a password.`,
        error,
      )
    : new VerbatimError('file-invalid', `${quotePath(path)} is damaged or no PDF.`, error);
}

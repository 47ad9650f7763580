import type { SourceDocument } from '../core/document.js';
import { VerbatimError } from '../core/errors.js';
import type { DocumentIdentity } from './document-builder.js';
import { readHtml } from './html.js';
import { quotePath } from './quote-path.js';
import { storedZip } from './stored-zip.js';
import { unzipWithinLimits, ZipLimitError, type ZipLimits } from './zip-limits.js';

/** Reading Word's XML takes about a hundred bytes of memory a byte. A book of a thousand pages has some ten million. */
const LIMITS: ZipLimits = { maxEntries: 10_000, maxBytes: 25_000_000, maxRatio: 200 };

/** What OLE files begin with: Word's format before .docx, and the wrapping of an encrypted .docx. */
const OLE_SIGNATURE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const ENCRYPTED_STREAM = Buffer.from('EncryptedPackage', 'utf16le');

/** The text is in XML; pictures and embedded files are not read. */
const READ_PARTS = /\.(?:xml|rels)$/i;

/** Word's own style of a document's title; the headings' styles are known to mammoth. */
const STYLES = ["p[style-name='Title'] => h1:fresh"];

/**
 * Reads a Word document as the web page that mammoth makes of it: headings, paragraphs, lists and tables. Pictures are left out.
 *
 * @param path - path of the file, for errors.
 * @throws VerbatimError `file-encrypted`, `file-too-large` for what inflates beyond the limits, `file-invalid` for any other damage.
 */
export async function readDocx(
  bytes: Uint8Array,
  identity: DocumentIdentity,
  path: string,
): Promise<SourceDocument> {
  const name = quotePath(path);
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (zip.subarray(0, OLE_SIGNATURE.length).equals(OLE_SIGNATURE)) {
    throw zip.includes(ENCRYPTED_STREAM)
      ? new VerbatimError('file-encrypted', `${name} is encrypted; save it without a password.`)
      : new VerbatimError('file-invalid', `${name} is in Word's old format; save it as .docx.`);
  }
  const { default: mammoth } = await import('mammoth');
  let html: string;
  try {
    const parts = await unzipWithinLimits(zip, (part) => READ_PARTS.test(part), LIMITS);
    const result = await mammoth.convertToHtml(
      { buffer: storedZip(parts) },
      { styleMap: STYLES, convertImage: mammoth.images.imgElement(async () => ({ src: '' })) },
    );
    html = result.value;
  } catch (error) {
    throw error instanceof ZipLimitError
      ? new VerbatimError('file-too-large', `Cannot read ${name}: ${error.message}.`, error)
      : new VerbatimError('file-invalid', `${name} is damaged or no Word document.`, error);
  }
  const document = readHtml(html, identity, path);
  // The lines are those of mammoth's page, which nobody can open.
  return { ...document, anchors: [] };
}

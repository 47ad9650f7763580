import { VerbatimError } from '../core/errors.js';
import { quotePath } from './quote-path.js';

/** How many bytes are looked at to tell text from binary. */
const SNIFFED_BYTES = 8192;

/** Share of zeros in every second byte from which on text is taken for UTF-16: Latin script has nearly all. */
const UTF16_ZEROS = 0.4;

/** The encodings of text that are read. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/**
 * Decodes a text file: UTF-8, or UTF-16 where a byte order mark says so. The mark is not part of the text.
 *
 * @param name - path of the file, for errors.
 * @throws VerbatimError `file-binary` if the bytes are no text, `file-invalid-utf8` naming the first bad byte.
 */
export function decodeText(bytes: Uint8Array, name: string): string {
  const encoding = sniffEncoding(bytes, name);
  if (encoding !== 'utf-8') return new TextDecoder(encoding).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new VerbatimError(
      'file-invalid-utf8',
      `${quotePath(name)} is not valid UTF-8: byte ${firstInvalidByte(bytes)} cannot be decoded; save the file as UTF-8.`,
      error,
    );
  }
}

/**
 * The encoding of a text file by its first bytes.
 *
 * @throws VerbatimError `file-binary` if they are no text, `file-invalid-utf8` for UTF-16 without a byte order mark.
 */
export function sniffEncoding(bytes: Uint8Array, name: string): TextEncoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const head = bytes.subarray(0, SNIFFED_BYTES);
  if (!head.includes(0)) return 'utf-8';
  if (looksLikeUtf16(head)) {
    throw new VerbatimError(
      'file-invalid-utf8',
      `${quotePath(name)} looks like UTF-16 without a byte order mark; save the file as UTF-8.`,
    );
  }
  throw new VerbatimError('file-binary', `${quotePath(name)} is a binary file; expected text in UTF-8.`);
}

/** Zeros in many of the even or of the odd places, and in none of the others. */
function looksLikeUtf16(head: Uint8Array): boolean {
  const zeros = [0, 0];
  head.forEach((byte, i) => {
    if (byte === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  });
  return Math.min(...zeros) === 0 && Math.max(...zeros) >= (UTF16_ZEROS * head.length) / 2;
}

/** Offset of the first byte that begins no valid UTF-8 sequence: the longest valid prefix, by bisection. */
function firstInvalidByte(bytes: Uint8Array): number {
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    try {
      // With `stream`, a sequence cut by the slice's end is no error.
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      valid = middle;
    } catch {
      invalid = middle;
    }
  }
  return valid;
}

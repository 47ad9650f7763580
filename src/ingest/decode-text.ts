import { VerbatimError } from '../core/errors.js';

/** How many bytes are looked at to tell text from binary. */
const SNIFFED_BYTES = 8192;

/**
 * Decodes a text file: UTF-8, or UTF-16 where a byte order mark says so. The mark is not part of the text.
 *
 * @param name - names the file in errors.
 * @throws VerbatimError `file-binary` if the bytes are no text, `file-invalid-utf8` naming the first bad byte.
 */
export function decodeText(bytes: Uint8Array, name: string): string {
  const utf16 = utf16Label(bytes);
  if (utf16 !== undefined) return new TextDecoder(utf16).decode(bytes);
  if (bytes.subarray(0, SNIFFED_BYTES).includes(0)) {
    throw new VerbatimError('file-binary', `${name} is a binary file; expected text in UTF-8.`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new VerbatimError(
      'file-invalid-utf8',
      `${name} is not valid UTF-8: byte ${firstInvalidByte(bytes)} cannot be decoded; save the file as UTF-8.`,
      error,
    );
  }
}

function utf16Label(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
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

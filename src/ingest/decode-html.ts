import { decodeText } from './decode-text.js';

/** How far into a page browsers look for its encoding. */
const PRESCANNED_BYTES = 1024;
const DECLARED = /<meta\s[^>]*?charset\s*=\s*["']?\s*([\w-]+)/i;

/**
 * Decodes a web page: UTF-8, UTF-16 with a byte order mark, or what its `<meta charset>` declares.
 *
 * @throws VerbatimError `file-binary`, `file-invalid-utf8`.
 */
export function decodeHtml(bytes: Uint8Array, name: string): string {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, PRESCANNED_BYTES));
  const label = DECLARED.exec(start)?.[1]?.toLowerCase();
  // A page that can be read at all as far as this declaration is not in UTF-16, whatever it says.
  if (label === undefined || label.startsWith('utf')) return decodeText(bytes, name);
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    // No encoding has this name.
    return decodeText(bytes, name);
  }
}

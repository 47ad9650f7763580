import type { SiteFile } from './site-manifest.js';

/**
 * What is wrong with a file's bytes; undefined if nothing is. Over plain HTTP browsers give no SHA-256: then only the length is compared.
 */
export async function flawOf(
  bytes: Uint8Array<ArrayBuffer>,
  expected: SiteFile,
): Promise<string | undefined> {
  if (bytes.length !== expected.bytes) return `it has ${bytes.length} bytes instead of ${expected.bytes}`;
  // Absent outside secure contexts, whatever its declaration says.
  const subtle = globalThis.crypto.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) return undefined;
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex === expected.sha256 ? undefined : 'its SHA-256 is not the one in the manifest';
}

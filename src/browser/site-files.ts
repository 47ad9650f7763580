import { VerbatimError } from '../core/errors.js';
import { keyOf, type FileStore } from './file-store.js';
import { flawOf } from './integrity.js';
import { MANIFEST_FILE, SITE_FORMAT, SITE_KIND, type SiteFile, type SiteManifest } from './site-manifest.js';

/**
 * Fetches what an exported site says of itself.
 *
 * @param base - address of its folder, with a slash at the end.
 * @throws VerbatimError `index-not-found` if there is no exported site, `index-version` if it is one of another version, `download-failed`.
 */
export async function fetchManifest(base: URL): Promise<SiteManifest> {
  const address = new URL(MANIFEST_FILE, base);
  // Asked for anew each time: whatever else is cached is named after what stands here.
  const response = await request(address.href, 'no-cache');
  const notFound = (what: string, cause?: unknown): VerbatimError =>
    new VerbatimError(
      'index-not-found',
      `No site that verbatim export-site wrote at ${base.href} (base): ${MANIFEST_FILE} ${what}.`,
      cause,
    );
  if (response.status === 404) throw notFound('is not there (HTTP 404)');
  requireOk(response, address);
  const json: unknown = await response.json().catch((error: unknown) => {
    throw notFound(`is no JSON; the server sent ${response.headers.get('Content-Type') ?? 'no type'}`, error);
  });
  const { kind, format, version } = (json ?? {}) as Partial<SiteManifest>;
  if (kind !== SITE_KIND) throw notFound('is not one of an exported site');
  if (format !== SITE_FORMAT) {
    throw new VerbatimError(
      'index-version',
      `The site at ${base.href} was exported by verbatim-qa ${version ?? 'unknown'} in format ${format ?? 'unknown'}; this script reads format ${SITE_FORMAT}: export it again with the same version as the script.`,
    );
  }
  return json as SiteManifest;
}

/** The files that a manifest lists, from the browser's storage or else from the server, each compared with the manifest. */
export class SiteFiles {
  readonly #base: URL;
  readonly #manifest: SiteManifest;
  readonly #store: FileStore;
  readonly #onBytes: (count: number) => void;
  /** Bytes that came over the network. */
  fetchedBytes = 0;
  /** Whether every file that was read is in storage now. */
  areStored = true;

  /** @param onBytes - told how many bytes more there are; less than none where a file has to be fetched again. */
  constructor(base: URL, manifest: SiteManifest, store: FileStore, onBytes: (count: number) => void) {
    this.#base = base;
    this.#manifest = manifest;
    this.#store = store;
    this.#onBytes = onBytes;
  }

  /** @throws VerbatimError `download-failed`, naming the address; `index-damaged` if the manifest does not list the file. */
  async read(path: string): Promise<Uint8Array<ArrayBuffer>> {
    const expected = this.#manifest.files[path];
    const address = new URL(path, this.#base);
    if (expected === undefined) {
      throw new VerbatimError(
        'index-damaged',
        `The manifest at ${this.#base.href} does not list ${path}; export the site again.`,
      );
    }
    const held = await this.#store.get(address, expected);
    if (held !== undefined) {
      this.#onBytes(held.length);
      return held;
    }
    const bytes = await this.#fetch(address, expected);
    if (!(await this.#store.put(address, expected, bytes))) this.areStored = false;
    return bytes;
  }

  /** Frees the room of earlier versions' files. */
  async dropOthers(): Promise<void> {
    const files = Object.entries(this.#manifest.files);
    await this.#store.retain(
      this.#base,
      files.map(([path, file]) => [new URL(path, this.#base), file]),
    );
  }

  async #fetch(address: URL, expected: SiteFile): Promise<Uint8Array<ArrayBuffer>> {
    let flaw: string | undefined;
    // What is damaged may come from a cache on the way: the second time none is asked.
    for (const cache of ['default', 'reload'] as const) {
      const bytes = await this.#download(address, expected, cache);
      flaw = await flawOf(bytes, expected);
      if (flaw === undefined) return bytes;
      this.#onBytes(-bytes.length);
    }
    throw new VerbatimError(
      'download-failed',
      `${address.href} is damaged: ${flaw ?? ''}. Try again; if it stays so, export the site again.`,
    );
  }

  async #download(address: URL, expected: SiteFile, cache: RequestCache): Promise<Uint8Array<ArrayBuffer>> {
    const response = await request(keyOf(address, expected), cache);
    requireOk(response, address);
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let length = 0;
    try {
      // By a reader: not every browser can iterate over a stream.
      const reader = response.body?.getReader();
      for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
        chunks.push(part.value);
        length += part.value.length;
        this.fetchedBytes += part.value.length;
        this.#onBytes(part.value.length);
      }
    } catch (error) {
      this.#onBytes(-length);
      throw new VerbatimError(
        'download-failed',
        `The connection broke after ${length} of the ${expected.bytes} bytes of ${address.href}; try again.`,
        error,
      );
    }
    const bytes = new Uint8Array(length);
    let end = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, end);
      end += chunk.length;
    }
    return bytes;
  }
}

async function request(address: string, cache: RequestCache): Promise<Response> {
  try {
    return await fetch(address, { cache });
  } catch (error) {
    throw new VerbatimError('download-failed', `Cannot reach ${address}; are you offline?`, error);
  }
}

function requireOk(response: Response, address: URL): void {
  if (!response.ok) {
    throw new VerbatimError(
      'download-failed',
      `${address.href}: the server answered HTTP ${response.status}; was the whole folder uploaded?`,
    );
  }
}

import { flawOf } from './integrity.js';
import type { SiteFile } from './site-manifest.js';

const CACHE_NAME = 'verbatim-files';

/**
 * Files that the browser keeps between visits, by address and content: so that a new version of a file never meets an old one, and
 * several tabs may fill it at once. Where a browser keeps nothing, it stays empty.
 */
export class FileStore {
  readonly #cache: Cache | undefined;

  private constructor(cache: Cache | undefined) {
    this.#cache = cache;
  }

  static async open(): Promise<FileStore> {
    try {
      return new FileStore(await caches.open(CACHE_NAME));
    } catch {
      // No storage: a private window, settings, plain HTTP.
      return new FileStore(undefined);
    }
  }

  /** A file's bytes, if they are there and what they should be; damaged ones are dropped. */
  async get(address: URL, expected: SiteFile): Promise<Uint8Array<ArrayBuffer> | undefined> {
    try {
      const held = await this.#cache?.match(keyOf(address, expected));
      if (held === undefined) return undefined;
      const bytes = new Uint8Array(await held.arrayBuffer());
      if ((await flawOf(bytes, expected)) === undefined) return bytes;
      await this.#cache?.delete(keyOf(address, expected));
    } catch {
      // Storage that fails is no storage.
    }
    return undefined;
  }

  /** Keeps a file's bytes; says whether they are kept: there may be no room. */
  async put(address: URL, expected: SiteFile, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
    if (this.#cache === undefined) return false;
    try {
      await this.#cache.put(keyOf(address, expected), new Response(bytes));
      return true;
    } catch {
      return false;
    }
  }

  /** Drops the files of a site that are none of these: those of its earlier versions. */
  async retain(base: URL, kept: readonly (readonly [address: URL, file: SiteFile])[]): Promise<void> {
    const keys = new Set(kept.map(([address, file]) => keyOf(address, file)));
    try {
      for (const { url } of (await this.#cache?.keys()) ?? []) {
        if (url.startsWith(base.href) && !keys.has(url)) await this.#cache?.delete(url);
      }
    } catch {
      // They only take room.
    }
  }
}

/** Also the address that a file is fetched from: a server of static files ignores the query, and no cache between gives an older version. */
export function keyOf(address: URL, { sha256 }: SiteFile): string {
  return `${address.href}?sha256=${sha256}`;
}

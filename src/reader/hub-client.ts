import { open, rm, type FileHandle } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { received, VerbatimError } from '../core/errors.js';
import { sizeOf, unwritable } from './model-staging.js';

/** The public model hub. */
export const DEFAULT_ENDPOINT = 'https://huggingface.co';

export interface HubOptions {
  /** Address of the model hub or of a mirror that speaks its protocol. @defaultValue https://huggingface.co */
  readonly endpoint?: string;
  /** Access token; it is sent to the endpoint's own origin and never to where that redirects. */
  readonly token?: string;
  /** Tries for one request before it fails, at least 1. @defaultValue 5: with doubling pauses, 7.5 seconds of outage */
  readonly attempts?: number;
  readonly signal?: AbortSignal;
  /** @defaultValue the global `fetch` */
  readonly fetch?: typeof globalThis.fetch;
  /** Waits between two tries. @defaultValue a timer */
  readonly sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<unknown>;
}

/** A file as the hub announces it. */
export interface RemoteFile {
  readonly url: URL;
  /** Tells versions of the file apart. */
  readonly etag: string | null;
  /** Known for large files, whose etag is their SHA-256. */
  readonly sha256: string | null;
  readonly bytes: number | null;
  /** Commit that the revision stands for. */
  readonly commit: string | null;
}

export interface DownloadOptions {
  /** Most bytes that are accepted. */
  readonly limit: number;
  /** Called with the bytes that are there, at the start and after each piece. */
  readonly onProgress?: (received: number, total: number | null) => void;
}

interface Answer {
  readonly response: Response;
  /** Headers of every answer on the way, the last one's included. */
  readonly trail: readonly Headers[];
}

/** The hub, its content network and one more hop in each. */
const MAX_REDIRECTS = 5;
const FIRST_PAUSE_MS = 500;
/** A server that wants a longer pause is not waited for. */
const MAX_PAUSE_MS = 120_000;

/** A failure that may go away by itself. */
class Transient extends Error {
  readonly retryAfterMs: number | undefined;

  constructor(message: string, retryAfterMs?: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** Talks to a model hub: announced sizes and checksums, and downloads that go on where they stopped. */
export class HubClient {
  readonly #endpoint: URL;
  readonly #options: HubOptions;

  constructor(options: HubOptions = {}) {
    this.#options = options;
    this.#endpoint = requireEndpoint(options.endpoint ?? DEFAULT_ENDPOINT);
  }

  /** Address of a repository, for people and manifests. */
  repositoryUrl(repository: string): string {
    return `${this.#endpoint.href.replace(/\/$/, '')}/${repository}`;
  }

  /**
   * Asks for a file's size and checksum.
   *
   * @returns null if the repository, the revision or the file does not exist.
   * @throws VerbatimError `model-access-denied`, `download-failed`.
   */
  async describe(repository: string, revision: string, file: string): Promise<RemoteFile | null> {
    const path = [revision, ...file.split('/')].map(encodeURIComponent).join('/');
    const url = new URL(`${this.repositoryUrl(repository)}/resolve/${path}`);
    return this.#retrying(url, async () => {
      // The first answer that announces the file is enough: a content network may not take HEAD.
      const { response, trail } = await this.#request(url, { method: 'HEAD' }, announcesFile);
      if (response.status === 404) return null;
      if (!announcesFile(response)) await this.#requireOk(response, url);
      const header = (name: string): string | null =>
        trail.map((headers) => headers.get(name)).find((value) => value !== null) ?? null;
      const etag = (header('x-linked-etag') ?? response.headers.get('etag'))?.replace(/^W\/|"/g, '') ?? null;
      const bytes = header('x-linked-size') ?? response.headers.get('content-length') ?? '';
      const commit = header('x-repo-commit') ?? '';
      return {
        url,
        etag,
        sha256: etag !== null && /^[0-9a-f]{64}$/.test(etag) ? etag : null,
        bytes: /^\d{1,15}$/.test(bytes) ? Number(bytes) : null,
        commit: /^[0-9a-f]{40}$/.test(commit) ? commit : null,
      };
    });
  }

  /**
   * Downloads a file. If the target holds the beginning of this very file, only the rest is asked for.
   *
   * @throws VerbatimError `model-access-denied`, `model-not-found`, `download-failed`, `file-unwritable`.
   */
  async download(remote: RemoteFile, target: string, options: DownloadOptions): Promise<void> {
    const most = remote.bytes ?? options.limit;
    if (most > options.limit) throw tooLarge(remote.url, options.limit, most);
    await this.#retrying(remote.url, () => this.#downloadRest(remote, target, most, options.onProgress));
  }

  async #downloadRest(
    remote: RemoteFile,
    target: string,
    most: number,
    onProgress: DownloadOptions['onProgress'],
  ): Promise<void> {
    let done = remote.etag === null ? 0 : ((await sizeOf(target)) ?? 0);
    if (done > most) done = 0;
    if (done > 0 && done === remote.bytes) {
      onProgress?.(done, remote.bytes);
      return;
    }
    const range = done > 0 ? { range: `bytes=${done}-` } : {};
    const { response } = await this.#request(remote.url, { method: 'GET', headers: range });
    if (response.status === 416) {
      await response.body?.cancel();
      await rm(target, { force: true });
      throw new Transient('the server does not know the rest of the file');
    }
    await this.#requireOk(response, remote.url);
    const resumed =
      response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${done}-`) === true;
    if (response.status === 206 && !resumed) {
      await response.body?.cancel();
      throw new Transient('the server sent another part than asked');
    }
    if (!resumed) done = 0;
    const handle = await open(target, resumed ? 'a' : 'w').catch((error: unknown) => {
      throw unwritable(target, error);
    });
    try {
      onProgress?.(done, remote.bytes);
      for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
        done += chunk.length;
        if (done > most) throw tooLarge(remote.url, most, done);
        await write(handle, chunk, target);
        onProgress?.(done, remote.bytes);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (remote.bytes !== null && done < remote.bytes) {
      throw new Transient(`the connection ended after ${done} of ${remote.bytes} bytes`);
    }
  }

  /** One request, redirects followed by hand: the token stays with the endpoint. */
  async #request(
    url: URL,
    init: { readonly method: 'GET' | 'HEAD'; readonly headers?: Readonly<Record<string, string>> },
    isEnough: (response: Response) => boolean = () => false,
  ): Promise<Answer> {
    const { fetch = globalThis.fetch, token, signal } = this.#options;
    const trail: Headers[] = [];
    let at = url;
    while (trail.length <= MAX_REDIRECTS) {
      const response = await fetch(at, {
        method: init.method,
        redirect: 'manual',
        headers: {
          ...init.headers,
          // A compressed answer has another length and etag than the file.
          'accept-encoding': 'identity',
          ...(token !== undefined && at.origin === this.#endpoint.origin
            ? { authorization: `Bearer ${token}` }
            : {}),
        },
        ...(signal === undefined ? {} : { signal }),
      });
      trail.push(response.headers);
      const location = response.headers.get('location');
      if (response.status < 300 || response.status > 399 || location === null || isEnough(response)) {
        return { response, trail };
      }
      await response.body?.cancel();
      at = redirectTarget(location, at, url);
    }
    throw new VerbatimError('download-failed', `${url.href} redirects more than ${MAX_REDIRECTS} times.`);
  }

  /** Ends with an error unless the answer carries the file. */
  async #requireOk(response: Response, url: URL): Promise<void> {
    if (response.ok) return;
    await response.body?.cancel();
    const { status } = response;
    if (status === 401 || status === 403) {
      throw new VerbatimError(
        'model-access-denied',
        `${url.href} is not open to ${this.#options.token === undefined ? 'anonymous readers' : 'the token in HF_TOKEN'} (${status}): the model does not exist, or it is private or gated and needs HF_TOKEN to hold a token that may read it.`,
      );
    }
    if (status === 404) throw new VerbatimError('model-not-found', `${url.href} does not exist.`);
    if (status === 408 || status === 429 || status >= 500) {
      throw new Transient(`the server answered ${status}`, retryAfter(response.headers.get('retry-after')));
    }
    throw new VerbatimError('download-failed', `${url.href} answered ${status}.`);
  }

  /** Tries again after failures that may go away, with doubling pauses or the one that the server asks for. */
  async #retrying<T>(url: URL, action: () => Promise<T>): Promise<T> {
    const { attempts = 5, signal, sleep = pause } = this.#options;
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted();
      try {
        return await action();
      } catch (error) {
        signal?.throwIfAborted();
        if (VerbatimError.isInstance(error)) throw error;
        const wait =
          (error instanceof Transient ? error.retryAfterMs : undefined) ??
          FIRST_PAUSE_MS * 2 ** (attempt - 1);
        if (attempt >= attempts || wait > MAX_PAUSE_MS) {
          throw new VerbatimError(
            'download-failed',
            `Cannot fetch ${url.href}: ${reason(error)}, after ${attempt} ${attempt === 1 ? 'try' : 'tries'}; another pull goes on from here.`,
            error,
          );
        }
        await sleep(wait, signal);
      }
    }
  }
}

function requireEndpoint(endpoint: string): URL {
  if (URL.canParse(endpoint)) {
    const url = new URL(endpoint);
    if ((url.protocol === 'https:' || url.protocol === 'http:') && url.search === '' && url.hash === '') {
      return url;
    }
  }
  throw new VerbatimError(
    'invalid-option',
    `Expected the endpoint to be an http or https address, got ${received(endpoint)}.`,
  );
}

function announcesFile(response: Response): boolean {
  return response.headers.has('x-linked-etag') && response.headers.has('x-linked-size');
}

function redirectTarget(location: string, from: URL, asked: URL): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  const allowed = from.protocol === 'https:' ? ['https:'] : ['http:', 'https:'];
  if (target === undefined || !allowed.includes(target.protocol)) {
    throw new VerbatimError(
      'download-failed',
      `${asked.href} redirects to ${received(target?.protocol ?? location)}; only ${allowed.join(' and ')} addresses are followed from there.`,
    );
  }
  return target;
}

function tooLarge(url: URL, limit: number, bytes: number): VerbatimError {
  return new VerbatimError(
    'download-failed',
    `${url.href} has ${bytes} bytes or more; at most ${limit} are accepted.`,
  );
}

async function write(handle: FileHandle, chunk: Uint8Array, target: string): Promise<void> {
  try {
    await handle.appendFile(chunk);
  } catch (error) {
    throw unwritable(target, error);
  }
}

/** Milliseconds that a Retry-After header asks for: seconds or a date. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const milliseconds = /^\d+$/.test(header) ? 1000 * Number(header) : Date.parse(header) - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}

async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
}

/** What went wrong, in a few words: the cause is what a failed `fetch` is about. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  return cause?.code ?? cause?.message ?? error.message;
}

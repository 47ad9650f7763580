import type { z } from 'zod';
import { received, requireInteger, VerbatimError } from '../../core/errors.js';
import { importClient, type OpenSearchClient } from './client.js';
import { callEngine, MAX_TIMEOUT_MS } from '../engine/call-engine.js';
import { EngineError } from '../engine/engine-error.js';
import { engineError } from './client-error.js';

export interface OpenSearchOptions {
  /**
   * Address of a node, or of several: `https://search.example.com:9200`. A request goes to the next one if a node does not
   * answer. Exactly one of `node` and `client` is given.
   */
  readonly node?: string | readonly string[];
  /** A client of one's own: certificates, tokens, proxies. The caller closes it. */
  readonly client?: OpenSearchClient;
  /** For basic authentication, with `node`. @defaultValue the user name and password in the address, if it has any */
  readonly auth?: { readonly username: string; readonly password: string };
  /**
   * Milliseconds for one request, its retries on other nodes included; at least 1. @defaultValue 10,000 for searching,
   * 120,000 for writing
   */
  readonly timeoutMs?: number;
}

export interface EngineRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly querystring?: Record<string, string>;
  readonly body?: Record<string, unknown>;
  /** Newline-delimited JSON. */
  readonly bulkBody?: string;
}

/** Sends requests to OpenSearch, bounds their time, and turns what goes wrong into this package's errors. */
export class OpenSearchConnection {
  readonly #options: OpenSearchOptions;
  readonly #timeoutMs: number;
  readonly #nodes: readonly URL[];
  #client: Promise<OpenSearchClient> | undefined;
  #closed = false;

  /** @throws VerbatimError `invalid-option`. */
  constructor(options: OpenSearchOptions, defaultTimeoutMs: number) {
    if ((options.node === undefined) === (options.client === undefined)) {
      throw new VerbatimError('invalid-option', 'Expected exactly one of the options node and client.');
    }
    this.#options = options;
    this.#timeoutMs = requireInteger('timeoutMs', options.timeoutMs ?? defaultTimeoutMs, 1, MAX_TIMEOUT_MS);
    this.#nodes = options.node === undefined ? [] : checkNodes([options.node].flat());
  }

  /**
   * Sends a request.
   *
   * @param schema - what the body of the answer must be.
   * @throws VerbatimError `engine-unavailable`, `engine-refused`, `closed`; the signal's reason once it is aborted, and the
   * request is cancelled.
   */
  async request<T>(request: EngineRequest, schema: z.ZodType<T>, signal?: AbortSignal): Promise<T> {
    const client = await this.#open();
    signal?.throwIfAborted();
    const engine = nameOf(client.connectionPool.connections.map(({ url }) => url));
    const body = await callEngine({
      engine,
      timeoutMs: this.#timeoutMs,
      signal,
      send: async (stop) => {
        const sent = client.transport.request(request, { requestTimeout: this.#timeoutMs });
        // `abort` returns a promise-like thing, which an event target would wait for, and throw what it ends with.
        stop.addEventListener('abort', () => {
          sent.abort();
        });
        return (await sent).body;
      },
      explain: (error) => engineError(engine, error),
    });
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new EngineError(
      'engine-refused',
      `${engine} answered ${request.method} ${request.path} with something else than expected: ` +
        `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`,
    );
  }

  /** Closes the client if it is not the caller's. Later requests are rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#options.client === undefined) await (await this.#client)?.close();
  }

  async #open(): Promise<OpenSearchClient> {
    if (this.#closed) throw new VerbatimError('closed', 'The connection to OpenSearch is closed.');
    this.#client ??= this.#connect();
    try {
      return await this.#client;
    } catch (error) {
      this.#client = undefined;
      throw error;
    }
  }

  async #connect(): Promise<OpenSearchClient> {
    if (this.#options.client !== undefined) return this.#options.client;
    const { Client } = await importClient();
    const auth = this.#options.auth ?? this.#nodes.map(credentials).find((found) => found !== undefined);
    return new Client({
      nodes: this.#nodes.map(({ origin, pathname }) => origin + pathname.replace(/\/$/, '')),
      // Each node gets one chance: an outage is reported at once, and writing has its own retries, with pauses.
      maxRetries: this.#nodes.length - 1,
      ...(auth === undefined ? {} : { auth }),
    });
  }
}

function checkNodes(nodes: readonly string[]): URL[] {
  if (nodes.length === 0)
    throw new VerbatimError('invalid-option', 'Expected node to name at least one address, got none.');
  return nodes.map((node) => {
    const url = URL.canParse(node) ? new URL(node) : undefined;
    if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
      throw new VerbatimError(
        'invalid-option',
        `Expected node to be an http or https address, got ${received(node.replace(/\/\/.*@/su, '//…@'))}.`,
      );
    }
    return url;
  });
}

function credentials({ username, password }: URL): { username: string; password: string } | undefined {
  return username === '' ? undefined : { username: decode(username), password: decode(password) };
}

/** Undoes the escapes of an address; a % that begins none stands for itself. */
function decode(text: string): string {
  return Buffer.from(
    text.replace(/%([\da-f]{2})/giu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString();
}

/** Names the engine in messages; an origin has no credentials. */
function nameOf(nodes: readonly URL[]): string {
  return `OpenSearch at ${nodes.map(({ origin }) => origin).join(', ')}`;
}

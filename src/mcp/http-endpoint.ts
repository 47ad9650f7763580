import { randomUUID } from 'node:crypto';
import {
  createMcpHandler,
  isLegacyRequest,
  WebStandardStreamableHTTPServerTransport,
  type McpHttpHandler,
} from '@modelcontextprotocol/server';
import { LRUCache } from 'lru-cache';
import { createMcpServer } from './create-mcp-server.js';
import type { McpContext } from './deps.js';

/** No call needs more. */
const LARGEST_BODY_BYTES = 1_000_000;
/** Clients of the protocol before 2026 that are remembered; the one unheard of for longest must then connect anew. */
const MOST_SESSIONS = 1_000;

/** Streamable HTTP as a web-standard handler. Hosts, origins and keys are checked in front of it. */
export interface HttpEndpoint {
  readonly fetch: (request: Request) => Promise<Response>;
  close(): Promise<void>;
}

/**
 * Serves both revisions of the protocol at one address: since 2026 each request stands for itself; before, clients have sessions, without
 * which none of their calls could be cancelled.
 */
export function httpEndpoint(context: McpContext): HttpEndpoint {
  const options = { maxRequestBodySize: LARGEST_BODY_BYTES };
  const modern: McpHttpHandler = createMcpHandler(() => createMcpServer(context), {
    ...options,
    legacy: 'reject',
    maxSubscriptions: 0,
    onerror: context.onError,
  });
  const sessions = new Sessions(context);
  return {
    fetch: async (request) =>
      (await isLegacyRequest(request, undefined, options)) ? sessions.fetch(request) : modern.fetch(request),
    close: async () => {
      sessions.close();
      await modern.close();
    },
  };
}

type Transport = WebStandardStreamableHTTPServerTransport;

class Sessions {
  readonly #context: McpContext;
  readonly #transports = new LRUCache<string, Transport>({
    max: MOST_SESSIONS,
    dispose: (transport) => void transport.close(),
  });

  constructor(context: McpContext) {
    this.#context = context;
  }

  async fetch(request: Request): Promise<Response> {
    // There is nothing to be sent but answers to calls.
    if (request.method === 'GET') return failure(405, 'Method not allowed.', { Allow: 'POST, DELETE' });
    const id = request.headers.get('mcp-session-id');
    const transport = id === null ? await this.#connect() : this.#transports.get(id);
    return transport?.handleRequest(request) ?? failure(404, 'Session not found');
  }

  close(): void {
    this.#transports.clear();
  }

  /** A transport that only takes the opening of a session. */
  async #connect(): Promise<Transport> {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      maxRequestBodySize: LARGEST_BODY_BYTES,
      onsessioninitialized: (id) => void this.#transports.set(id, transport),
      onsessionclosed: (id) => void this.#transports.delete(id),
    });
    await createMcpServer(this.#context).connect(transport);
    return transport;
  }
}

function failure(
  status: 404 | 405,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  // As the SDK's own transports answer the two.
  const code = status === 404 ? -32001 : -32000;
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status, headers });
}

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import type { McpContext } from '../mcp/index.js';
import type { McpLog } from './mcp-log.js';

export const DEFAULT_MCP_PORT = 8090;

/** Where clients find the server. */
export const MCP_PATH = '/mcp';

export interface McpHttpFlags {
  readonly host: string;
  readonly port: number;
  readonly allowHost?: string;
  readonly keys?: string;
  readonly anonymous?: boolean;
}

/** Something that clients can talk to. */
export interface McpConnection {
  /** Fulfilled if it ends by itself. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** A request that a server gets has both. */
type ReceivedRequest = IncomingMessage & { method: string; url: string };

/** Answers a request, or leaves it to the next. */
type Guard = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

/**
 * Listens for clients. Before anything is read of a request, its host and origin must be known ones, so that no web page can reach the
 * server by a name of its own (DNS rebinding), and it must bring a key where `verbatim serve` would ask for one.
 *
 * @throws VerbatimError `address-unavailable`; `invalid-option` if a key is needed and there is none.
 */
export async function listenForMcp(
  context: McpContext,
  flags: McpHttpFlags,
  log: McpLog,
): Promise<McpConnection> {
  const { toNodeHandler } = await import('@modelcontextprotocol/node');
  const { httpEndpoint } = await import('../mcp/index.js');
  const { HttpServer } = await import('../server/operations/http-server.js');
  const { resolveSettings } = await import('../server/operations/resolve-settings.js');
  const guards = await guardsOf(flags);
  const { settings } = resolveSettings([]);
  const endpoint = httpEndpoint(context);
  const handle = toNodeHandler(endpoint, { onerror: context.onError });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    for (const guard of guards) if (!(await guard(request, response))) return;
    await handle(request as ReceivedRequest, response);
  };
  const server = new HttpServer(settings, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      context.onError(error instanceof Error ? error : new Error(String(error)));
      response.destroy();
    });
  });
  const url = await server.listen(flags);
  log.info(`Listening on ${url}${MCP_PATH}`);
  return {
    ended: new Promise(() => undefined),
    close: async () => {
      await server.close(settings.shutdownMs);
      await endpoint.close();
    },
  };
}

async function guardsOf(flags: McpHttpFlags): Promise<readonly Guard[]> {
  const { hostHeaderValidation, originValidation } = await import('@modelcontextprotocol/node');
  const hosts = hostsOf(flags);
  return [hostHeaderValidation(hosts), originValidation(hosts), isAtPath, await accessGuard(flags)];
}

/** Addresses to listen on that are none to send to. */
const EVERYWHERE: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** Names and addresses that requests may be sent to, and that the pages which send them may come from. */
function hostsOf({ host, allowHost = '' }: McpHttpFlags): string[] {
  const further = [host, ...allowHost.split(',').map((name) => name.trim())];
  const named = further.filter((name) => name !== '' && !EVERYWHERE.has(name));
  return ['localhost', '127.0.0.1', '[::1]', ...named.map(asInAddress)];
}

function asInAddress(host: string): string {
  return isIPv6(host) ? `[${host}]` : host.toLowerCase();
}

const isAtPath: Guard = ({ url = '' }, response) => {
  if (url.split('?')[0] === MCP_PATH) return true;
  response
    .writeHead(404, { 'Content-Type': 'text/plain' })
    .end(`There is nothing here; the server is at ${MCP_PATH}.\n`);
  return false;
};

/** The keys and the rate of requests that `verbatim serve` would ask for. */
async function accessGuard({ host, keys, anonymous = false }: McpHttpFlags): Promise<Guard> {
  const { requiredKeys } = await import('../server/operations/access.js');
  const { Access } = await import('../server/http/access.js');
  const { problemOf } = await import('../server/http/problem.js');
  const { DEFAULT_LIMITS } = await import('../server/index.js');
  const known = await requiredKeys({ host, anonymous, ...(keys === undefined ? {} : { keys }) });
  const access = new Access(known, DEFAULT_LIMITS);
  return async ({ headers, socket }, response) => {
    try {
      await access.admit({ headers, ip: socket.remoteAddress }, 'read');
      return true;
    } catch (error) {
      const { headers: sent, body } = problemOf(error, randomUUID());
      response
        .writeHead(body.status, { ...sent, 'Content-Type': 'application/problem+json' })
        .end(JSON.stringify(body));
      return false;
    }
  };
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface StandInRequest {
  readonly method: string;
  /** Without the query string. */
  readonly path: string;
  readonly body: string;
  readonly authorization: string | undefined;
}

/** Answers a request: with JSON, or by hand. */
export type StandInAnswer = (
  request: StandInRequest,
  raw: { readonly request: IncomingMessage; readonly response: ServerResponse },
) => Promise<StandInResponse | undefined> | StandInResponse | undefined;

export interface StandInResponse {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const VERSION = { version: { number: '2.19.6', distribution: 'opensearch' } };
const MAPPING = { kb: { mappings: { _meta: { verbatim: { format: 1 } } } } };
const NO_HITS = { hits: { hits: [] } };

/**
 * A server that speaks as much of OpenSearch as a test needs, to have it fail as no real one would on command. What `answer`
 * leaves undefined is answered as by an engine with an empty index "kb". It ends with the test.
 */
export async function startStandIn(
  answer: StandInAnswer = () => undefined,
): Promise<{ readonly node: string; readonly requests: StandInRequest[] }> {
  const requests: StandInRequest[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const seen = {
        method: request.method ?? '',
        path: (request.url ?? '').replace(/\?.*$/u, ''),
        // A request may be broken off: that is what some tests are for.
        body: await text(request).catch(() => ''),
        authorization: request.headers.authorization,
      };
      requests.push(seen);
      const given = await answer(seen, { request, response });
      if (response.headersSent || response.destroyed) return;
      const { status = 200, headers, body } = given ?? usual(seen.path);
      const isText = typeof body === 'string';
      response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json', ...headers });
      response.end(isText ? body : JSON.stringify(body));
    })();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return { node: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

function usual(path: string): StandInResponse {
  if (path === '/') return { body: VERSION };
  if (path.endsWith('/_mapping')) return { body: MAPPING };
  if (path.endsWith('/_search')) return { body: NO_HITS };
  if (path.endsWith('/_refresh')) return { body: { _shards: { failed: 0 } } };
  return { body: { acknowledged: true } };
}

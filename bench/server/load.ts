/**
 * Drives a server from a process of its own: takes a `LoadTask` on stdin, prints a `LoadResult`. A client sends its next request when the
 * answer to the one before is there, and begins with a question of its own.
 */
import { json } from 'node:stream/consumers';
import autocannon from 'autocannon';

export interface LoadTask {
  readonly url: string;
  readonly path: string;
  /** JSON, one a request. */
  readonly bodies: readonly string[];
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly seconds: number;
  /** Responses by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Requests without a response: refused or broken connections, and those that took too long. */
  readonly errors: number;
  /** Responses 503 without the header that says when to come again. */
  readonly withoutRetryAfter: number;
  /** Milliseconds of each response 200. */
  readonly milliseconds: readonly number[];
}

const TIMEOUT_SECONDS = 120;

/** What autocannon tells of a response's head. */
interface Head {
  readonly statusCode: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
}

const { url, path, bodies, connections, seconds } = (await json(process.stdin)) as LoadTask;
const requests = bodies.map((body) => ({
  method: 'POST' as const,
  path,
  headers: { 'content-type': 'application/json' },
  body,
}));
const statuses: Record<string, number> = {};
const milliseconds: number[] = [];
let withoutRetryAfter = 0;
let clients = 0;

const result = await autocannon({
  url,
  connections,
  duration: seconds,
  timeout: TIMEOUT_SECONDS,
  requests,
  setupClient(client) {
    const first = (clients++ * Math.ceil(requests.length / connections)) % requests.length;
    client.setRequests([...requests.slice(first), ...requests.slice(0, first)]);
    client.on('headers', (head) => {
      // Declared otherwise in @types/autocannon.
      const { statusCode, headers } = head as unknown as Head;
      const names = headers.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
      if (statusCode === 503 && !names.includes('retry-after')) withoutRetryAfter++;
    });
    client.on('response', (status: number, _bytes: number, took: number) => {
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status === 200) milliseconds.push(took);
    });
  },
});

const measured: LoadResult = {
  seconds: result.duration,
  statuses,
  errors: result.errors,
  withoutRetryAfter,
  milliseconds,
};
console.log(JSON.stringify(measured));

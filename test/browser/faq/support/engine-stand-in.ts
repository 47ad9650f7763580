import type { ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { startLocalServer } from '../../support/site.js';

/** What answers POST /v1/answer in place of the real server, for faults that the real one cannot be made to have. */
export interface EngineStandIn {
  readonly url: string;
  /** Requests so far, as `POST /v1/answer`. */
  readonly requests: readonly string[];
  /** Resolves with the response to each question that comes, which the caller writes. */
  readonly nextQuestion: () => Promise<ServerResponse>;
}

const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': '*',
  'Access-Control-Expose-Headers': 'Retry-After',
};

/** Starts one; it ends with the test, or with what it is given. */
export async function startEngineStandIn(
  onEnd: (end: () => void) => void = onTestFinished,
): Promise<EngineStandIn> {
  const waiting: ServerResponse[] = [];
  const wanted: ((response: ServerResponse) => void)[] = [];
  const requests: string[] = [];
  const { url, close } = await startLocalServer((req, res) => {
    for (const [name, value] of Object.entries(CORS)) res.setHeader(name, value);
    if (req.method === 'OPTIONS') {
      res.writeHead(204).end();
      return;
    }
    requests.push(`${req.method ?? ''} ${req.url ?? ''}`);
    if (req.url !== '/v1/answer') {
      res.setHeader('Content-Type', 'application/json').end('{"suggestions":[],"passages":[]}');
      return;
    }
    const next = wanted.shift();
    if (next === undefined) waiting.push(res);
    else next(res);
  });
  onEnd(close);
  return {
    url,
    requests,
    nextQuestion: () =>
      new Promise((resolve) => {
        const response = waiting.shift();
        if (response === undefined) wanted.push(resolve);
        else resolve(response);
      }),
  };
}

/** Writes an event of a stream. */
export function sendEvent(response: ServerResponse, event: string, data: object): void {
  if (!response.headersSent) response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

/** Writes a problem document. */
export function sendProblem(
  response: ServerResponse,
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'application/problem+json', ...headers });
  response.end(
    JSON.stringify({ type: `urn:verbatim-qa:problem:${code}`, title: code, status, detail: code, code }),
  );
}

/** Passages as the event `passages` has them. */
export function passagesEvent(count: number): object {
  return {
    passages: Array.from({ length: count }, (_, i) => ({
      id: `p${i}`,
      documentId: 'd',
      title: 'Warranty',
      uri: '',
      score: 1,
      rank: i + 1,
    })),
  };
}

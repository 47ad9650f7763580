import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import type { RequestLogger } from '../deps.js';
import type { Metrics } from '../metrics.js';
import { problemOf, ClientGone, HttpProblem } from './problem.js';
import { traceIdOf } from './trace-context.js';

/** What is accepted as a request id: nothing that could forge a line of a log or a header. */
const SANE_ID = /^[\w.:/+=-]{1,128}$/;
/** Nginx's status for a client that did not wait; it is only logged. */
const CLIENT_CLOSED_REQUEST = 499;

/** What a request's log record says beside the usual. */
export interface Notes {
  key?: string | undefined;
  question?: string;
  kind?: string;
  confidence?: number;
  isCached?: boolean;
}

/** Who is told of requests. */
export interface Observers {
  readonly metrics: Metrics;
  readonly logger: RequestLogger | undefined;
}

/** One request and its response: gives it an id, tells how it ended, answers its errors. */
export class Exchange {
  readonly requestId: string;
  readonly notes: Notes = {};
  readonly #req: Request;
  readonly #res: Response;
  readonly #route: string;
  readonly #observers: Observers;
  readonly #began = performance.now();

  constructor(req: Request, res: Response, route: string, observers: Observers) {
    const own = req.headers['x-request-id'];
    this.requestId = typeof own === 'string' && SANE_ID.test(own) ? own : randomUUID();
    this.#req = req;
    this.#res = res;
    this.#route = route;
    this.#observers = observers;
    res.setHeader('X-Request-Id', this.requestId);
    res.once('close', () => this.#finish());
  }

  /** Answers an error; in a response that has begun it can only break off. */
  fail(error: unknown): void {
    this.report(error);
    if (error instanceof ClientGone) return;
    if (this.#res.headersSent) {
      this.#res.destroy();
      return;
    }
    const { headers, body } = problemOf(error, this.requestId);
    // What a handler had prepared belongs to the answer that there is not.
    this.#res.removeHeader('ETag');
    this.#res.setHeader('Cache-Control', 'no-store');
    this.#res.status(body.status).set(headers).type('application/problem+json').send(JSON.stringify(body));
  }

  /** Tells of an error that is answered in another way. */
  report(error: unknown): void {
    if (error instanceof ClientGone) this.#observers.metrics.cancelled('disconnect');
    else if (error instanceof HttpProblem && error.code === 'request-timeout')
      this.#observers.metrics.cancelled('timeout');
    else if (problemOf(error, this.requestId).body.status >= 500 && !(error instanceof HttpProblem))
      this.#observers.logger?.error({ requestId: this.requestId, err: error }, 'request failed');
  }

  #finish(): void {
    const status = this.#res.writableFinished ? this.#res.statusCode : CLIENT_CLOSED_REQUEST;
    const seconds = (performance.now() - this.#began) / 1000;
    const traceId = traceIdOf(this.#req.headers);
    this.#observers.metrics.request(this.#req.method, this.#route, status, seconds);
    this.#observers.logger?.info(
      {
        requestId: this.requestId,
        ...(traceId === undefined ? {} : { traceId }),
        method: this.#req.method,
        route: this.#route,
        status,
        ms: Math.round(seconds * 1000),
        ...this.notes,
      },
      'request',
    );
  }
}

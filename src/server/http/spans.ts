import type * as OpenTelemetry from '@opentelemetry/api';
import type { Request, Response } from 'express';

/** Runs a request's work, within a span where there is anyone to trace it. */
export type SpanRunner = (
  req: Request,
  res: Response,
  route: string,
  work: () => Promise<void>,
) => Promise<void>;

/** Traces with the OpenTelemetry API if it is installed beside this package; else only works. */
export function createSpanRunner(): SpanRunner {
  const loading = import('@opentelemetry/api').catch(() => undefined);
  return async (req, res, route, work) => {
    const api = await loading;
    return api === undefined ? work() : runInSpan(api, req, res, route, work);
  };
}

async function runInSpan(
  { context, propagation, SpanKind, SpanStatusCode, trace }: typeof OpenTelemetry,
  req: Request,
  res: Response,
  route: string,
  work: () => Promise<void>,
): Promise<void> {
  const active = context.active();
  // Where the host traces its HTTP server, its span is the parent; the header has been read for that one.
  const isTraced = trace.getSpan(active) !== undefined;
  const parent = isTraced ? active : propagation.extract(active, req.headers);
  const span = trace.getTracer('verbatim-qa').startSpan(
    `${req.method} ${route}`,
    {
      kind: isTraced ? SpanKind.INTERNAL : SpanKind.SERVER,
      attributes: { 'http.request.method': req.method, 'http.route': route },
    },
    parent,
  );
  try {
    await context.with(trace.setSpan(parent, span), work);
  } finally {
    span.setAttribute('http.response.status_code', res.statusCode);
    if (res.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  }
}

import type { IncomingHttpHeaders } from 'node:http';

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;

/** The trace that a request belongs to, by its W3C `traceparent` header. */
export function traceIdOf({ traceparent }: IncomingHttpHeaders): string | undefined {
  const traceId = typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent)?.[1] : undefined;
  return traceId === '0'.repeat(32) ? undefined : traceId;
}

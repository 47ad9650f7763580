import { EngineError, failureOf, oneLine, unreachable } from '../engine/engine-error.js';

/** What the errors of the official clients, OpenSearch's and Elasticsearch's, have in common. */
interface ClientError {
  readonly name: string;
  readonly message: string;
  readonly meta?: {
    readonly statusCode?: number | null;
    readonly headers?: Readonly<Record<string, unknown>> | null;
    readonly body?: unknown;
  };
}

/** The engine's description of an error; a proxy in front of it sends whatever it likes. */
interface ErrorBody {
  readonly error?: string | (ErrorCause & { readonly root_cause?: readonly ErrorCause[] });
}

interface ErrorCause {
  readonly type?: string;
  readonly reason?: string;
}

/**
 * Turns an error of an official client into one of this package.
 *
 * @param engine - names the engine in the message.
 */
export function engineError(engine: string, error: unknown): EngineError {
  const { name, message, meta } = error as ClientError;
  // Elasticsearch's client talks to no other engine.
  if (name === 'ProductNotSupportedError')
    return new EngineError('engine-refused', `${engine} is another engine: ${oneLine(message)}.`);
  if (name !== 'ResponseError') return unreachable(engine, message);
  return failureOf(engine, {
    status: meta?.statusCode ?? 0,
    retryAfterMs: retryAfterMs(meta?.headers?.['retry-after']),
    ...describe(meta?.body),
  });
}

function describe(body: unknown): { types: string[]; reason: string | undefined } {
  const error = typeof body === 'object' && body !== null ? (body as ErrorBody).error : undefined;
  if (error === undefined || typeof error === 'string') return { types: [], reason: error };
  const causes = [error, ...(error.root_cause ?? [])];
  return { types: causes.flatMap(({ type }) => type ?? []), reason: causes.at(-1)?.reason };
}

/** Retry-After holds seconds or a date (RFC 9110, section 10.2.3). */
function retryAfterMs(header: unknown): number | undefined {
  if (typeof header !== 'string') return undefined;
  const milliseconds = /^\d+$/.test(header) ? 1000 * Number(header) : Date.parse(header) - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}

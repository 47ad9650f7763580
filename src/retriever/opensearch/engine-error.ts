import { VerbatimError } from '../../core/errors.js';

/** Statuses that go away by themselves: too many requests, a gateway's troubles, a node that is starting. */
const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);
const MAX_REASON_LENGTH = 300;

/** A request that the engine did not serve: `engine-unavailable` may pass, `engine-refused` will not. */
export class EngineError extends VerbatimError {
  /** How long the engine wants to be left alone, where it said so. */
  readonly retryAfterMs: number | undefined;
  /** OpenSearch's own names of what went wrong, such as `index_not_found_exception`. */
  readonly types: readonly string[];

  // No cause: the client's errors carry the request and its headers, and whoever prints them would print credentials.
  constructor(
    code: 'engine-unavailable' | 'engine-refused',
    message: string,
    details: { readonly retryAfterMs?: number | undefined; readonly types?: readonly string[] } = {},
  ) {
    super(code, message);
    this.retryAfterMs = details.retryAfterMs;
    this.types = details.types ?? [];
  }

  get isTransient(): boolean {
    return this.code === 'engine-unavailable';
  }
}

/** What the official client's errors have in common. */
interface ClientError {
  readonly name: string;
  readonly message: string;
  readonly meta?: {
    readonly statusCode?: number | null;
    readonly headers?: Readonly<Record<string, unknown>> | null;
    readonly body?: unknown;
  };
}

/** OpenSearch's description of an error; a proxy in front of it sends whatever it likes. */
interface ErrorBody {
  readonly error?: string | (ErrorCause & { readonly root_cause?: readonly ErrorCause[] });
}

interface ErrorCause {
  readonly type?: string;
  readonly reason?: string;
}

/**
 * Turns an error of the official client into one of this package.
 *
 * @param engine - names the engine in the message.
 */
export function engineError(engine: string, error: unknown): EngineError {
  const { name, message, meta } = error as ClientError;
  if (name !== 'ResponseError')
    return new EngineError('engine-unavailable', `${engine} is not available: ${oneLine(message)}.`);
  const status = meta?.statusCode ?? 0;
  const { types, reason } = describe(meta?.body);
  if (TRANSIENT_STATUSES.has(status)) {
    return new EngineError('engine-unavailable', `${engine} is not available: HTTP ${status}${reason}.`, {
      types,
      retryAfterMs: retryAfterMs(meta?.headers?.['retry-after']),
    });
  }
  const refused = status === 401 || status === 403 ? 'the credentials' : 'the request';
  return new EngineError('engine-refused', `${engine} refused ${refused}: HTTP ${status}${reason}.`, {
    types,
  });
}

function describe(body: unknown): { types: string[]; reason: string } {
  const error = typeof body === 'object' && body !== null ? (body as ErrorBody).error : undefined;
  if (error === undefined || typeof error === 'string') {
    return { types: [], reason: error === undefined ? '' : `, ${oneLine(error)}` };
  }
  const causes = [error, ...(error.root_cause ?? [])];
  const reason = causes.at(-1)?.reason;
  return {
    types: causes.flatMap(({ type }) => type ?? []),
    reason: reason === undefined ? '' : `, ${oneLine(reason)}`,
  };
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim().replace(/\.$/u, '');
  return line.length > MAX_REASON_LENGTH ? `${line.slice(0, MAX_REASON_LENGTH - 1)}…` : line;
}

/** Retry-After holds seconds or a date (RFC 9110, section 10.2.3). */
function retryAfterMs(header: unknown): number | undefined {
  if (typeof header !== 'string') return undefined;
  const milliseconds = /^\d+$/.test(header) ? 1000 * Number(header) : Date.parse(header) - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}

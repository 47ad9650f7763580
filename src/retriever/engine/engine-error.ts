import { VerbatimError } from '../../core/errors.js';

/** Statuses that go away by themselves: too many requests, a gateway's troubles, a node that is starting. */
const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
const MAX_REASON_LENGTH = 300;

/** A request that the engine did not serve: `engine-unavailable` may pass, `engine-refused` will not. */
export class EngineError extends VerbatimError {
  /** How long the engine wants to be left alone, where it said so. */
  readonly retryAfterMs: number | undefined;
  /** The engine's own names of what went wrong, such as `index_not_found_exception`. */
  readonly types: readonly string[];

  // No cause: the clients' errors carry the request and its headers, and whoever prints them would print credentials.
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

/** An engine's answer that was none. */
export interface EngineFailure {
  readonly status: number;
  /** What the engine says of it. */
  readonly reason?: string | undefined;
  readonly types?: readonly string[];
  readonly retryAfterMs?: number | undefined;
}

/**
 * The error for an HTTP status.
 *
 * @param engine - names the engine in the message.
 */
export function failureOf(engine: string, failure: EngineFailure): EngineError {
  const { status, reason, types = [], retryAfterMs } = failure;
  const said = `HTTP ${status}${reason === undefined ? '' : `, ${oneLine(reason)}`}`;
  if (TRANSIENT_STATUSES.has(status))
    return new EngineError('engine-unavailable', `${engine} is not available: ${said}.`, {
      types,
      retryAfterMs,
    });
  const refused = status === 401 || status === 403 ? 'the credentials' : 'the request';
  return new EngineError('engine-refused', `${engine} refused ${refused}: ${said}.`, { types });
}

/** The error for an engine that cannot be reached, or breaks off. */
export function unreachable(engine: string, reason: string): EngineError {
  return new EngineError('engine-unavailable', `${engine} is not available: ${oneLine(reason)}.`);
}

/** What others say, as a part of one line. */
export function oneLine(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim().replace(/\.$/u, '');
  return line.length > MAX_REASON_LENGTH ? `${line.slice(0, MAX_REASON_LENGTH - 1)}…` : line;
}

import { unreachable, type EngineError } from './engine-error.js';

/** Timers hold no more. */
export const MAX_TIMEOUT_MS = 2 ** 31 - 1;

export interface EngineCall<T> {
  /** Names the engine in messages. */
  readonly engine: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Sends the request; its signal is aborted when the caller's is, or when the time is up. */
  readonly send: (signal: AbortSignal) => PromiseLike<T>;
  /** Turns the client's error into one of this package. */
  readonly explain: (error: unknown) => EngineError;
}

/**
 * Sends a request to an engine and bounds its time, whatever the client's own time-out covers.
 *
 * @throws VerbatimError `engine-unavailable`, `engine-refused`; the signal's reason once it is aborted.
 */
export async function callEngine<T>({ engine, timeoutMs, signal, send, explain }: EngineCall<T>): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    // Rejected first: what the client says to being aborted is not what the caller wants to know.
    const stop = (reason: unknown): void => {
      settle();
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a signal's reason is the caller's
      reject(reason);
      controller.abort();
    };
    const timer = setTimeout(() => stop(unreachable(engine, `no answer within ${timeoutMs} ms`)), timeoutMs);
    const abort = (): void => stop(signal?.reason);
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    signal?.addEventListener('abort', abort, { once: true });
    // A client may throw at once, too.
    (async () => send(controller.signal))().then(
      (answer) => {
        settle();
        resolve(answer);
      },
      (error: unknown) => {
        settle();
        reject(explain(error));
      },
    );
  });
}

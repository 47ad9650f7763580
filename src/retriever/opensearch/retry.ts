import { setTimeout as delay } from 'node:timers/promises';
import { EngineError } from '../engine/engine-error.js';

export interface RetryOptions {
  /** Tries for one request before it fails, at least 1. @defaultValue 10: with doubling pauses, 1 to 2 minutes of outage */
  readonly attempts?: number;
  readonly signal?: AbortSignal;
  /** Waits between two tries. @defaultValue a timer */
  readonly sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<unknown>;
  /** From 0 to less than 1: spreads the pauses of many clients. @defaultValue Math.random */
  readonly random?: () => number;
}

export const DEFAULT_ATTEMPTS = 10;
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 30_000;
/** An engine that wants a longer pause is not waited for. */
const MAX_RETRY_AFTER_MS = 120_000;

/**
 * Tries again while the engine is not available: pauses double from half a second to half a minute, each shortened by up
 * to a half at random, and never shorter than the engine asked for.
 */
export async function withRetries<T>(action: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { attempts = DEFAULT_ATTEMPTS, signal, random = Math.random } = options;
  const sleep = options.sleep ?? ((milliseconds) => delay(milliseconds, undefined, { signal }));
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof EngineError) || !error.isTransient || attempt >= attempts) throw error;
      const asked = error.retryAfterMs ?? 0;
      if (asked > MAX_RETRY_AFTER_MS) throw error;
      const pause = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1)) * (1 - random() / 2);
      await sleep(Math.max(asked, pause), signal).catch((reason: unknown) => {
        // A timer that was aborted says only that it was; the signal knows why.
        signal?.throwIfAborted();
        throw reason;
      });
    }
  }
}

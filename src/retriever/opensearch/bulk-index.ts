import { z } from 'zod';
import { requireInteger } from '../../core/errors.js';
import type { Passage } from '../../core/passage.js';
import type { OpenSearchConnection } from './connection.js';
import { EngineError } from '../engine/engine-error.js';
import { documentKey, passageDocument } from './passage-document.js';
import { DEFAULT_ATTEMPTS, withRetries, type RetryOptions } from './retry.js';

export interface BulkOptions extends RetryOptions {
  /** Told after each request how many passages are in the index. */
  readonly onProgress?: (indexed: number) => void;
  /** Passages that may be refused before it is given up, at least 0. @defaultValue 100 */
  readonly maxRefused?: number;
}

export interface BulkReport {
  readonly indexed: number;
  /** Passages that the engine would not take, and why. */
  readonly refused: readonly { readonly id: string; readonly reason: string }[];
}

/** OpenSearch advises 5 to 15 MB; a smaller one is sent again sooner. A single passage may be larger. */
const MAX_REQUEST_BYTES = 5_000_000;
/** One on the way while the other is indexed; more only fill the engine's queue. */
const REQUESTS_IN_FLIGHT = 2;
const DEFAULT_MAX_REFUSED = 100;

/** A passage ready to be sent. */
interface Item {
  readonly id: string;
  readonly lines: string;
}

const answerSchema = z.object({
  items: z.array(
    z.object({
      index: z.object({
        status: z.int(),
        error: z.optional(z.object({ type: z.string(), reason: z.nullish(z.string()) })),
      }),
    }),
  ),
});

/**
 * Puts passages into an index; one with an id that is there already replaces it. Passages are taken from the source only as
 * fast as the engine accepts them. What cannot be sent now is sent again; what is refused for good is reported.
 *
 * @throws VerbatimError `engine-unavailable` once the tries are used up, `engine-refused`; the signal's reason once it is aborted;
 * whatever the source throws. What was sent before stays in the index.
 */
export async function bulkIndex(
  connection: OpenSearchConnection,
  index: string,
  passages: Iterable<Passage> | AsyncIterable<Passage>,
  options: BulkOptions = {},
): Promise<BulkReport> {
  requireInteger('attempts', options.attempts ?? DEFAULT_ATTEMPTS, 1);
  const maxRefused = requireInteger('maxRefused', options.maxRefused ?? DEFAULT_MAX_REFUSED, 0);
  const refused: { id: string; reason: string }[] = [];
  let indexed = 0;
  // If one request fails for good, the other stops as well.
  const failure = new AbortController();
  const signal = AbortSignal.any([failure.signal, ...(options.signal === undefined ? [] : [options.signal])]);

  const send = async (items: readonly Item[]): Promise<void> => {
    let waiting = items;
    await withRetries(
      async () => {
        const outcome = await sendOnce(connection, index, waiting, signal);
        waiting = outcome.waiting;
        refused.push(...outcome.refused);
        indexed += outcome.indexed;
        options.onProgress?.(indexed);
        if (refused.length > maxRefused) throw tooManyRefused(refused);
        if (outcome.reason !== undefined) throw new EngineError('engine-unavailable', outcome.reason);
      },
      { ...options, signal },
    );
  };
  const requests = toRequests(passages);
  const work = async (): Promise<void> => {
    try {
      for await (const items of requests) await send(items);
    } catch (error) {
      failure.abort(error);
      throw error;
    }
  };
  await Promise.allSettled(Array.from({ length: REQUESTS_IN_FLIGHT }, work));
  signal.throwIfAborted();
  return { indexed, refused };
}

/** Groups passages into requests. Each is made when it is asked for. */
async function* toRequests(
  passages: Iterable<Passage> | AsyncIterable<Passage>,
): AsyncGenerator<readonly Item[], void> {
  let items: Item[] = [];
  let bytes = 0;
  for await (const passage of passages) {
    const action = JSON.stringify({ index: { _id: documentKey(passage.id) } });
    const lines = `${action}\n${JSON.stringify(passageDocument(passage))}\n`;
    const size = Buffer.byteLength(lines);
    if (items.length > 0 && bytes + size > MAX_REQUEST_BYTES) {
      yield items;
      items = [];
      bytes = 0;
    }
    items.push({ id: passage.id, lines });
    bytes += size;
  }
  if (items.length > 0) yield items;
}

interface Outcome extends BulkReport {
  /** What the engine could not take just now. */
  readonly waiting: readonly Item[];
  /** Why, if there is any. */
  readonly reason: string | undefined;
}

async function sendOnce(
  connection: OpenSearchConnection,
  index: string,
  items: readonly Item[],
  signal: AbortSignal,
): Promise<Outcome> {
  const { items: results } = await connection.request(
    {
      method: 'POST',
      path: `/${encodeURIComponent(index)}/_bulk`,
      bulkBody: items.map(({ lines }) => lines).join(''),
    },
    answerSchema,
    signal,
  );
  const waiting: Item[] = [];
  const refused: { id: string; reason: string }[] = [];
  let reason: string | undefined;
  items.forEach((item, i) => {
    const result = results[i]?.index;
    if (result !== undefined && result.status < 300) return;
    const why = `${result?.error?.type ?? 'no result'}: ${result?.error?.reason ?? 'no reason given'}`;
    if (result === undefined || result.status === 429 || result.status >= 500) {
      waiting.push(item);
      reason ??= `OpenSearch could not take passage ${item.id} now: ${why}`;
    } else {
      refused.push({ id: item.id, reason: why });
    }
  });
  return { indexed: items.length - waiting.length - refused.length, refused, waiting, reason };
}

function tooManyRefused(refused: BulkReport['refused']): EngineError {
  const shown = refused.slice(0, 5).map(({ id, reason }) => `${id} (${reason})`);
  const more = refused.length > shown.length ? ` and ${refused.length - shown.length} more` : '';
  return new EngineError('engine-refused', `OpenSearch refused passages: ${shown.join(', ')}${more}.`);
}

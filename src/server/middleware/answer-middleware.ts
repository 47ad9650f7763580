import type { Request, RequestHandler, Response } from 'express';
import { requireInteger, requireNumber } from '../../core/errors.js';
import type { Answerer, AnswerResult, DecideOptions, SearchHit } from '../../pipeline/index.js';
import { DEFAULT_TOP_K } from '../../retriever/index.js';
import { ReadingSlots } from '../answers/reading-slots.js';
import { HttpProblem } from '../http/problem.js';
import { WorkSignal } from '../http/work-signal.js';
import { jsonText, withProperty } from './json-response.js';

const BUDGET_MS = 2_000;
const CONCURRENT = 8;

export interface AnswerMiddlewareOptions {
  /** Reads the hits; the caller closes it. */
  readonly answerer: Answerer;
  /** The hits in a response, as it is sent; from elsewhere where it does not hold the texts: `res.locals`, a database. */
  readonly hits: (
    body: unknown,
    req: Request,
    res: Response,
  ) => readonly SearchHit[] | PromiseLike<readonly SearchHit[]>;
  /** The question of a request; undefined or blank for none. @defaultValue the query parameter `q` */
  readonly question?: (req: Request) => string | undefined;
  /** What the answer is called in the response. @defaultValue `answer` */
  readonly property?: string;
  /** What of a result is sent. @defaultValue all of it */
  readonly present?: (result: AnswerResult, hits: readonly SearchHit[]) => unknown;
  /** Milliseconds that a response waits for its answer, at least 1; then it is sent without one. @defaultValue 2,000 */
  readonly budgetMs?: number;
  /** Responses that wait for an answer at once, at least 1; one more is sent without. @defaultValue 8 */
  readonly concurrent?: number;
  /** How many hits are read at most, at least 1. @defaultValue 10 */
  readonly topK?: number;
  /** When to answer, and what to tell of it. */
  readonly decide?: Omit<DecideOptions, 'signal' | 'onProgress'>;
  /** Told why a response is sent without an answer: an error of the reader, of the functions above, or of this middleware. */
  readonly onError?: (error: unknown, req: Request) => void;
}

/**
 * Adds an answer to the JSON that a search endpoint sends, whatever searches behind it. The search result is never lost: without a
 * question or hits, with an error, too late or with too much to do, the response is sent as it is. Responses that are no object, no JSON,
 * no success, answers to HEAD, compressed or streamed by their handler, or have an answer already, are left alone.
 *
 * @throws VerbatimError `invalid-option`.
 *
 * @example
 * const fields = { textField: 'body', titleField: 'title' };
 * app.use('/search', answerMiddleware({ answerer, hits: (body) => hitsFromMeilisearch(body, fields) }));
 */
export function answerMiddleware(options: AnswerMiddlewareOptions): RequestHandler {
  const { property = 'answer', question = queryParameter } = options;
  const budgetMs = requireInteger('budgetMs', options.budgetMs ?? BUDGET_MS, 1, 2 ** 31 - 1);
  const topK = requireInteger('topK', options.topK ?? DEFAULT_TOP_K, 1);
  const slots = new ReadingSlots(requireInteger('concurrent', options.concurrent ?? CONCURRENT, 1));
  if (options.decide?.minConfidence !== undefined)
    requireNumber('decide.minConfidence', options.decide.minConfidence, 0, 1);

  const answer = async (
    body: unknown,
    req: Request,
    res: Response,
    signal: AbortSignal,
  ): Promise<unknown> => {
    const asked = question(req)?.trim() ?? '';
    if (asked === '') return undefined;
    const hits = (await options.hits(body, req, res)).slice(0, topK);
    signal.throwIfAborted();
    if (hits.length === 0) return undefined;
    const result = await options.answerer.answerFromHits(asked, hits, { ...options.decide, signal });
    return options.present === undefined ? result : options.present(result, hits);
  };

  /** The text with an answer in it, or undefined. */
  const extend = async (text: string, req: Request, res: Response): Promise<string | undefined> => {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null || Array.isArray(body) || Object.hasOwn(body, property))
      return undefined;
    using work = new WorkSignal(res, budgetMs);
    const { signal } = work;
    // The slot is held until the reading has stopped, which may be later than it was given up.
    const given = await inTime(
      slots.run(() => answer(body, req, res, signal)),
      signal,
    );
    return withProperty(text, property, given);
  };

  return (req, res, next) => {
    const send = res.send.bind(res);
    // `json` ends in `send`, too, with the text that its app's settings make of the value.
    res.send = (body?: unknown) => {
      if (typeof body !== 'string' && !Buffer.isBuffer(body)) return send(body);
      // What is sent after this, by an error handler perhaps, goes straight to the client.
      res.send = send;
      const text = jsonText(req, res, body);
      if (text === undefined) return send(body);
      extend(text, req, res)
        .catch((error: unknown) => {
          report(options, error, req);
          return undefined;
        })
        .then((extended) => {
          if (res.headersSent) return;
          // A validator that the handler gave is that of another text.
          if (extended !== undefined) res.removeHeader('ETag');
          send(extended ?? body);
        })
        .catch(next);
      return res;
    };
    next();
  };
}

function queryParameter(req: Request): string | undefined {
  const { q } = req.query;
  return typeof q === 'string' ? q : undefined;
}

/** Waits no longer than the signal lets, even for what does not heed it. */
async function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void =>
      reject(
        signal.reason instanceof Error ? signal.reason : new HttpProblem('request-timeout', 'Given up.'),
      );
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject);
  });
}

function report({ onError }: AnswerMiddlewareOptions, error: unknown, req: Request): void {
  try {
    onError?.(error, req);
  } catch {
    // Whoever listens must not lose the search result either.
  }
}

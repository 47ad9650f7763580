import type { DroppedDocument } from './dropped-file.js';
import { readEvents } from '../event-stream.js';
import { RequestFailure } from './failure.js';
import type { Question } from './question.js';
import {
  isExplainedResult,
  isPassagesEvent,
  isProblem,
  isReadPassage,
  isServerInfo,
  type ExplainedResult,
  type FoundPassage,
  type ReadPassage,
  type ServerInfo,
  type Times,
} from './wire.js';

/** What is told while a question is answered. */
export interface Progress {
  readonly onFound: (passages: readonly FoundPassage[]) => void;
  readonly onRead: (passage: ReadPassage) => void;
  readonly onTimes: (times: Times) => void;
}

/** A request of the HTTP API. */
export interface ApiRequest {
  readonly path: string;
  readonly body: object;
}

/** How a question is asked, of the index or of a document. */
export function requestOf(question: Question, document: DroppedDocument | undefined): ApiRequest {
  if (document === undefined) return { path: 'v1/answer', body: question };
  const options: Record<string, unknown> = { ...question, document };
  // It chooses among the documents of the index.
  delete options['filter'];
  return { path: 'v1/read', body: options };
}

/** The server that the page came from. Everything it does fails with a `RequestFailure`, or with the signal's reason. */
export class Server {
  /** Where its routes are, with a slash at the end. */
  readonly base: URL;
  readonly #key: () => string | null;

  constructor(base: URL, key: () => string | null) {
    this.base = base;
    this.#key = key;
  }

  async info(): Promise<ServerInfo> {
    const value = await json(await this.#fetch('v1/info'));
    if (!isServerInfo(value)) throw new RequestFailure(foreignOf(200, 'application/json of another make'));
    return value;
  }

  /** The page of the evaluation report. */
  async report(): Promise<string> {
    const response = await this.#fetch('playground/report');
    if (!typeOf(response).startsWith('text/html')) throw await failureOf(response);
    return response.text();
  }

  async ask({ path, body }: ApiRequest, progress: Progress, signal: AbortSignal): Promise<ExplainedResult> {
    const response = await this.#fetch(path, {
      method: 'POST',
      signal,
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream, application/json;q=0.5' },
      body: JSON.stringify({ ...body, explain: true }),
    });
    if (typeOf(response).startsWith('text/event-stream') && response.body !== null) {
      return resultOfEvents(response.body, progress, signal);
    }
    const value = await json(response);
    if (!isExplainedResult(value)) {
      throw new RequestFailure(foreignOf(response.status, `${typeOf(response)} of another make`));
    }
    progress.onTimes(timesOf(response.headers.get('Server-Timing') ?? ''));
    return value;
  }

  async #fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const key = this.#key();
    const headers = new Headers(init.headers);
    if (key !== null) headers.set('Authorization', `Bearer ${key}`);
    let response: Response;
    try {
      response = await fetch(new URL(path, this.base), { ...init, headers });
    } catch (error) {
      init.signal?.throwIfAborted();
      throw error instanceof TypeError ? new RequestFailure({ kind: 'unreachable' }) : error;
    }
    if (!response.ok) throw await failureOf(response);
    return response;
  }
}

async function resultOfEvents(
  body: ReadableStream<Uint8Array>,
  { onFound, onRead, onTimes }: Progress,
  signal: AbortSignal,
): Promise<ExplainedResult> {
  let isTimed = false;
  try {
    for await (const { event: name, data } of readEvents(body)) {
      const value: unknown = JSON.parse(data);
      if (name === 'passages' && isPassagesEvent(value)) onFound(value.passages);
      else if (name === 'candidate' && isReadPassage(value)) onRead(value);
      else if (name === 'times') {
        isTimed = true;
        onTimes(value as Times);
      } else if (name === 'problem' && isProblem(value)) {
        throw new RequestFailure({ kind: 'problem', problem: value, retryAfter: null });
      } else if (name === 'answer') {
        if (!isExplainedResult(value)) {
          throw new RequestFailure(foreignOf(200, 'text/event-stream of another make'));
        }
        // Only what was kept from before takes no time.
        if (!isTimed) onTimes({ cached: true });
        return value;
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof RequestFailure ? error : new RequestFailure({ kind: 'cut' });
  }
  signal.throwIfAborted();
  throw new RequestFailure({ kind: 'cut' });
}

/** The stages that a `Server-Timing` header names. */
export function timesOf(header: string): Times {
  const ms = (stage: string): number | undefined => {
    const text = new RegExp(`(?:^|,)\\s*${stage};dur=([\\d.]+)`).exec(header)?.[1];
    return text === undefined ? undefined : Number(text);
  };
  return { retrieveMs: ms('retrieve'), readMs: ms('read'), aggregateMs: ms('aggregate') };
}

function typeOf(response: Response): string {
  return response.headers.get('Content-Type') ?? '';
}

const foreignOf = (status: number, type: string): { kind: 'foreign'; status: number; type: string } => ({
  kind: 'foreign',
  status,
  type,
});

async function failureOf(response: Response): Promise<RequestFailure> {
  const type = typeOf(response);
  const value: unknown = type.includes('json') ? await response.json().catch(() => undefined) : undefined;
  if (!isProblem(value)) return new RequestFailure(foreignOf(response.status, type));
  return new RequestFailure({
    kind: 'problem',
    problem: value,
    retryAfter: response.headers.get('Retry-After'),
  });
}

async function json(response: Response): Promise<unknown> {
  if (!typeOf(response).includes('json'))
    throw new RequestFailure(foreignOf(response.status, typeOf(response)));
  try {
    return await response.json();
  } catch (error) {
    // What was cut off cannot be parsed either.
    if (error instanceof DOMException) throw error;
    throw new RequestFailure({ kind: 'cut' });
  }
}

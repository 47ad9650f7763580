import {
  EngineError,
  type AnswerEngine,
  type AnswerOptions,
  type CallOptions,
  type EngineErrorReason,
  type EngineSettings,
  type EngineProgress,
  type ListOptions,
  type Verdict,
} from './engine.js';
import { readEvents } from './event-stream.js';
import {
  isListOf,
  isObject,
  isWirePassage,
  isWireResult,
  isWireSuggestion,
  type WirePassage,
  type WireResult,
  type WireSuggestion,
} from './wire.js';

/** What of a request differs from a plain GET. */
interface HttpInit {
  readonly method?: 'POST';
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server of Verbatim's over HTTP. */
export class HttpEngine implements AnswerEngine {
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;

  /** @param settings - `src`: where the routes are mounted, absolute or relative to the page. */
  constructor({ src, apiKey, timeoutMs }: EngineSettings) {
    this.#base = src.replace(/\/*$/, '/');
    this.#headers = apiKey === undefined ? {} : { 'X-Api-Key': apiKey };
    this.#timeoutMs = timeoutMs;
  }

  async answer(question: string, { signal, topK, onProgress }: AnswerOptions = {}): Promise<WireResult> {
    const body = { question, ...(topK === undefined ? {} : { topK }) };
    const headers = { Accept: 'text/event-stream, application/json;q=0.9' };
    return this.#exchange('v1/answer', post(body, headers), signal, async (response) => {
      const isStream = typeOf(response) === 'text/event-stream';
      const result = isStream ? await resultOfStream(response, onProgress) : await jsonOf(response);
      if (!isWireResult(result)) throw notUnderstood(response.status, 'no result');
      return result;
    });
  }

  async suggest(beginning: string, options: ListOptions = {}): Promise<readonly WireSuggestion[]> {
    const list = await this.#list('v1/suggest', beginning, options, 'suggestions');
    return list.filter(isWireSuggestion);
  }

  async nearest(question: string, options: ListOptions = {}): Promise<readonly WirePassage[]> {
    const list = await this.#list('v1/search', question, options, 'passages');
    return list.filter(isWirePassage);
  }

  async feedback(verdict: Verdict, { signal }: CallOptions = {}): Promise<void> {
    await this.#exchange('v1/feedback', post(verdict), signal, async (response) => {
      if (!isObject(await jsonOf(response))) throw notUnderstood(response.status, 'no receipt');
    });
  }

  async #list(
    path: string,
    q: string,
    { signal, limit }: ListOptions,
    name: string,
  ): Promise<readonly unknown[]> {
    const query = new URLSearchParams({ q, ...(limit === undefined ? {} : { limit: String(limit) }) });
    return this.#exchange(`${path}?${query.toString()}`, {}, signal, async (response) => {
      const body = await jsonOf(response);
      const list = isObject(body) ? body[name] : undefined;
      if (!Array.isArray(list)) throw notUnderstood(response.status, `no ${name}`);
      return list as readonly unknown[];
    });
  }

  /** One request, its time limit, and every way in which it may fail. */
  async #exchange<T>(
    path: string,
    init: HttpInit,
    signal: AbortSignal | undefined,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const stop = new AbortController();
    const leave = (): void => stop.abort(signal?.reason);
    signal?.addEventListener('abort', leave, { once: true });
    const timer = setTimeout(
      () => stop.abort(new EngineError('timeout', `No result within ${this.#timeoutMs} ms.`)),
      this.#timeoutMs,
    );
    let hasBegun = false;
    try {
      const headers = { ...this.#headers, ...init.headers };
      const response = await fetch(this.#base + path, { ...init, headers, signal: stop.signal });
      hasBegun = true;
      if (!response.ok) throw await refusalOf(response);
      return await read(response);
    } catch (error) {
      if (stop.signal.aborted) throw stop.signal.reason;
      if (EngineError.isInstance(error)) throw error;
      throw hasBegun
        ? new EngineError('interrupted', 'The response broke off.', { cause: error })
        : new EngineError('unreachable', `Nothing answered at ${this.#base}.`, { cause: error });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
    }
  }
}

function post(body: object, headers: Readonly<Record<string, string>> = {}): HttpInit {
  return {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', ...headers },
  };
}

function typeOf(response: Response): string {
  return (
    /^[^;]*/
      .exec(response.headers.get('Content-Type') ?? '')?.[0]
      .trim()
      .toLowerCase() ?? ''
  );
}

async function jsonOf(response: Response): Promise<unknown> {
  return parse(await response.text(), response.status);
}

function parse(text: string, status: number): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw notUnderstood(status, 'no JSON', cause);
  }
}

function notUnderstood(status: number, what: string, cause?: unknown): EngineError {
  return new EngineError('not-understood', `What answered is no engine of Verbatim's: ${what}.`, {
    status,
    cause,
  });
}

/** The events of a question's, up to its result. */
async function resultOfStream(
  response: Response,
  onProgress: ((progress: EngineProgress) => void) | undefined,
): Promise<unknown> {
  const { body, status } = response;
  for await (const { event, data } of body === null ? [] : readEvents(body)) {
    const content = parse(data, status);
    if (event === 'answer') return content;
    if (event === 'problem') throw problemError(status, content);
    const progress = progressOf(event, content);
    if (progress !== undefined) onProgress?.(progress);
  }
  throw new EngineError('interrupted', 'The events ended before the result.', { status });
}

/** Events that are not known, or not as they should be, say nothing: the result does not depend on them. */
function progressOf(event: string, content: unknown): EngineProgress | undefined {
  if (!isObject(content)) return undefined;
  if (event === 'passages' && isListOf(isObject, content['passages'])) {
    const passages = content['passages'].map(({ id, title, uri }) => ({
      id: String(id),
      title: String(title),
      uri: String(uri),
    }));
    return { stage: 'retrieved', passages };
  }
  const { passageId, answer } = content;
  if (event === 'candidate' && typeof passageId === 'string') {
    return { stage: 'read', passageId, answer: typeof answer === 'string' ? answer : null };
  }
  return undefined;
}

const REASON_OF_CODE: Readonly<Record<string, EngineErrorReason>> = {
  'question-too-long': 'question-too-long',
  'empty-question': 'question-refused',
  'no-feedback': 'no-feedback',
  'answer-not-found': 'no-feedback',
  'request-timeout': 'timeout',
};

const REASON_OF_STATUS: Readonly<Record<number, EngineErrorReason>> = {
  400: 'question-refused',
  401: 'not-allowed',
  403: 'not-allowed',
  408: 'timeout',
  413: 'question-too-long',
  429: 'rate-limited',
  503: 'busy',
  504: 'timeout',
};

/** What an error response says: a problem document (RFC 9457), or just a status, as a proxy's page. */
async function refusalOf(response: Response): Promise<EngineError> {
  const retryAfter = secondsOf(response.headers.get('Retry-After'));
  let content: unknown;
  try {
    content = JSON.parse(await response.text());
  } catch {
    // A page for people; its status says enough.
  }
  return problemError(response.status, content, retryAfter);
}

function problemError(httpStatus: number, content: unknown, retryAfter?: number): EngineError {
  const problem = isObject(content) ? content : {};
  const status = typeof problem['status'] === 'number' ? problem['status'] : httpStatus;
  const { code, detail, requestId } = problem;
  const reason =
    (typeof code === 'string' ? REASON_OF_CODE[code] : undefined) ??
    (saysTooLong(problem) ? 'question-too-long' : undefined) ??
    REASON_OF_STATUS[status] ??
    // Of a server that has this API, no other refusal can come.
    (status < 500 ? 'not-understood' : 'failed');
  return new EngineError(reason, typeof detail === 'string' ? detail : `Status ${status}.`, {
    status,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof requestId === 'string' ? { requestId } : {}),
  });
}

/** A bound of the request's schema: its length is the only thing that can be wrong with a text. */
function saysTooLong({ errors }: Readonly<Record<string, unknown>>): boolean {
  return Array.isArray(errors) && errors.some((fault) => isObject(fault) && fault['pointer'] === '/question');
}

/** RFC 9110, section 10.2.3: seconds or a date. */
function secondsOf(retryAfter: string | null): number | undefined {
  if (retryAfter === null) return undefined;
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter);
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}

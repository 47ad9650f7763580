import type { Answerer, AnswerResult, Verbatim } from '../pipeline/index.js';
import type { KnowledgeBase } from '../retriever/index.js';
import { LONGEST_QUESTION, MOST_PASSAGES } from '../wire/question.js';

/** What the routes work with. The caller makes it and, when the server has stopped, closes it. */
export interface ServerDeps {
  /** Answers over the index. */
  readonly verbatim: Verbatim;
  /** Reader and aggregator over passages that others found. */
  readonly answerer: Answerer;
  /** The index behind the documents routes. @defaultValue none: those routes answer 404 with the code `no-index` */
  readonly knowledgeBase?: KnowledgeBase;
  /** Who may do what. @defaultValue none: anonymous access to everything */
  readonly keys?: KeyChecker;
  /** Where verdicts on answers go. @defaultValue none: POST /v1/feedback answers 404 with the code `no-feedback` */
  readonly feedback?: FeedbackSink;
  /** File of an evaluation report that `verbatim eval --report` wrote, for the playground. @defaultValue none: its tab says how to make one */
  readonly report?: string;
  readonly limits?: Partial<ServerLimits>;
  /** Which pages of other origins may call. @defaultValue none may */
  readonly cors?: { readonly origins: readonly string[] | '*' };
  /**
   * Whom to believe, by `X-Forwarded-For`, where a request comes from, which is what limits without a key count: how many proxies stand
   * before the server, or their addresses, as Express's `trust proxy` takes them. A router goes by the app that it is mounted in.
   * @defaultValue nobody
   */
  readonly trustProxy?: number | readonly string[];
  /** Gets one record a request. */
  readonly logger?: RequestLogger;
  /** Whether questions stand in the log. @defaultValue false */
  readonly logQuestions?: boolean;
  readonly info: {
    readonly version: string;
    readonly model: { readonly id: string; readonly revision?: string };
  };
}

/** read: answers, search, documents; write: changes of documents; admin: metrics. */
export type Scope = 'read' | 'write' | 'admin';

/** Knows the API keys. */
export interface KeyChecker {
  /** The holder of a token, or undefined if there is none. */
  check(token: string): Promise<KeyHolder | undefined>;
}

export interface KeyHolder {
  readonly id: string;
  readonly scopes: readonly Scope[];
  /** @defaultValue the limit of the server */
  readonly requestsPerMinute?: number;
}

/** A verdict on an answer that was given. */
export interface Feedback {
  readonly answerId: string;
  readonly verdict: 'right' | 'wrong';
  readonly correctAnswer?: string;
  readonly question: string;
  readonly result: AnswerResult;
  /** ISO 8601. */
  readonly receivedAt: string;
}

/** Keeps verdicts. */
export interface FeedbackSink {
  add(feedback: Feedback): Promise<void>;
}

/** Structured log, as pino takes it. */
export interface RequestLogger {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface ServerLimits {
  /** Bytes of a request's body, and of one line of an NDJSON stream. @defaultValue 1,000,000 */
  readonly bodyBytes: number;
  /** Characters of a question. @defaultValue 2,000 */
  readonly questionCharacters: number;
  /** Passages that one request may have read or found. @defaultValue 100 */
  readonly passages: number;
  /** Questions of one request. @defaultValue 64 */
  readonly batch: number;
  /** Milliseconds after which a request is given up and its work cancelled. @defaultValue 30,000 */
  readonly requestMs: number;
  /** Requests that read at once, those included that wait for the reader; one more is refused with 503. @defaultValue 64 */
  readonly concurrent: number;
  /** Results that are kept to be given again, and answers that feedback may be given on. @defaultValue 1000 */
  readonly cacheEntries: number;
  /** Requests of one key or address in a minute. @defaultValue 600 */
  readonly requestsPerMinute: number;
}

export const DEFAULT_LIMITS: ServerLimits = Object.freeze({
  bodyBytes: 1_000_000,
  questionCharacters: LONGEST_QUESTION,
  passages: MOST_PASSAGES,
  batch: 64,
  requestMs: 30_000,
  concurrent: 64,
  cacheEntries: 1_000,
  requestsPerMinute: 600,
});

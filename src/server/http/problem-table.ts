import type { VerbatimErrorCode } from '../../core/errors.js';

/** What goes wrong in HTTP alone. */
export type HttpProblemCode =
  | 'invalid-request'
  | 'malformed-json'
  | 'json-too-deep'
  | 'forbidden-key'
  | 'invalid-utf8'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'no-index'
  | 'no-feedback'
  | 'no-report'
  | 'document-not-found'
  | 'answer-not-found'
  | 'method-not-allowed'
  | 'body-too-large'
  | 'unsupported-media-type'
  | 'rate-limited'
  | 'request-timeout'
  | 'not-ready'
  | 'internal-error';

export type ProblemCode = HttpProblemCode | VerbatimErrorCode;

export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** Whether an error's own message is shown. Those of the library's other errors may name files. */
  readonly showsMessage?: true;
  /** Seconds after which it is worth trying again. */
  readonly retryAfter?: number;
}

export const INTERNAL_ERROR: ProblemKind = { status: 500, title: 'The request failed on the server.' };

const BUSY = { status: 503, retryAfter: 1 } as const;
const REFUSED = { status: 400, showsMessage: true } as const;
const UNREADABLE = { status: 422, showsMessage: true } as const;
const FAILED = { showsMessage: true } as const;

/** The status of every error code. Codes of the library that are not here are faults of the server's own: 500 `internal-error`. */
export const PROBLEMS: Readonly<Record<HttpProblemCode, ProblemKind>> &
  Readonly<Partial<Record<VerbatimErrorCode, ProblemKind>>> = {
  'invalid-request': { ...REFUSED, title: 'The request is not valid.' },
  'malformed-json': { ...REFUSED, title: 'The body is not JSON.' },
  'json-too-deep': { ...REFUSED, title: 'The JSON is nested too deeply.' },
  'forbidden-key': { ...REFUSED, title: 'The JSON has a key that is not allowed.' },
  'invalid-utf8': { ...REFUSED, title: 'The body is not UTF-8.' },
  'invalid-option': { ...REFUSED, title: 'An option is out of range.' },
  'empty-question': { ...REFUSED, title: 'The question is empty.' },
  'question-too-long': { ...REFUSED, title: 'The question is too long.' },
  unauthenticated: { ...FAILED, status: 401, title: 'A valid API key is needed.' },
  forbidden: { ...FAILED, status: 403, title: 'The API key does not allow this.' },
  'index-read-only': { status: 403, title: 'The index cannot be changed: the server opened it for reading.' },
  'not-found': { ...FAILED, status: 404, title: 'There is nothing at this address.' },
  'no-index': { ...FAILED, status: 404, title: 'The server has no index of its own.' },
  'no-feedback': { ...FAILED, status: 404, title: 'The server takes no feedback.' },
  'no-report': { ...FAILED, status: 404, title: 'The server shows no evaluation report.' },
  'document-not-found': { ...FAILED, status: 404, title: 'There is no such document.' },
  'answer-not-found': { ...FAILED, status: 404, title: 'There is no such answer.' },
  'method-not-allowed': { ...FAILED, status: 405, title: 'The address does not take this method.' },
  'body-too-large': { ...FAILED, status: 413, title: 'The body is too large.' },
  'unsupported-media-type': { ...FAILED, status: 415, title: 'The body has a type that is not taken.' },
  'file-too-large': { ...UNREADABLE, title: 'The document is too large.' },
  'file-invalid': { ...UNREADABLE, title: 'The document cannot be read.' },
  'rate-limited': { ...FAILED, status: 429, title: 'Too many requests.' },
  'internal-error': INTERNAL_ERROR,
  'engine-refused': { status: 502, title: 'The search engine refused the search.' },
  'queue-full': { ...BUSY, title: 'The server is reading as much as it can.' },
  'request-timeout': { ...BUSY, title: 'The request took too long and was given up.' },
  'not-ready': { ...BUSY, title: 'The server is not ready.' },
  'worker-crashed': { ...BUSY, title: 'A reader ended unexpectedly and is being replaced.' },
  'engine-unavailable': { ...BUSY, title: 'The search engine cannot be reached.' },
  'index-busy': { ...BUSY, title: 'The index is being changed by another process.' },
  closed: { ...BUSY, title: 'The server is shutting down.' },
  'disk-full': { status: 507, title: 'There is no room left for the index.' },
};

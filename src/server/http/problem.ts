import type { z } from 'zod';
import { VerbatimError } from '../../core/errors.js';
import { INTERNAL_ERROR, PROBLEMS, type HttpProblemCode, type ProblemCode } from './problem-table.js';

/** Where a request is not valid. */
export interface Fault {
  /** JSON pointer into the body, or the name of a parameter after a `/`. */
  readonly pointer: string;
  readonly message: string;
}

/** The body of an error response: RFC 9457, with a stable code. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly requestId: string;
  readonly errors?: readonly Fault[];
}

export interface ProblemDetails {
  readonly headers?: Readonly<Record<string, string>>;
  readonly errors?: readonly Fault[];
}

/** An error that is an answer to the client; its message is shown. */
export class HttpProblem extends Error {
  readonly code: HttpProblemCode | 'queue-full';
  readonly details: ProblemDetails;

  constructor(code: HttpProblem['code'], message: string, details: ProblemDetails = {}) {
    super(message);
    this.name = 'HttpProblem';
    this.code = code;
    this.details = details;
  }
}

/** Nobody is left to answer. */
export class ClientGone extends Error {
  constructor() {
    super('The client closed the connection.');
    this.name = 'ClientGone';
  }
}

/** What is sent for an error. */
export interface ProblemResponse {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Problem;
}

/** Translates any error. Whatever was not foreseen becomes 500 with nothing said of its cause. */
export function problemOf(error: unknown, requestId: string): ProblemResponse {
  const known = recognise(error);
  const code: ProblemCode = PROBLEMS[known.code] === undefined ? 'internal-error' : known.code;
  const { status, title, showsMessage, retryAfter } = PROBLEMS[code] ?? INTERNAL_ERROR;
  const { headers, errors } = known instanceof HttpProblem ? known.details : {};
  return {
    headers: { ...(retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }), ...headers },
    body: {
      type: `urn:verbatim-qa:problem:${code}`,
      title,
      status,
      detail: showsMessage === true ? known.message : title,
      code,
      requestId,
      ...(errors === undefined ? {} : { errors }),
    },
  };
}

function recognise(error: unknown): { readonly code: ProblemCode; readonly message: string } {
  if (error instanceof HttpProblem || VerbatimError.isInstance(error)) return error;
  const { status, type } = toleratedFields(error);
  if (type === 'entity.too.large')
    return new HttpProblem('body-too-large', 'The body is larger than allowed.');
  if (type === 'encoding.unsupported') {
    return new HttpProblem(
      'unsupported-media-type',
      'Expected a body that is plain, or compressed by gzip, deflate or br.',
    );
  }
  // Express and its body parser mark what the client did wrong with such a status; their messages repeat what was sent.
  if (status !== undefined && status >= 400 && status < 500) {
    return new HttpProblem('invalid-request', 'The address or the body is damaged.');
  }
  return { code: 'internal-error', message: INTERNAL_ERROR.title };
}

function toleratedFields(error: unknown): { readonly status?: number; readonly type?: string } {
  if (!(error instanceof Error)) return {};
  const { status, type } = error as { status?: unknown; type?: unknown };
  return {
    ...(typeof status === 'number' ? { status } : {}),
    ...(typeof type === 'string' ? { type } : {}),
  };
}

/** Faults that are listed at most: a body of a million wrong entries must not be answered with as many. */
const MAX_FAULTS = 10;

/** What zod found wrong. */
export function invalidRequest(error: z.ZodError): HttpProblem {
  const errors = error.issues.slice(0, MAX_FAULTS).map(({ path, message }) => ({
    pointer: path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    message,
  }));
  const [first] = errors;
  const where = first === undefined || first.pointer === '' ? 'The request' : first.pointer;
  return new HttpProblem('invalid-request', `${where}: ${first?.message ?? 'not valid'}`, { errors });
}

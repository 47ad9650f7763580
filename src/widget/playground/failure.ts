import type { ProblemBody } from './wire.js';

/** Why there is no result. */
export type Failure =
  /** Nobody answers at this address. */
  | { readonly kind: 'unreachable' }
  /** The server says what is wrong. */
  | { readonly kind: 'problem'; readonly problem: ProblemBody; readonly retryAfter: string | null }
  /** Something answers that is not this server: a proxy's page, JSON of another make. */
  | { readonly kind: 'foreign'; readonly status: number; readonly type: string }
  /** The answer broke off. */
  | { readonly kind: 'cut' };

export class RequestFailure extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.kind);
    this.failure = failure;
  }

  get needsKey(): boolean {
    return this.failure.kind === 'problem' && this.failure.problem.status === 401;
  }
}

export interface FailureText {
  readonly title: string;
  readonly detail: string;
  /** Code and request id: what to look for in the server's log. */
  readonly reference?: string;
}

/** A failure in words, with what to do about it. */
export function failureText(failure: Failure): FailureText {
  switch (failure.kind) {
    case 'unreachable':
      return {
        title: 'The server does not answer.',
        detail: 'It is down, or the network is. Start it with "verbatim serve" and ask again.',
      };
    case 'cut':
      return {
        title: 'The answer broke off.',
        detail: 'The connection ended before the result came. Ask again.',
      };
    case 'foreign':
      return {
        title: 'Something else answered.',
        detail: `Expected a result, got status ${failure.status} with ${failure.type === '' ? 'no type' : failure.type}. Look at what stands between this page and the server, such as a proxy.`,
      };
    case 'problem':
      return problemText(failure.problem, failure.retryAfter);
  }
}

function problemText(
  { status, title, code, detail, requestId }: ProblemBody,
  retryAfter: string | null,
): FailureText {
  const reference = [code, requestId].filter((part) => part !== undefined).join(' · ');
  const again = retryAfter === null ? '' : ` Ask again in ${retryAfter} s.`;
  return {
    title,
    detail: `${detail === undefined || detail === title ? '' : detail}${again}`.trim() || `Status ${status}.`,
    ...(reference === '' ? {} : { reference }),
  };
}

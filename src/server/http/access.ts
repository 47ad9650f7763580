import type { Request } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { KeyChecker, KeyHolder, Scope, ServerLimits } from '../deps.js';
import { HttpProblem } from './problem.js';

const BEARER = /^Bearer +([^\s]+) *$/i;
const MINUTE = 60;

/** Who sends a request, as far as it says. */
type Caller = Pick<Request, 'headers' | 'ip'>;

/** Lets a request in, or says why not. */
export class Access {
  readonly #keys: KeyChecker | undefined;
  readonly #requestsPerMinute: number;
  // Every key may have a limit of its own, so that the limiter only counts.
  readonly #counter = new RateLimiterMemory({ points: Number.MAX_SAFE_INTEGER, duration: MINUTE });

  constructor(keys: KeyChecker | undefined, limits: ServerLimits) {
    this.#keys = keys;
    this.#requestsPerMinute = limits.requestsPerMinute;
  }

  /**
   * Checks key and rate. A refused key counts against its address, which bounds guessing.
   *
   * @returns the key's id; undefined where anonymous access is allowed.
   * @throws HttpProblem `unauthenticated`, `forbidden`, `rate-limited`.
   */
  async admit(req: Caller, scope: Scope): Promise<string | undefined> {
    const token = tokenOf(req);
    const holder = token === undefined ? undefined : await this.#keys?.check(token);
    await this.#count(req, holder);
    if (this.#keys === undefined) return undefined;
    if (holder === undefined) {
      const error = token === undefined ? '' : ', error="invalid_token"';
      throw new HttpProblem(
        'unauthenticated',
        'Expected an API key in "Authorization: Bearer …" or "X-Api-Key".',
        { headers: { 'WWW-Authenticate': `Bearer realm="verbatim"${error}` } },
      );
    }
    if (!holder.scopes.includes(scope)) {
      throw new HttpProblem('forbidden', `Expected an API key with the scope "${scope}".`, {
        headers: {
          'WWW-Authenticate': `Bearer realm="verbatim", error="insufficient_scope", scope="${scope}"`,
        },
      });
    }
    return holder.id;
  }

  async #count(req: Caller, holder: KeyHolder | undefined): Promise<void> {
    const name = holder === undefined ? `address ${req.ip ?? ''}` : `key ${holder.id}`;
    const limit = holder?.requestsPerMinute ?? this.#requestsPerMinute;
    const { consumedPoints, msBeforeNext } = await this.#counter.consume(name);
    if (consumedPoints > limit) {
      throw new HttpProblem('rate-limited', `Expected at most ${limit} requests a minute.`, {
        headers: { 'Retry-After': String(Math.max(1, Math.ceil(msBeforeNext / 1000))) },
      });
    }
  }
}

function tokenOf({ headers }: Caller): string | undefined {
  const key = headers['x-api-key'];
  return (
    BEARER.exec(headers.authorization ?? '')?.[1] ?? (typeof key === 'string' && key !== '' ? key : undefined)
  );
}

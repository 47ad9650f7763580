import { LRUCache } from 'lru-cache';
import type { AnswerResult } from '../../pipeline/index.js';

/** Mean size of a result that the bound on memory reckons with; explained results are larger and so fewer are kept. */
const CHARACTERS_AN_ENTRY = 16_384;

/** An answer that was given. */
export interface GivenAnswer {
  /** Digest of question and result: the same answer to the same question has the same id, on every server. */
  readonly answerId: string;
  readonly question: string;
  readonly result: AnswerResult;
}

/** The answers given last, found by what was asked and by their id. */
export class RecentAnswers {
  readonly #byRequest: LRUCache<string, GivenAnswer> | undefined;
  readonly #byId: LRUCache<string, GivenAnswer> | undefined;

  /** @param entries - how many are kept; 0 keeps none. */
  constructor(entries: number) {
    if (entries === 0) return;
    const bounds = { max: entries, maxSize: entries * CHARACTERS_AN_ENTRY };
    this.#byRequest = new LRUCache(bounds);
    this.#byId = new LRUCache(bounds);
  }

  /** @param request - everything that the answer depends on. */
  find(request: string): GivenAnswer | undefined {
    return this.#byRequest?.get(request);
  }

  withId(answerId: string): GivenAnswer | undefined {
    return this.#byId?.get(answerId);
  }

  /** @param request - undefined for an answer that must not be given again. */
  keep(given: GivenAnswer, request: string | undefined): void {
    const size = JSON.stringify(given.result).length;
    this.#byId?.set(given.answerId, given, { size });
    if (request !== undefined) this.#byRequest?.set(request, given, { size });
  }
}

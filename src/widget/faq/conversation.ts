import type { EngineError } from '../engine.js';
import {
  isListOf,
  isObject,
  isWirePassage,
  isWireResult,
  type WirePassage,
  type WireResult,
} from '../wire.js';

/** A result, and what was found around it. */
export interface Answered {
  readonly kind: 'answered';
  readonly result: WireResult;
  /** Where there is no answer, the passages nearest to the question. */
  readonly nearest: readonly WirePassage[];
}

export type Outcome =
  | { readonly kind: 'pending' }
  | Answered
  | { readonly kind: 'failed'; readonly error: EngineError }
  | { readonly kind: 'stopped' };

/** A question, and what has become of it. */
export interface Exchange {
  readonly question: string;
  outcome: Outcome;
}

/** Exchanges that are kept; a conversation is a visit's, not an archive. */
const MAX_KEPT = 20;

/** Keeps what was asked and answered in the session, where the browser lets it: without storage nothing is kept, and nothing fails. */
export class ConversationStore {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  load(): Exchange[] {
    const kept = attempt(() => JSON.parse(sessionStorage.getItem(this.#key) ?? '[]') as unknown);
    // Other scripts of the page, or another release, may have written there.
    return Array.isArray(kept) ? kept.filter(isExchange) : [];
  }

  save(exchanges: readonly Exchange[]): void {
    const kept = exchanges.filter(({ outcome }) => outcome.kind === 'answered').slice(-MAX_KEPT);
    attempt(() => {
      if (kept.length === 0) sessionStorage.removeItem(this.#key);
      else sessionStorage.setItem(this.#key, JSON.stringify(kept));
    });
  }
}

/** Storage that is forbidden, full or damaged is as none. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

function isExchange(value: unknown): value is Exchange {
  if (!isObject(value) || typeof value['question'] !== 'string') return false;
  const { outcome } = value;
  return (
    isObject(outcome) &&
    outcome['kind'] === 'answered' &&
    isWireResult(outcome['result']) &&
    isListOf(isWirePassage, outcome['nearest'])
  );
}

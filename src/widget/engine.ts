import type { WirePassage, WireResult, WireSuggestion } from './wire.js';

/** What is known of a question before its result is. */
export type EngineProgress =
  /** What the engine itself needs is being fetched; shares from 0 to 1. */
  | { readonly stage: 'loading'; readonly share: number }
  /** The passages that will be read, best first. Not all need be: reading stops once it is enough. */
  | {
      readonly stage: 'retrieved';
      readonly passages: readonly { readonly id: string; readonly title: string; readonly uri: string }[];
    }
  /** One of them has been read; `answer` is what it alone would answer. */
  | { readonly stage: 'read'; readonly passageId: string; readonly answer: string | null };

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface AnswerOptions extends CallOptions {
  /** Passages to read. @defaultValue the engine's */
  readonly topK?: number;
  readonly onProgress?: (progress: EngineProgress) => void;
}

export interface ListOptions extends CallOptions {
  /** @defaultValue the engine's */
  readonly limit?: number;
}

export interface Verdict {
  readonly answerId: string;
  readonly verdict: 'right' | 'wrong';
  /** What it should have been. */
  readonly correctAnswer?: string;
}

/**
 * Answers a page's questions: a server over HTTP (`HttpEngine`), or anything else. Every method rejects with an {@link EngineError}, or with
 * the signal's reason once it is aborted.
 */
export interface AnswerEngine {
  answer(question: string, options?: AnswerOptions): Promise<WireResult>;
  /** Questions and topics that a beginning may grow into, best first. */
  suggest(beginning: string, options?: ListOptions): Promise<readonly WireSuggestion[]>;
  /** The passages nearest to a question, best first; shown where there is no answer. */
  nearest(question: string, options?: ListOptions): Promise<readonly WirePassage[]>;
  feedback(verdict: Verdict, options?: CallOptions): Promise<void>;
  /** Frees what the engine holds. */
  close?(): Promise<void> | void;
}

/** Where an engine is and how it is reached, as the element's attributes say. */
export interface EngineSettings {
  /** Address of the server, or of what a local engine loads. */
  readonly src: string;
  readonly apiKey?: string;
  /** Milliseconds after which a call is given up. */
  readonly timeoutMs: number;
}

export type EngineFactory = (settings: EngineSettings) => AnswerEngine | Promise<AnswerEngine>;

/**
 * What went wrong, as far as a visitor can do something about it:
 * - `unreachable`: nothing answered; `timeout`: not in time; `interrupted`: it broke off in the middle;
 * - `rate-limited`, `busy`: try again later, see `retryAfter`;
 * - `not-allowed`: the page may not ask;
 * - `question-too-long`, `question-refused`: another question may be answered;
 * - `no-feedback`: none is taken, or not on this answer any more;
 * - `not-understood`: what answered is no engine;
 * - `failed`: the engine's own fault.
 */
export type EngineErrorReason =
  | 'unreachable'
  | 'timeout'
  | 'interrupted'
  | 'rate-limited'
  | 'busy'
  | 'not-allowed'
  | 'question-too-long'
  | 'question-refused'
  | 'no-feedback'
  | 'not-understood'
  | 'failed';

export interface EngineErrorDetails {
  /** Seconds after which it is worth trying again. */
  readonly retryAfter?: number;
  /** HTTP status. */
  readonly status?: number;
  /** The server's stable code. */
  readonly code?: string;
  /** Finds the request in the server's log. */
  readonly requestId?: string;
  readonly cause?: unknown;
}

/** Why there is no result. The message is for developers; what visitors read is worded from the reason. */
export class EngineError extends Error {
  readonly reason: EngineErrorReason;
  readonly details: EngineErrorDetails;

  constructor(reason: EngineErrorReason, message: string, details: EngineErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'EngineError';
    this.reason = reason;
    this.details = details;
  }

  /** Whether something is one, whichever script's copy of this class made it. */
  static isInstance(value: unknown): value is EngineError {
    return value instanceof Error && value.name === 'EngineError' && 'reason' in value && 'details' in value;
  }
}

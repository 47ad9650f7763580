import type { AnswerResult, Answer, NoAnswer, PassageDecision } from '../../pipeline/types.js';

type Given<Result> = Result & { readonly answerId: string };

/** A result with its explanation, as the server sends it. */
export type ExplainedResult = Given<Explained<Answer>> | Given<Explained<NoAnswer>>;

type Explained<Result extends AnswerResult> = Result & Required<Pick<Result, 'explanation' | 'profile'>>;

/** A passage that was found, as the event `passages` names it. */
export type FoundPassage = Pick<
  PassageDecision['passage'],
  'id' | 'documentId' | 'title' | 'uri' | 'score' | 'rank'
>;

/** What one passage would answer, as the event `candidate` has it. */
export interface ReadPassage {
  readonly passageId: string;
  readonly rank: number;
  readonly answer: string | null;
  readonly score: number | null;
  readonly nullScore: number | null;
  readonly margin: number | null;
}

/** Milliseconds of each stage; `cached` where nothing had to be done. */
export interface Times {
  readonly retrieveMs?: number | undefined;
  readonly readMs?: number | undefined;
  readonly aggregateMs?: number | undefined;
  readonly cached?: boolean;
}

/** What a server says of itself. */
export interface ServerInfo {
  readonly version: string;
  readonly model: { readonly id: string };
  readonly index?: { readonly documents: number; readonly passages: number };
  readonly limits: Readonly<Record<string, number>>;
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDecision(value: unknown): boolean {
  return (
    isObject(value) &&
    isObject(value['passage']) &&
    typeof value['passage']['text'] === 'string' &&
    Array.isArray(value['spans'])
  );
}

/** Whether JSON is an explained result, as far as this page depends on it: a proxy, or another server, may say anything. */
export function isExplainedResult(value: unknown): value is ExplainedResult {
  return (
    isObject(value) &&
    (value['kind'] === 'answer' || value['kind'] === 'no-answer') &&
    isObject(value['profile']) &&
    Array.isArray(value['explanation']) &&
    value['explanation'].every(isDecision)
  );
}

export function isServerInfo(value: unknown): value is ServerInfo {
  return isObject(value) && isObject(value['model']) && isObject(value['limits']);
}

export function isPassagesEvent(value: unknown): value is { readonly passages: readonly FoundPassage[] } {
  return isObject(value) && Array.isArray(value['passages']) && value['passages'].every(isObject);
}

export function isReadPassage(value: unknown): value is ReadPassage {
  return isObject(value) && typeof value['passageId'] === 'string';
}

/** A problem of the server's (RFC 9457). */
export interface ProblemBody {
  readonly status: number;
  readonly title: string;
  readonly code?: string;
  readonly detail?: string;
  readonly requestId?: string;
}

export function isProblem(value: unknown): value is ProblemBody {
  return isObject(value) && typeof value['status'] === 'number' && typeof value['title'] === 'string';
}

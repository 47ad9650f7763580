import type { Citation } from '../core/citation.js';
import type { Span } from '../core/span.js';

/** What a page shows of a result. Engines give more; it is kept as it came, and nothing here depends on it. */
export interface WireCandidate {
  readonly answer: string;
  /** Calibrated probability that the answer is correct, 0 to 1. */
  readonly confidence: number;
  /** The best place first. */
  readonly citations: readonly Citation[];
}

export interface WireAnswer extends WireCandidate {
  readonly kind: 'answer';
  /** Feedback names it. An engine that takes none may leave it out. */
  readonly answerId?: string;
  readonly conflicting: boolean;
  /** Other answers, best first. */
  readonly alternatives: readonly WireCandidate[];
}

export interface WireNoAnswer {
  readonly kind: 'no-answer';
  readonly answerId?: string;
  readonly reason: 'no-passages' | 'no-support';
  readonly bestRejected: WireCandidate | null;
}

/** A result as POST /v1/answer gives it, and as the library does. */
export type WireResult = WireAnswer | WireNoAnswer;

/** A passage that a search found. */
export interface WirePassage {
  readonly id: string;
  readonly documentId: string;
  readonly title: string;
  readonly uri: string;
  readonly headings: readonly string[];
  readonly text: string;
  readonly anchors: readonly { readonly page?: number; readonly fragment?: string }[];
}

/** What a question being typed may grow into. */
export interface WireSuggestion {
  readonly text: string;
  readonly kind: 'question' | 'heading' | 'title';
}

type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether something that came from outside has all that is shown of a result, in the right types. */
export function isWireResult(value: unknown): value is WireResult {
  if (!isObject(value) || !['string', 'undefined'].includes(typeof value['answerId'])) return false;
  if (value['kind'] === 'answer') {
    return isCandidate(value) && isListOf(isCandidate, value['alternatives']);
  }
  const rejected = value['bestRejected'];
  return value['kind'] === 'no-answer' && (rejected === null || isCandidate(rejected));
}

/** The same of a passage. */
export function isWirePassage(value: unknown): value is WirePassage {
  return (
    isObject(value) &&
    hasTexts(value, ['id', 'documentId', 'title', 'uri', 'text']) &&
    isListOf(isText, value['headings']) &&
    isListOf(isObject, value['anchors'])
  );
}

/** The same of a suggestion. */
export function isWireSuggestion(value: unknown): value is WireSuggestion {
  return isObject(value) && hasTexts(value, ['text', 'kind']);
}

/** Whether something is a list of nothing but such things. */
export function isListOf<T>(is: (value: unknown) => value is T, value: unknown): value is readonly T[] {
  return Array.isArray(value) && value.every(is);
}

function isCandidate(value: unknown): value is WireCandidate {
  return (
    isObject(value) &&
    isText(value['answer']) &&
    typeof value['confidence'] === 'number' &&
    isListOf(isCitation, value['citations'])
  );
}

function isCitation(value: unknown): value is Citation {
  if (!isObject(value) || !isSpan(value) || !hasTexts(value, ['documentId', 'title', 'uri', 'quote']))
    return false;
  const { sentence } = value as Json;
  return (
    isSpan(sentence) &&
    isText((sentence as unknown as Json)['text']) &&
    isListOf(isText, (value as Json)['headings'])
  );
}

function isSpan(value: unknown): value is Span {
  return isObject(value) && typeof value['start'] === 'number' && typeof value['end'] === 'number';
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function hasTexts(value: Json, names: readonly string[]): boolean {
  return names.every((name) => isText(value[name]));
}

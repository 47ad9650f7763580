import type { GivenAnswer } from '../answers/recent-answers.js';
import type { ServerDeps } from '../deps.js';
import type { Call } from '../http/route.js';

/** Puts the question into the request's log record, if that is wished. */
export function noteQuestion(
  { exchange }: Pick<Call, 'exchange'>,
  { logQuestions }: ServerDeps,
  question: string,
): void {
  if (logQuestions === true) exchange.notes.question = question;
}

/** Puts what came of it there. */
export function noteAnswer(
  { exchange }: Pick<Call, 'exchange'>,
  { result }: GivenAnswer,
  isCached: boolean,
): void {
  exchange.notes.kind = result.kind;
  exchange.notes.isCached = isCached;
  if (result.kind === 'answer') exchange.notes.confidence = result.confidence;
}

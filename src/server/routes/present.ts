import type { AnswerResult } from '../../pipeline/index.js';
import type { GivenAnswer } from '../answers/recent-answers.js';

/** An answer as it is sent. */
export function present({ answerId, result }: GivenAnswer): { readonly answerId: string } & AnswerResult {
  return { answerId, ...result };
}

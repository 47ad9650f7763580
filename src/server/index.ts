/** The HTTP server: a whole app, or a router to mount in one. */
export { createApp } from './app.js';
export { verbatimRouter } from './verbatim-router.js';
/** An answer in the responses of a search endpoint that is there already. */
export { answerMiddleware, type AnswerMiddlewareOptions } from './middleware/answer-middleware.js';
/** What it works with. */
export {
  DEFAULT_LIMITS,
  type Feedback,
  type FeedbackSink,
  type KeyChecker,
  type KeyHolder,
  type RequestLogger,
  type Scope,
  type ServerDeps,
  type ServerLimits,
} from './deps.js';
/** Errors as they are sent. */
export type { Fault, Problem } from './http/problem.js';
export type { ProblemCode } from './http/problem-table.js';

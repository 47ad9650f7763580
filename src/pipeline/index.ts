export { aggregate, type AggregateOptions, type AggregationProfile } from './aggregate.js';
export { cite } from './cite.js';
export {
  createAnswerer,
  profileOf,
  type Answerer,
  type AnswererOptions,
  type DecideOptions,
  type SearchHit,
} from './create-answerer.js';
export { createVerbatim, type AskOptions, type Verbatim, type VerbatimOptions } from './create-verbatim.js';
export type {
  Answer,
  AnswerResult,
  Candidate,
  CandidateScores,
  NoAnswer,
  NoAnswerReason,
  PassageDecision,
} from './types.js';

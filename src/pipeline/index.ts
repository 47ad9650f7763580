export { aggregate, fusionConfidences, fusionScore, isEnough, type AggregateOptions } from './aggregate.js';
export {
  describeAnswers,
  FEATURES,
  type CandidateFeatures,
  type DescribedAnswer,
  type Feature,
} from './candidate-features.js';
export { groupAnswers, type AnswerGroup, type Place } from './candidates.js';
export { cite } from './cite.js';
export {
  createAnswerer,
  PASSAGES_AT_ONCE,
  readPassages,
  type Answerer,
  type AnswererOptions,
  type DecideOptions,
  type SearchHit,
} from './create-answerer.js';
export { createVerbatim, type AskOptions, type Verbatim, type VerbatimOptions } from './create-verbatim.js';
export {
  parseProfile,
  profileOf,
  readProfile,
  type AggregationProfile,
  type Calibration,
  type FusionProfile,
  type NullScoreProfile,
  type StoredProfile,
} from './profile.js';
export type {
  Answer,
  AnswerProgress,
  AnswerResult,
  Candidate,
  CandidateScores,
  FeatureContribution,
  NoAnswer,
  NoAnswerReason,
  PassageDecision,
} from './types.js';
export { updateIndex, type IndexUpdate, type UpdateIndexOptions } from './update-index.js';

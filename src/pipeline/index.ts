export { aggregate, type AggregateOptions } from './aggregate.js';
export {
  ANSWERABILITY_INPUTS,
  describeAnswers,
  FEATURES,
  type AnswerabilityInput,
  type CandidateFeatures,
  type DescribedAnswer,
  type Feature,
} from './candidate-features.js';
export { groupAnswers, type AnswerGroup, type Place } from './candidates.js';
export { cite } from './cite.js';
export {
  createAnswerer,
  readPassages,
  type Answerer,
  type AnswererOptions,
  type DecideOptions,
  type SearchHit,
} from './create-answerer.js';
export { createVerbatim, type AskOptions, type Verbatim, type VerbatimOptions } from './create-verbatim.js';
export { isEnough, PASSAGES_AT_ONCE } from './enough.js';
export { answerabilityOf, calibrationInputs, confidenceOf, fusionScore, logProbabilities } from './fusion.js';
export {
  parseProfile,
  PROFILE_FORMAT,
  profileOf,
  readProfile,
  type AggregationProfile,
  type BetaCalibration,
  type Calibration,
  type FusionProfile,
  type LinearModel,
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

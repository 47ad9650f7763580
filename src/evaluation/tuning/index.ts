export { tuningExample, type LabelledCandidate, type TuningExample } from './examples.js';
export { fitAnswerability, type PickedCandidate } from './fit-answerability.js';
export { fitCalibration } from './fit-calibration.js';
export { fitEnough, type GivingRule } from './fit-enough.js';
export { fitFusion, pickBest, shareWeights, type BestCandidate, type FusionWeights } from './fit-fusion.js';
export { fitLimit, tunedFigures, type Decision, type Target, type TunedFigures } from './fit-limit.js';
export { readQuestions, type ReadQuestion, type ReadQuestionsOptions } from './read-questions.js';
export {
  LEAST_QUESTIONS,
  LEAST_QUESTIONS_FOR_FUSION,
  tuneProfile,
  type TunedProfile,
  type TuneOptions,
} from './tune-profile.js';

export {
  askOwnParagraph,
  askPipeline,
  evaluateQuestions,
  predictionsOf,
  RETRIEVAL_DEPTH,
  scorePredictions,
  type AskLabelled,
  type Predictions,
  type RunOptions,
} from './evaluate.js';
export type { EvaluatedCandidate, EvaluatedQuestion, RetrievalOutcome } from './evaluated-question.js';
export { locateParagraphs, paragraphPassages, type ParagraphPlace } from './gold-passages.js';
export { measureLatency, type Latency, type LatencyOptions } from './latency.js';
export {
  summarizePredictions,
  summarizeRun,
  type EvaluationSummary,
  type RetrievalFigures,
  type SelectiveFigures,
  type SummaryOptions,
} from './summarize.js';
export { compareRuns, type Comparison, type Difference } from './compare.js';
export type { ComparedFigure, JudgedQuestion, ScoredQuestion } from './scored-question.js';
export {
  exactMatch,
  scorePrediction,
  squadMetrics,
  summarizeScores,
  tokenF1,
  type Prediction,
  type QuestionScore,
  type SquadMetrics,
} from './squad-metrics.js';
export { meanReciprocalRank, ndcgAt, recallAt, type RelevantRank } from './retrieval-metrics.js';
export {
  areaUnderRiskCoverage,
  coverageAtPrecision,
  riskCoverageCurve,
  type RiskCoveragePoint,
} from './risk-coverage.js';
export {
  brierScore,
  calibrationBins,
  expectedCalibrationError,
  type CalibrationBin,
} from './calibration-error.js';
export type { JudgedAnswer } from './judged-answer.js';
export {
  answerabilitySweep,
  confidenceSweep,
  thresholdSweep,
  type SweepPoint,
  type SweptQuestion,
} from './threshold-sweep.js';
export { bootstrapIntervals, type BootstrapOptions, type FiguresOf, type Interval } from './bootstrap.js';
export { fitPlatt, type PlattScaling } from './platt.js';
export {
  readQuestions,
  tuneProfile,
  type ReadQuestion,
  type ReadQuestionsOptions,
  type TunedFigures,
  type TunedProfile,
  type TuneOptions,
} from './tuning/index.js';

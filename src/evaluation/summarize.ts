import { bootstrapIntervals, type BootstrapOptions, type Interval } from './bootstrap.js';
import {
  brierScore,
  calibrationBins,
  expectedCalibrationError,
  type CalibrationBin,
} from './calibration-error.js';
import { RETRIEVAL_DEPTH } from './evaluate.js';
import type { EvaluatedQuestion, RetrievalOutcome } from './evaluated-question.js';
import type { JudgedAnswer } from './judged-answer.js';
import type { Latency } from './latency.js';
import { meanReciprocalRank, ndcgAt, recallAt } from './retrieval-metrics.js';
import { areaUnderRiskCoverage, coverageAtPrecision } from './risk-coverage.js';
import {
  judgedFigures,
  scoreFigures,
  type JudgedQuestion,
  type ScoredQuestion,
  type ComparedFigure,
} from './scored-question.js';
import { summarizeScores, type SquadMetrics } from './squad-metrics.js';

/** How well retrieval finds the answers; shares of the answerable questions, 0 to 1. */
export interface RetrievalFigures {
  /** By k, up to 10. */
  readonly recallAt: Readonly<Record<string, number>>;
  /** Over the first 10 passages. */
  readonly mrr: number;
  readonly ndcgAt: Readonly<Record<string, number>>;
  /** Some gold answer's text stands in some passage that was read. */
  readonly answerRecall: number;
}

/** How well confidence tells right from wrong; everything 0 to 1. */
export interface SelectiveFigures {
  readonly aurc: number;
  readonly expectedCalibrationError: number;
  readonly brier: number;
  /** By precision. */
  readonly coverageAtPrecision: Readonly<Record<string, number>>;
  readonly bins: readonly CalibrationBin[];
}

/** Everything that `verbatim eval --json` prints. The official figures are percentages, all others shares. */
export interface EvaluationSummary extends SquadMetrics {
  /** Only if passages were retrieved. */
  readonly retrieval?: RetrievalFigures;
  /** Only if confidences are known. */
  readonly selective?: SelectiveFigures;
  readonly latency?: Latency;
  /** 95% intervals by article; only with 2 articles or more. */
  readonly intervals?: Partial<Record<ComparedFigure, Interval>>;
  readonly questions: readonly (ScoredQuestion | JudgedQuestion)[];
}

const RECALL_CUTOFFS = [1, 5, RETRIEVAL_DEPTH];
const NDCG_CUTOFFS = [RETRIEVAL_DEPTH];
const PRECISIONS = [0.8, 0.9, 0.95];

/** The figures of a file of predictions. */
export function summarizePredictions(
  questions: readonly ScoredQuestion[],
  options: BootstrapOptions = {},
): EvaluationSummary {
  const intervals = bootstrapIntervals(questions, scoreFigures, options);
  return { ...summarizeScores(questions), ...(intervals && { intervals }), questions };
}

export interface SummaryOptions extends BootstrapOptions {
  readonly latency?: Latency | undefined;
}

/** The figures of a run; those of an empty group of questions are left out. */
export function summarizeRun(
  questions: readonly EvaluatedQuestion[],
  { latency, ...options }: SummaryOptions = {},
): EvaluationSummary {
  const outcomes = questions.flatMap(({ answerable, retrieval }) => (answerable ? (retrieval ?? []) : []));
  const intervals = bootstrapIntervals(questions, judgedFigures, options);
  return {
    ...summarizeScores(questions),
    ...(outcomes.length > 0 && { retrieval: retrievalFigures(outcomes) }),
    ...(questions.length > 0 && { selective: selectiveFigures(questions) }),
    ...(latency && { latency }),
    ...(intervals && { intervals }),
    questions: questions.map(({ id, article, answerable, exact, f1, confidence, correct }) => ({
      id,
      article,
      answerable,
      exact,
      f1,
      confidence,
      correct,
    })),
  };
}

function retrievalFigures(outcomes: readonly RetrievalOutcome[]): RetrievalFigures {
  const ranks = outcomes.map(({ relevantRank }) => relevantRank);
  return {
    recallAt: byKey(RECALL_CUTOFFS, (k) => recallAt(ranks, k)),
    mrr: meanReciprocalRank(ranks),
    ndcgAt: byKey(NDCG_CUTOFFS, (k) => ndcgAt(ranks, k)),
    answerRecall: outcomes.filter(({ answerRead }) => answerRead).length / outcomes.length,
  };
}

function selectiveFigures(answers: readonly JudgedAnswer[]): SelectiveFigures {
  return {
    aurc: areaUnderRiskCoverage(answers),
    expectedCalibrationError: expectedCalibrationError(answers),
    brier: brierScore(answers),
    coverageAtPrecision: byKey(PRECISIONS, (precision) => coverageAtPrecision(answers, precision)),
    bins: calibrationBins(answers),
  };
}

const byKey = (keys: readonly number[], figure: (key: number) => number): Record<string, number> =>
  Object.fromEntries(keys.map((key) => [String(key), figure(key)]));

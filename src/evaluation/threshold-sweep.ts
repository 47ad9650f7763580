import type { EvaluatedQuestion } from './evaluated-question.js';
import { scorePrediction, summarizeScores, type SquadMetrics } from './squad-metrics.js';

/** The official figures if the limit stood here. */
export interface SweepPoint {
  readonly limit: number;
  readonly metrics: SquadMetrics;
}

/** What a sweep needs of a question. */
export type SweptQuestion = Pick<
  EvaluatedQuestion,
  'answerable' | 'answers' | 'best' | 'confidence' | 'answerability' | 'threshold'
>;

/**
 * The official figures as a function of the threshold: an answer is withheld iff null score − span score is greater. Under the plain
 * null-score rule a threshold decides only whether a question's best candidate is given, never which one is best, so that
 * one run tells the figures of all thresholds.
 */
export function thresholdSweep(
  questions: readonly SweptQuestion[],
  thresholds: readonly number[],
): SweepPoint[] {
  return sweep(questions, thresholds, ({ best }, limit) => best !== null && best.scoreDifference <= limit);
}

/** The official figures as a function of the least confidence, where it alone decides whether a fusion profile gives an answer. */
export function confidenceSweep(
  questions: readonly SweptQuestion[],
  confidences: readonly number[],
): SweepPoint[] {
  return fusionSweep(questions, confidences, ({ confidence }) => confidence);
}

/** The official figures as a function of the least answerability, where it alone decides whether a fusion profile gives an answer. */
export function answerabilitySweep(
  questions: readonly SweptQuestion[],
  answerabilities: readonly number[],
): SweepPoint[] {
  return fusionSweep(questions, answerabilities, ({ answerability = 0 }) => answerability);
}

/** What the run's threshold has dropped stays dropped: it was dropped before candidates were ranked. */
function fusionSweep(
  questions: readonly SweptQuestion[],
  limits: readonly number[],
  valueOf: (question: SweptQuestion) => number,
): SweepPoint[] {
  return sweep(
    questions,
    limits,
    (question, limit) =>
      question.best !== null &&
      question.best.scoreDifference <= question.threshold &&
      valueOf(question) >= limit,
  );
}

function sweep(
  questions: readonly SweptQuestion[],
  limits: readonly number[],
  isGiven: (question: SweptQuestion, limit: number) => boolean,
): SweepPoint[] {
  const choices = questions.map((question) => {
    const { answerable, answers, best } = question;
    const gold = answers.map(({ text }) => text);
    return {
      question,
      given: { answerable, exact: best?.exact ?? 0, f1: best?.f1 ?? 0 },
      withheld: { answerable, ...scorePrediction({ gold, predicted: '' }) },
    };
  });
  return limits.map((limit) => ({
    limit,
    metrics: summarizeScores(
      choices.map(({ question, given, withheld }) => (isGiven(question, limit) ? given : withheld)),
    ),
  }));
}

import { normalizeAnswer } from '../core/normalize-answer.js';

/** The official SQuAD 2.0 figures, under their official names; scores in percent, full precision. */
export interface SquadMetrics {
  readonly exact: number;
  readonly f1: number;
  readonly total: number;
  readonly HasAns_exact?: number;
  readonly HasAns_f1?: number;
  readonly HasAns_total?: number;
  readonly NoAns_exact?: number;
  readonly NoAns_f1?: number;
  readonly NoAns_total?: number;
}

/** A question's gold answers (none: unanswerable) and the predicted one (`""`: no answer). */
export interface Prediction {
  readonly gold: readonly string[];
  readonly predicted: string;
}

/** 1 if the normalised texts are equal, else 0. */
export function exactMatch(gold: string, predicted: string): number {
  return normalizeAnswer(gold) === normalizeAnswer(predicted) ? 1 : 0;
}

/** Harmonic mean of precision and recall over the tokens of the normalised texts, 0 to 1. */
export function tokenF1(gold: string, predicted: string): number {
  const goldTokens = normalizeAnswer(gold).split(' ').filter(Boolean);
  const predictedTokens = normalizeAnswer(predicted).split(' ').filter(Boolean);
  if (goldTokens.length === 0 || predictedTokens.length === 0) {
    return goldTokens.length === predictedTokens.length ? 1 : 0;
  }
  const left = new Map<string, number>();
  for (const token of goldTokens) left.set(token, (left.get(token) ?? 0) + 1);
  let common = 0;
  for (const token of predictedTokens) {
    const count = left.get(token) ?? 0;
    if (count > 0) common++;
    left.set(token, count - 1);
  }
  if (common === 0) return 0;
  const precision = common / predictedTokens.length;
  const recall = common / goldTokens.length;
  return (2 * precision * recall) / (precision + recall);
}

/** The best exact match and F1 over a question's gold answers, as evaluate-v2.0.py scores them, each 0 to 1. */
export function scorePrediction({ gold, predicted }: Prediction): { exact: number; f1: number } {
  // Gold answers that normalise to nothing do not count; without any, "no answer" is right.
  const answers = gold.filter((text) => normalizeAnswer(text) !== '');
  const compared = answers.length > 0 ? answers : [''];
  return {
    exact: Math.max(...compared.map((text) => exactMatch(text, predicted))),
    f1: Math.max(...compared.map((text) => tokenF1(text, predicted))),
  };
}

/** What one question scored. */
export interface QuestionScore {
  /** Whether the question has a gold answer. */
  readonly answerable: boolean;
  /** 0 or 1. */
  readonly exact: number;
  /** 0 to 1. */
  readonly f1: number;
}

/** The official SQuAD 2.0 metrics (Rajpurkar et al. 2018); figures of an empty group are left out. */
export function squadMetrics(predictions: readonly Prediction[]): SquadMetrics {
  return summarizeScores(
    predictions.map((prediction) => ({
      ...scorePrediction(prediction),
      answerable: prediction.gold.length > 0,
    })),
  );
}

/** The official metrics of questions that have been scored one by one. */
export function summarizeScores(scores: readonly QuestionScore[]): SquadMetrics {
  const mean = (values: readonly number[]): number =>
    values.length === 0 ? 0 : (100 * values.reduce((sum, value) => sum + value, 0)) / values.length;
  const summary = (group: readonly QuestionScore[]): { exact: number; f1: number; total: number } => ({
    exact: mean(group.map((item) => item.exact)),
    f1: mean(group.map((item) => item.f1)),
    total: group.length,
  });
  const answerable = summary(scores.filter((item) => item.answerable));
  const unanswerable = summary(scores.filter((item) => !item.answerable));
  return {
    ...summary(scores),
    ...(answerable.total === 0
      ? {}
      : { HasAns_exact: answerable.exact, HasAns_f1: answerable.f1, HasAns_total: answerable.total }),
    ...(unanswerable.total === 0
      ? {}
      : { NoAns_exact: unanswerable.exact, NoAns_f1: unanswerable.f1, NoAns_total: unanswerable.total }),
  };
}

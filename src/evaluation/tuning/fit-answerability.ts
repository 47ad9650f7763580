import { ANSWERABILITY_INPUTS, type AnswerabilityInput, type LinearModel } from '../../pipeline/index.js';
import type { TuningExample } from './examples.js';
import type { BestCandidate } from './fit-fusion.js';
import { fitLogistic } from './fit-logistic.js';

/** A question's best candidate by weights that were fitted without its article. */
export interface PickedCandidate {
  readonly example: Pick<TuningExample, 'answerable'>;
  /** Weight of the question. */
  readonly weight: number;
  readonly best: BestCandidate | undefined;
}

/**
 * Fits whether giving the best candidate pays: a logistic regression on whether the question can be answered, in which a question
 * counts as much as the decision is worth: its weight · F1 of the candidate if it can be answered, which is what giving adds to
 * F1; its weight · 1 if it cannot, which is what giving costs (cost-sensitive learning, Elkan 2001). Its value estimates gain /
 * (gain + loss).
 */
export function fitAnswerability(picked: readonly PickedCandidate[]): LinearModel<AnswerabilityInput> {
  return fitLogistic(
    ANSWERABILITY_INPUTS,
    picked.flatMap(({ example: { answerable }, weight, best }) => {
      if (best === undefined) return [];
      const stake = weight * (answerable ? best.candidate.f1 : 1);
      return stake === 0 ? [] : [{ inputs: best.candidate.features, isPositive: answerable, weight: stake }];
    }),
  );
}

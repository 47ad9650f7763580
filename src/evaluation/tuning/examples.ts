import { normalizeAnswer } from '../../core/normalize-answer.js';
import type { LabelledQuestion } from '../../ingest/index.js';
import type { RetrievedPassage } from '../../core/passage.js';
import { describeAnswers, groupAnswers, type CandidateFeatures } from '../../pipeline/index.js';
import type { PassageReading } from '../../reader/index.js';
import { scorePrediction } from '../squad-metrics.js';

/** A candidate of a labelled question: what is known of it, and how good it is. */
export interface LabelledCandidate {
  /** The answer, officially normalised. */
  readonly key: string;
  readonly features: CandidateFeatures;
  /** 1 for an exact match of a gold answer, else 0; of an unanswerable question always 0. */
  readonly exact: number;
  /** Token F1 against the best gold answer, 0 to 1; of an unanswerable question always 0. */
  readonly f1: number;
}

/** What a profile is fitted on: one labelled question with its candidates, the largest margin first. */
export interface TuningExample {
  readonly id: string;
  /** Article or document of the question: questions of one stay in one fold. */
  readonly article: string;
  readonly answerable: boolean;
  readonly candidates: readonly LabelledCandidate[];
}

/** Labels every candidate that the readings of a question give. */
export function tuningExample(
  { id, title, question, answers }: Pick<LabelledQuestion, 'id' | 'title' | 'question' | 'answers'>,
  readings: readonly PassageReading<RetrievedPassage>[],
): TuningExample {
  const gold = answers.map(({ text }) => text);
  const answerable = gold.some((text) => normalizeAnswer(text) !== '');
  const passages = readings.map(({ passage }) => passage);
  return {
    id,
    article: title,
    answerable,
    candidates: describeAnswers(question, groupAnswers(readings), passages).map(({ group, features }) => ({
      key: group.key,
      features,
      ...(answerable ? scorePrediction({ gold, predicted: group.places[0].span.text }) : { exact: 0, f1: 0 }),
    })),
  };
}

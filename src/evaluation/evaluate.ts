import type { LabelledQuestion, QuestionSet } from '../ingest/index.js';
import type { Verbatim } from '../pipeline/index.js';
import type { Reader } from '../reader/index.js';
import { squadMetrics, type SquadMetrics } from './squad-metrics.js';

/** Question id → predicted answer, `""` for no answer: the official predictions file. */
export type Predictions = ReadonlyMap<string, string>;

export interface RunOptions {
  /** Called after every question, for a progress bar. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Aborting it ends the run; the predictions made so far are returned. */
  readonly signal?: AbortSignal;
}

/** Reads every question's own paragraph; the prediction is `""` iff null score − best span score > threshold. */
export async function predictFromOwnParagraph(
  { questions, paragraphs }: QuestionSet,
  reader: Reader,
  threshold: number,
  options: RunOptions = {},
): Promise<Predictions> {
  return predictEach(questions, options, async ({ question, paragraph }) => {
    const passage = paragraphs[paragraph];
    if (passage === undefined) return '';
    const [reading] = await reader.read(question, [passage], { nBest: 1 });
    const best = reading?.spans[0];
    return best !== undefined && (reading?.nullScore ?? 0) - best.score <= threshold ? best.text : '';
  });
}

/** Asks every question of the whole pipeline: retrieve, read, aggregate. */
export async function predictFromPipeline(
  { questions }: QuestionSet,
  verbatim: Verbatim,
  ask: { readonly topK?: number; readonly threshold?: number },
  options: RunOptions = {},
): Promise<Predictions> {
  return predictEach(questions, options, async ({ question }) => {
    const result = await verbatim.ask(question, { ...ask, alternatives: 0 });
    return result.kind === 'answer' ? result.answer : '';
  });
}

/** Questions that are asked at once, so that every worker of the reader has something to do. */
const CONCURRENCY = 16;

async function predictEach(
  questions: readonly LabelledQuestion[],
  { onProgress, signal }: RunOptions,
  predict: (question: LabelledQuestion) => Promise<string>,
): Promise<Predictions> {
  const answers = new Map<string, string>();
  const waiting = questions.values();
  const askOneAfterAnother = async (): Promise<void> => {
    for (const question of waiting) {
      if (signal?.aborted === true) return;
      answers.set(question.id, await predict(question));
      onProgress?.(answers.size, questions.length);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, askOneAfterAnother));
  // In the order of the questions, whichever was answered first.
  return new Map(
    questions.flatMap(({ id }): [string, string][] => {
      const answer = answers.get(id);
      return answer === undefined ? [] : [[id, answer]];
    }),
  );
}

/** The official metrics of the questions that have a prediction. */
export function scorePredictions({ questions }: QuestionSet, predictions: Predictions): SquadMetrics {
  return squadMetrics(
    questions.flatMap(({ id, answers }) => {
      const predicted = predictions.get(id);
      return predicted === undefined ? [] : [{ gold: answers.map((answer) => answer.text), predicted }];
    }),
  );
}

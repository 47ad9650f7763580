import { wholePassage } from '../core/passage.js';
import type { LabelledQuestion, QuestionSet } from '../ingest/index.js';
import type { Answerer, AnswerResult, AskOptions, DecideOptions, Verbatim } from '../pipeline/index.js';
import type { Retriever } from '../retriever/index.js';
import { judgeResult, type EvaluatedQuestion } from './evaluated-question.js';
import { forEachAtOnce } from './for-each-at-once.js';
import { paragraphPassages, type ParagraphPlace } from './gold-passages.js';
import type { ScoredQuestion } from './scored-question.js';
import { scorePrediction } from './squad-metrics.js';

/** Question id → predicted answer, `""` for no answer: the official predictions file. */
export type Predictions = ReadonlyMap<string, string>;

/** A way to answer a labelled question. */
export type AskLabelled = (
  question: LabelledQuestion,
  options?: { readonly explain?: boolean },
) => Promise<AnswerResult>;

/** Reads every question's own paragraph, as the official data set means it. */
export function askOwnParagraph(
  { paragraphs }: QuestionSet,
  answerer: Answerer,
  decide: DecideOptions = {},
): AskLabelled {
  // Without a title: a paragraph of its own is read with nothing above it.
  const passages = paragraphPassages(paragraphs).map(({ documentId, text }) => ({
    ...wholePassage(documentId, text),
    score: 0,
    rank: 1,
  }));
  return ({ question, paragraph }, options) =>
    answerer.answerFromPassages(question, passages.slice(paragraph, paragraph + 1), {
      ...decide,
      ...options,
      alternatives: 0,
    });
}

/** Asks the whole pipeline: retrieve, read, aggregate. */
export function askPipeline(verbatim: Verbatim, ask: AskOptions = {}): AskLabelled {
  return ({ question }, options) => verbatim.ask(question, { ...ask, ...options, alternatives: 0 });
}

export interface RunOptions {
  /** What retrieval is measured with, beside answering; without it retrieval is not measured. */
  readonly retriever?: Retriever;
  /** Where each paragraph of the set stands in the corpus. @defaultValue each is a document of its own, see `paragraphPassages` */
  readonly places?: readonly (ParagraphPlace | undefined)[];
  /** Called after every question, for a progress bar. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Aborting it ends the run; the questions judged so far are returned. */
  readonly signal?: AbortSignal;
}

/** Retrieval is measured on this many passages, however many of them are read, so that runs can be compared. */
export const RETRIEVAL_DEPTH = 10;

/** Asks every question and judges its result. */
export async function evaluateQuestions(
  { questions, paragraphs }: QuestionSet,
  ask: AskLabelled,
  options: RunOptions = {},
): Promise<EvaluatedQuestion[]> {
  const { retriever, places = placesOf(paragraphPassages(paragraphs)), onProgress, signal } = options;
  const judged = new Map<string, EvaluatedQuestion>();
  const askOne = async (label: LabelledQuestion): Promise<void> => {
    const paragraph = paragraphs[label.paragraph]?.text ?? '';
    const place = places[label.paragraph];
    const result = await ask(label, { explain: true });
    const retrieved = await retriever?.retrieve(label.question, { topK: RETRIEVAL_DEPTH });
    judged.set(label.id, judgeResult({ label, paragraph, result, retrieved, place }));
    onProgress?.(judged.size, questions.length);
  };
  await forEachAtOnce(questions, askOne, signal);
  // In the order of the questions, whichever was answered first.
  return questions.flatMap(({ id }) => judged.get(id) ?? []);
}

const placesOf = (passages: readonly { readonly documentId: string }[]): ParagraphPlace[] =>
  passages.map(({ documentId }) => ({ documentId, start: 0 }));

/** What was predicted, as a predictions file has it. */
export function predictionsOf(questions: readonly EvaluatedQuestion[]): Predictions {
  return new Map(questions.map(({ id, predicted }) => [id, predicted]));
}

/** Scores the questions that have a prediction. */
export function scorePredictions({ questions }: QuestionSet, predictions: Predictions): ScoredQuestion[] {
  return questions.flatMap(({ id, title, answers }): ScoredQuestion[] => {
    const predicted = predictions.get(id);
    if (predicted === undefined) return [];
    const gold = answers.map(({ text }) => text);
    return [{ id, article: title, answerable: gold.length > 0, ...scorePrediction({ gold, predicted }) }];
  });
}

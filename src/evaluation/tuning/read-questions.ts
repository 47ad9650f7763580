import type { LabelledQuestion } from '../../ingest/index.js';
import type { RetrievedPassage } from '../../core/passage.js';
import { readPassages } from '../../pipeline/index.js';
import type { PassageReading, Reader } from '../../reader/index.js';
import type { Retriever } from '../../retriever/index.js';
import { forEachAtOnce } from '../for-each-at-once.js';

/** A labelled question with what the reader made of the passages found for it, in the order of their ranks. */
export interface ReadQuestion {
  readonly question: LabelledQuestion;
  readonly readings: readonly PassageReading<RetrievedPassage>[];
}

export interface ReadQuestionsOptions {
  /** Passages read for each question, at least 1. */
  readonly topK: number;
  /** Called with each question once it is read, in the order in which they are done. */
  readonly onRead?: (question: ReadQuestion) => void;
  readonly signal?: AbortSignal;
}

/**
 * Finds and reads passages for every question, in the order of the questions; decides nothing.
 *
 * @throws the signal's reason once it is aborted.
 */
export async function readQuestions(
  questions: readonly LabelledQuestion[],
  retriever: Retriever,
  reader: Reader,
  { topK, onRead, signal }: ReadQuestionsOptions,
): Promise<ReadQuestion[]> {
  const done = new Map<LabelledQuestion, ReadQuestion>();
  const readOne = async (question: LabelledQuestion): Promise<void> => {
    const passages = await retriever.retrieve(question.question, { topK });
    const readings = await readPassages(reader, question.question, passages);
    const read = { question, readings };
    done.set(question, read);
    onRead?.(read);
  };
  await forEachAtOnce(questions, readOne, signal);
  signal?.throwIfAborted();
  return questions.flatMap((question) => done.get(question) ?? []);
}

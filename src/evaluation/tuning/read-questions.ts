import type { LabelledQuestion } from '../../ingest/index.js';
import { readPassages } from '../../pipeline/index.js';
import type { Reader } from '../../reader/index.js';
import type { Retriever } from '../../retriever/index.js';
import type { ReadQuestion } from './tune-profile.js';

export interface ReadQuestionsOptions {
  /** Passages read for each question, at least 1. */
  readonly topK: number;
  /** Called with each question once it is read, in the order in which they are done. */
  readonly onRead?: (question: ReadQuestion) => void;
  readonly signal?: AbortSignal;
}

/** Questions that are read at once, so that every worker of the reader has something to do. */
const CONCURRENCY = 16;

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
  const waiting = questions.values();
  const readOneAfterAnother = async (): Promise<void> => {
    for (const question of waiting) {
      signal?.throwIfAborted();
      const passages = await retriever.retrieve(question.question, { topK });
      const readings = await readPassages(reader, question.question, passages);
      const read = { question, readings };
      done.set(question, read);
      onRead?.(read);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, readOneAfterAnother));
  return questions.flatMap((question) => done.get(question) ?? []);
}

import { requireInteger } from '../core/errors.js';
import { requireQuestion } from '../core/question.js';
import type { DocumentFilter } from '../retriever/document-filter.js';
import { DEFAULT_TOP_K, type Retriever } from '../retriever/types.js';
import type { Answerer, DecideOptions } from './reader-answerer.js';
import type { AnswerResult } from './types.js';

export interface AskOptions extends DecideOptions {
  /** How many passages are read, at least 1. @defaultValue 10 */
  readonly topK?: number;
  /** Only these documents are searched. */
  readonly filter?: DocumentFilter;
}

/** A retriever, a reader and an aggregator: the whole pipeline. */
export interface Verbatim {
  readonly retriever: Retriever;
  /**
   * Answers a question with words that stand in a source, or says that no passage supports an answer.
   *
   * @throws VerbatimError `empty-question`, `question-too-long`, `invalid-option`; the signal's reason once it is aborted.
   */
  ask(question: string, options?: AskOptions): Promise<AnswerResult>;
  /** Answers the questions that wait, then frees the model; later ones are rejected with the code `closed`. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Finds passages, then has them read. */
export class Pipeline implements Verbatim {
  readonly retriever: Retriever;
  readonly #answerer: Answerer;
  readonly #owned: Retriever | undefined;

  /** @param owned - the retriever, if it is closed with the pipeline. */
  constructor(retriever: Retriever, answerer: Answerer, owned: Retriever | undefined) {
    this.retriever = retriever;
    this.#answerer = answerer;
    this.#owned = owned;
  }

  async ask(question: string, options: AskOptions = {}): Promise<AnswerResult> {
    requireQuestion(question);
    const { topK = DEFAULT_TOP_K, filter, explain, signal, onProgress } = options;
    const passages = await this.retriever.retrieve(question, {
      topK: requireInteger('topK', topK, 1),
      ...(filter === undefined ? {} : { filter }),
      ...(explain === undefined ? {} : { explain }),
      ...(signal === undefined ? {} : { signal }),
    });
    onProgress?.({ stage: 'retrieved', passages });
    return this.#answerer.answerFromPassages(question, passages, options);
  }

  async close(): Promise<void> {
    await this.#answerer.close();
    await this.#owned?.close?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

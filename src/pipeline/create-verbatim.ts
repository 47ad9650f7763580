import type { SourceDocument } from '../core/document.js';
import { received, requireInteger, VerbatimError } from '../core/errors.js';
import { loadCorpus } from '../ingest/index.js';
import {
  Bm25Retriever,
  DEFAULT_TOP_K,
  type Bm25RetrieverOptions,
  type DocumentFilter,
  type Retriever,
} from '../retriever/index.js';
import {
  createAnswererBehind,
  type Answerer,
  type AnswererOptions,
  type DecideOptions,
} from './create-answerer.js';
import type { AnswerResult } from './types.js';

export interface VerbatimOptions extends AnswererOptions, Bm25RetrieverOptions {
  /** Files and folders to read documents from. Exactly one of `corpus`, `documents` and `retriever` is given. */
  readonly corpus?: string | readonly string[];
  /** Documents already loaded, or being loaded: the model loads meanwhile. */
  readonly documents?: Iterable<SourceDocument> | Promise<Iterable<SourceDocument>>;
  /** A retriever of one's own. The caller closes it. */
  readonly retriever?: Retriever;
  /** Told of every file of the corpus that could not be read; without it such a file is an error. */
  readonly onProblem?: (problem: VerbatimError) => void;
}

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

/**
 * Builds the pipeline over a corpus.
 *
 * @example
 * const qa = await createVerbatim({ corpus: './docs' });
 * const result = await qa.ask('How long is the warranty?');
 * if (result.kind === 'answer') console.log(result.answer, result.citations[0]?.uri);
 * await qa.close();
 *
 * @throws VerbatimError for a corpus or a model that cannot be read, and for options out of range.
 */
export async function createVerbatim(options: VerbatimOptions): Promise<Verbatim> {
  const sources = [options.corpus, options.documents, options.retriever].filter(
    (source) => source !== undefined,
  );
  if (sources.length !== 1) {
    throw new VerbatimError(
      'invalid-option',
      `Expected exactly one of the options corpus, documents and retriever, got ${sources.length}.`,
    );
  }
  // The model loads while the corpus is indexed; if either fails, the other must not stay behind.
  const [retriever, answerer] = await Promise.allSettled([
    options.retriever ?? indexCorpus(options),
    createAnswererBehind(
      options.retriever === undefined || options.retriever instanceof Bm25Retriever
        ? 'embedded BM25'
        : 'another engine',
      options,
    ),
  ]);
  if (retriever.status === 'rejected') {
    if (answerer.status === 'fulfilled') await answerer.value.close();
    throw retriever.reason;
  }
  if (answerer.status === 'rejected') throw answerer.reason;
  return new Pipeline(retriever.value, answerer.value);
}

async function indexCorpus(options: VerbatimOptions): Promise<Retriever> {
  const retriever = new Bm25Retriever(options);
  for (const document of await (options.documents ?? readCorpus(options))) retriever.addDocument(document);
  return retriever;
}

async function readCorpus({ corpus, onProblem }: VerbatimOptions): Promise<readonly SourceDocument[]> {
  const paths = typeof corpus === 'string' ? [corpus] : (corpus ?? []);
  if (paths.length === 0) {
    throw new VerbatimError(
      'invalid-option',
      `Expected corpus to name at least one path, got ${received(corpus)}.`,
    );
  }
  const { documents, problems } = await loadCorpus(paths);
  for (const problem of problems) {
    if (onProblem === undefined) throw problem;
    onProblem(problem);
  }
  return documents;
}

class Pipeline implements Verbatim {
  readonly retriever: Retriever;
  readonly #answerer: Answerer;

  constructor(retriever: Retriever, answerer: Answerer) {
    this.retriever = retriever;
    this.#answerer = answerer;
  }

  async ask(question: string, options: AskOptions = {}): Promise<AnswerResult> {
    if (typeof question !== 'string' || question.trim() === '') {
      throw new VerbatimError(
        'empty-question',
        `Expected a question with at least one word, got ${received(question)}.`,
      );
    }
    const { topK = DEFAULT_TOP_K, filter, explain, signal } = options;
    const passages = await this.retriever.retrieve(question, {
      topK: requireInteger('topK', topK, 1),
      ...(filter === undefined ? {} : { filter }),
      ...(explain === undefined ? {} : { explain }),
      ...(signal === undefined ? {} : { signal }),
    });
    return this.#answerer.answerFromPassages(question, passages, options);
  }

  async close(): Promise<void> {
    await this.#answerer.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

import type { SourceDocument } from '../core/document.js';
import { received, VerbatimError } from '../core/errors.js';
import { loadCorpus } from '../ingest/index.js';
import {
  Bm25Retriever,
  KnowledgeBase,
  type Bm25RetrieverOptions,
  type Retriever,
} from '../retriever/index.js';
import { createAnswererBehind, type AnswererOptions } from './create-answerer.js';
import { Pipeline, type Verbatim } from './pipeline.js';

export interface VerbatimOptions extends AnswererOptions, Bm25RetrieverOptions {
  /** Files and folders to read documents from. Exactly one of `corpus`, `documents`, `index` and `retriever` is given. */
  readonly corpus?: string | readonly string[];
  /** Documents already loaded, or being loaded: the model loads meanwhile. */
  readonly documents?: Iterable<SourceDocument> | Promise<Iterable<SourceDocument>>;
  /** Folder of a knowledge base that `verbatim index` made. */
  readonly index?: string;
  /** A retriever of one's own. The caller closes it. */
  readonly retriever?: Retriever;
  /** Told of every file of the corpus that could not be read; without it such a file is an error. */
  readonly onProblem?: (problem: VerbatimError) => void;
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
  const { corpus, documents, index, retriever: own } = options;
  const sources = [corpus, documents, index, own].filter((source) => source !== undefined);
  if (sources.length !== 1) {
    throw new VerbatimError(
      'invalid-option',
      `Expected exactly one of the options corpus, documents, index and retriever, got ${sources.length}.`,
    );
  }
  // The model loads while the corpus is indexed; if either fails, the other must not stay behind.
  const [retriever, answerer] = await Promise.allSettled([
    own ?? (index === undefined ? indexCorpus(options) : openIndex(index, options)),
    createAnswererBehind(isEmbedded(own) ? 'embedded BM25' : 'another engine', options),
  ]);
  if (retriever.status === 'rejected') {
    if (answerer.status === 'fulfilled') await answerer.value.close();
    throw retriever.reason;
  }
  const owned = own === undefined ? retriever.value : undefined;
  if (answerer.status === 'rejected') {
    await owned?.close?.();
    throw answerer.reason;
  }
  return new Pipeline(retriever.value, answerer.value, owned);
}

/** Whether the profile that the embedded reader comes with was fitted to what a retriever finds. */
function isEmbedded(retriever: Retriever | undefined): boolean {
  return retriever === undefined || retriever instanceof Bm25Retriever || retriever instanceof KnowledgeBase;
}

async function openIndex(folder: string, options: VerbatimOptions): Promise<Retriever> {
  const knowledgeBase = await KnowledgeBase.open(folder, options);
  try {
    await knowledgeBase.load();
  } catch (error) {
    await knowledgeBase.close();
    throw error;
  }
  return knowledgeBase;
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

import type { CallbackManagerForRetrieverRun } from '@langchain/core/callbacks/manager';
import { Document, type DocumentInterface } from '@langchain/core/documents';
import { BaseRetriever, type BaseRetrieverInterface } from '@langchain/core/retrievers';
import type { VectorStoreInterface } from '@langchain/core/vectorstores';
import { received, requireInteger, VerbatimError } from '../core/errors.js';
import type { RetrievedPassage } from '../core/passage.js';
import { DEFAULT_TOP_K, type RetrieveOptions, type Retriever } from '../retriever/index.js';
import { passageOf, type DocumentSource } from './documents.js';
import { currentConfig } from './run-config.js';
import { untilAborted } from './until-aborted.js';

export type { DocumentSource } from './documents.js';

export interface LangChainRetrieverOptions {
  /**
   * Says what citations of a document should name, where its metadata have it under other keys. @defaultValue the `documentId`, `title`, `uri`
   * (or `url`, or `source`) and `headings` of the metadata
   */
  readonly sourceOf?: (document: DocumentInterface) => DocumentSource;
}

/**
 * Any retriever or vector store of LangChain in front of the reader. Documents are read in its order. A vector store is asked for
 * `topK`; a retriever gives as many as it is set to, of which `topK` are taken. Scores are the store's (a distance, which grows,
 * counts as its negative), else `metadata.score`, else 1/rank.
 *
 * @example
 * const qa = await createVerbatim({ retriever: fromLangChainRetriever(vectorStore) });
 *
 * @returns a retriever whose `retrieve` rejects with VerbatimError `invalid-option` for a filter, which is the store's own business, and
 * for documents without text; with the signal's reason once it is aborted.
 */
export function fromLangChainRetriever(
  source: BaseRetrieverInterface | VectorStoreInterface,
  options: LangChainRetrieverOptions = {},
): Retriever {
  return new LangChainRetriever(source, options);
}

class LangChainRetriever implements Retriever {
  readonly #source: BaseRetrieverInterface | VectorStoreInterface;
  readonly #sourceOf: (document: DocumentInterface) => DocumentSource;

  constructor(
    source: BaseRetrieverInterface | VectorStoreInterface,
    { sourceOf = () => ({}) }: LangChainRetrieverOptions,
  ) {
    this.#source = source;
    this.#sourceOf = sourceOf;
  }

  async retrieve(
    question: string,
    { topK = DEFAULT_TOP_K, filter, signal }: RetrieveOptions = {},
  ): Promise<RetrievedPassage[]> {
    requireInteger('topK', topK, 1);
    if (filter !== undefined) {
      throw new VerbatimError(
        'invalid-option',
        `Expected no filter: give the LangChain retriever its own; got ${received(JSON.stringify(filter))}.`,
      );
    }
    signal?.throwIfAborted();
    const retriever = isVectorStore(this.#source) ? new ScoredStore(this.#source, topK) : this.#source;
    // The runs inside belong to the run that asks, if there is one.
    const config = currentConfig(signal === undefined ? {} : { signal });
    const found = await untilAborted(retriever.invoke(question, config), signal);
    const documents = found.slice(0, topK);
    const scores = scoresOf(documents);
    return documents.map((document, i) => {
      if (typeof document.pageContent !== 'string') {
        throw new VerbatimError(
          'invalid-option',
          `Expected pageContent of document ${received(document.id)} to be text, got ${received(document.pageContent)}.`,
        );
      }
      return passageOf(document, { score: scores[i] ?? 0, rank: i + 1 }, this.#sourceOf(document));
    });
  }
}

function isVectorStore(
  source: BaseRetrieverInterface | VectorStoreInterface,
): source is VectorStoreInterface {
  return 'similaritySearchWithScore' in source;
}

/** A vector store as a retriever that, unlike its own, keeps the scores. */
class ScoredStore extends BaseRetriever {
  static override lc_name(): string {
    return 'ScoredStore';
  }

  override lc_namespace = ['verbatim-qa', 'langchain'];
  readonly #store: VectorStoreInterface;
  readonly #k: number;

  constructor(store: VectorStoreInterface, k: number) {
    super();
    this.#store = store;
    this.#k = k;
  }

  override async _getRelevantDocuments(
    question: string,
    runManager?: CallbackManagerForRetrieverRun,
  ): Promise<DocumentInterface[]> {
    const callbacks = runManager?.getChild('vectorstore');
    const found = await this.#store.similaritySearchWithScore(question, this.#k, undefined, callbacks);
    return found.map(([{ id, pageContent, metadata }, score]) => {
      return new Document({
        ...(id === undefined ? {} : { id }),
        pageContent,
        metadata: { ...metadata, score },
      });
    });
  }
}

/** Scores that fall with the rank, as this library's do. */
function scoresOf(documents: readonly DocumentInterface[]): number[] {
  const scores = documents.map(({ metadata }) => metadata['score'] as unknown);
  if (!scores.every((score) => typeof score === 'number')) return scores.map((_, i) => 1 / (i + 1));
  if (isFalling(scores)) return scores;
  const negatives = scores.map((distance) => -distance);
  return isFalling(negatives) ? negatives : scores.map((_, i) => 1 / (i + 1));
}

function isFalling(scores: readonly number[]): boolean {
  return scores.every((score, i) => i === 0 || (scores[i - 1] ?? NaN) >= score);
}

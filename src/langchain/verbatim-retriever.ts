import {
  parseCallbackConfigArg,
  type CallbackManagerForRetrieverRun,
} from '@langchain/core/callbacks/manager';
import type { Document, DocumentInterface } from '@langchain/core/documents';
import { BaseRetriever, type BaseRetrieverInput } from '@langchain/core/retrievers';
import type { RunnableConfig } from '@langchain/core/runnables';
import { requireInteger } from '../core/errors.js';
import { DEFAULT_TOP_K, type DocumentFilter, type Retriever } from '../retriever/index.js';
import { documentOf, type PassageMetadata } from './documents.js';
import { currentConfig, withRunConfig } from './run-config.js';

export interface VerbatimRetrieverOptions extends BaseRetrieverInput {
  /** Finds the passages: `qa.retriever`, a knowledge base, any retriever of this library. The caller closes it. */
  readonly retriever: Retriever;
  /** How many passages to return at most, at least 1. @defaultValue 10 */
  readonly k?: number;
  /** Only these documents are searched. */
  readonly filter?: DocumentFilter;
}

/** What one call may ask for beside what every runnable takes. */
export interface VerbatimRetrieverCallOptions extends RunnableConfig {
  readonly k?: number;
  readonly filter?: DocumentFilter;
}

/**
 * Passages of this library as LangChain documents: `pageContent` is the passage, `id` its id, `metadata` what {@link PassageMetadata}
 * says. `signal` and `timeout` end a search, which LangChain's own retrievers leave to whatever calls them.
 *
 * @example
 * const retriever = new VerbatimRetriever({ retriever: qa.retriever, k: 4 });
 * const documents = await retriever.invoke('How long is the warranty?');
 */
export class VerbatimRetriever extends BaseRetriever<PassageMetadata> {
  static override lc_name(): string {
    return 'VerbatimRetriever';
  }

  override lc_namespace = ['verbatim-qa', 'langchain'];
  readonly k: number;
  readonly filter: DocumentFilter | undefined;
  readonly #retriever: Retriever;

  /** @throws VerbatimError `invalid-option` for a `k` out of range. */
  constructor({ retriever, k = DEFAULT_TOP_K, filter, ...input }: VerbatimRetrieverOptions) {
    super(input);
    this.k = requireInteger('k', k, 1);
    this.filter = filter;
    this.#retriever = retriever;
  }

  /**
   * The passages that fit the question best; none for a question without a word.
   *
   * @throws VerbatimError `invalid-option`; the signal's reason once it is aborted.
   */
  override async invoke(
    question: string,
    options?: VerbatimRetrieverCallOptions,
  ): Promise<DocumentInterface<PassageMetadata>[]> {
    const config = currentConfig(parseCallbackConfigArg(options));
    return withRunConfig(config, () => super.invoke(question, config));
  }

  /** @internal */
  override async _getRelevantDocuments(
    question: string,
    runManager?: CallbackManagerForRetrieverRun,
  ): Promise<Document<PassageMetadata>[]> {
    const { k = this.k, filter = this.filter, ...config } = currentConfig() as VerbatimRetrieverCallOptions;
    const { signal } = config;
    signal?.throwIfAborted();
    const callbacks = runManager?.getChild();
    // A retriever of LangChain that searches for this one is a run inside this one's.
    const inside = callbacks === undefined ? config : { ...config, callbacks };
    const passages = await withRunConfig(inside, () =>
      this.#retriever.retrieve(question, {
        topK: requireInteger('k', k, 1),
        ...(filter === undefined ? {} : { filter }),
        ...(signal === undefined ? {} : { signal }),
      }),
    );
    return passages.map(documentOf);
  }
}

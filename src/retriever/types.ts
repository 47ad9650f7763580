import type { RetrievedPassage } from '../core/passage.js';
import type { DocumentFilter } from './document-filter.js';

export interface RetrieveOptions {
  /** How many passages to return at most, at least 1. @defaultValue 10 */
  readonly topK?: number;
  /** Only passages of these documents are scored. */
  readonly filter?: DocumentFilter;
  /** Adds each question term's contribution to every passage. @defaultValue false */
  readonly explain?: boolean;
  readonly signal?: AbortSignal;
}

/** Finds passages for a question: the embedded BM25 index, a search engine, or anything else. */
export interface Retriever {
  /** Passages by descending score; equal scores by document id, then position. */
  retrieve(question: string, options?: RetrieveOptions): Promise<RetrievedPassage[]>;
  /**
   * Whole terms that a beginning may grow into, the commonest first; itself, if it is one; of a single letter, none. @defaultValue only whole
   * words are then suggested for
   *
   * @param beginning - one term, as `analyze` gives it.
   */
  complete?(beginning: string, limit: number): Promise<string[]>;
  close?(): Promise<void>;
}

/** How many passages are retrieved where nothing is said. */
export const DEFAULT_TOP_K = 10;

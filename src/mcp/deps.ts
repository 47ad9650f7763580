import type { SourceDocument } from '../core/document.js';
import type { AskOptions, Verbatim } from '../pipeline/index.js';
import type { DocumentSummary } from '../retriever/index.js';

/** What the tools and resources work with. The caller makes it and closes it. */
export interface McpDeps {
  readonly verbatim: Verbatim;
  readonly documents: DocumentSource;
}

/** The documents that are searched, whole. A `KnowledgeBase` is one. */
export interface DocumentSource {
  get(id: string): Promise<SourceDocument | undefined>;
  /** A page in the order of the ids; `after` is the `next` of the page before. */
  list(options: { readonly after?: string; readonly limit: number }): Promise<{
    readonly documents: readonly Pick<DocumentSummary, 'id' | 'title' | 'uri'>[];
    readonly next?: string;
  }>;
}

/** What every server of one process shares: each connection, and over HTTP some requests, get a server of their own. */
export interface McpContext {
  /** Awaited by every call, so that a host need not wait for the index and the model before it may connect. */
  readonly deps: Promise<McpDeps>;
  readonly version: string;
  /** When to answer, where a call does not say. */
  readonly defaults: Pick<AskOptions, 'topK' | 'threshold' | 'minConfidence'>;
  /** Told of faults that are not the client's, and of messages that could not be understood. */
  readonly onError: (error: Error) => void;
}

import type { VerbatimErrorCode } from '../core/errors.js';
import type { RetrievedPassage } from '../core/passage.js';
import type { AskOptions } from '../pipeline/pipeline.js';
import type { AnswerProgress, AnswerResult } from '../pipeline/types.js';
import type { DocumentCriteria } from '../retriever/document-filter.js';
import type { Suggestion } from '../retriever/suggest.js';

/** How far loading has come. */
export interface LoadProgress {
  /** Files are being fetched, or taken from the browser's storage; then the network is made ready. */
  readonly stage: 'files' | 'network';
  readonly loadedBytes: number;
  readonly totalBytes: number;
}

/** What has been loaded. */
export interface LocalEngineInfo {
  /** Version of this package that wrote the site. */
  readonly version: string;
  readonly model: { readonly id: string; readonly revision: string; readonly dtype: string };
  readonly documents: number;
  readonly passages: number;
  /** Threads that run the network: more than one only where the page is cross-origin isolated. */
  readonly threads: number;
  /** Bytes that came over the network; the others were in the browser's storage. */
  readonly fetchedBytes: number;
  /** Whether the next visit finds the files in the browser's storage; false in some private windows, over plain HTTP, and if there is no room. */
  readonly stored: boolean;
}

/** What can be asked for with a question; as in the library, but for what is no data. */
export interface LocalAskOptions extends Omit<AskOptions, 'filter' | 'inRounds'> {
  /** Only these documents are searched. */
  readonly filter?: DocumentCriteria;
}

/** How many are wanted of a list. */
export interface LocalListOptions {
  /** @defaultValue 6 suggestions, 10 passages */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** What a page asks the worker for, by the name of the client's method. */
export interface Calls {
  readonly ask: {
    readonly options: Omit<LocalAskOptions, 'signal' | 'onProgress'> & { readonly inRounds?: boolean };
    readonly result: AnswerResult;
  };
  readonly suggest: {
    readonly options: Omit<LocalListOptions, 'signal'>;
    readonly result: readonly Suggestion[];
  };
  readonly search: {
    readonly options: Omit<LocalListOptions, 'signal'>;
    readonly result: readonly RetrievedPassage[];
  };
}

export type Call = {
  readonly [Name in keyof Calls]: {
    readonly type: Name;
    readonly id: number;
    readonly text: string;
    readonly options: Calls[Name]['options'];
  };
}[keyof Calls];

export type ClientMessage =
  | { readonly type: 'open'; readonly base: string; readonly threads: number | undefined }
  | Call
  | { readonly type: 'cancel'; readonly id: number };

/** An error that crosses from the worker to the page. */
export interface SentError {
  /** Absent for faults of the program. */
  readonly code?: VerbatimErrorCode;
  readonly message: string;
}

export type WorkerMessage =
  | { readonly type: 'progress'; readonly progress: LoadProgress }
  | { readonly type: 'opened'; readonly format: number; readonly info: LocalEngineInfo }
  | { readonly type: 'failed'; readonly error: SentError }
  | { readonly type: 'progressed'; readonly id: number; readonly progress: AnswerProgress }
  | { readonly type: 'answered'; readonly id: number; readonly result: unknown }
  | { readonly type: 'rejected'; readonly id: number; readonly error: SentError };

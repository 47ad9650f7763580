import type { VerbatimErrorCode } from '../core/errors.js';
import type { AskOptions } from '../pipeline/pipeline.js';
import type { AnswerResult } from '../pipeline/types.js';
import type { DocumentCriteria } from '../retriever/document-filter.js';

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
export interface LocalAskOptions extends Omit<AskOptions, 'filter' | 'onProgress' | 'inRounds'> {
  /** Only these documents are searched. */
  readonly filter?: DocumentCriteria;
}

export type ClientMessage =
  | { readonly type: 'open'; readonly base: string; readonly threads: number | undefined }
  | {
      readonly type: 'ask';
      readonly id: number;
      readonly question: string;
      readonly options: Omit<LocalAskOptions, 'signal'>;
    }
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
  | { readonly type: 'answered'; readonly id: number; readonly result: AnswerResult }
  | { readonly type: 'rejected'; readonly id: number; readonly error: SentError };

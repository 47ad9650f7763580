/** The whole pipeline in a browser tab, over a folder that `verbatim export-site` wrote. */
export { createLocalEngine, type LocalEngine, type LocalEngineOptions } from './client.js';
export type { LoadProgress, LocalAskOptions, LocalEngineInfo, LocalListOptions } from './messages.js';
export type { RetrievedPassage } from '../core/passage.js';
export type { AnswerProgress, AnswerResult } from '../pipeline/types.js';
export type { Suggestion } from '../retriever/suggest.js';
export { VerbatimError, type VerbatimErrorCode } from '../core/errors.js';

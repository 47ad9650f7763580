/** The whole pipeline in a browser tab, over a folder that `verbatim export-site` wrote. */
export { createLocalEngine, type LocalEngine, type LocalEngineOptions } from './client.js';
export type { LoadProgress, LocalAskOptions, LocalEngineInfo } from './messages.js';
export type { AnswerResult } from '../pipeline/types.js';
export { VerbatimError, type VerbatimErrorCode } from '../core/errors.js';

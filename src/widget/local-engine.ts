import { createLocalEngine, type LocalEngine } from '../browser/client.js';
import { VerbatimError } from '../core/errors.js';
import type { AnswerProgress } from '../pipeline/types.js';
import {
  EngineError,
  type AnswerEngine,
  type AnswerOptions,
  type EngineErrorReason,
  type EngineProgress,
  type EngineSettings,
  type ListOptions,
} from './engine.js';
import type { WirePassage, WireResult, WireSuggestion } from './wire.js';

/** What an exported site of the page's own answers, in a worker of the page: nothing is sent anywhere. It is loaded by the first question. */
export class LocalAnswerEngine implements AnswerEngine {
  readonly #base: string;
  #loading: Promise<LocalEngine> | undefined;

  /** @param settings - `src`: the folder that `verbatim export-site` wrote. */
  constructor({ src }: Pick<EngineSettings, 'src'>) {
    this.#base = src;
  }

  async answer(question: string, { signal, topK, onProgress }: AnswerOptions = {}): Promise<WireResult> {
    return this.#translated(signal, async () => {
      const engine = await this.#load(onProgress);
      signal?.throwIfAborted();
      return engine.ask(question, {
        ...(signal === undefined ? {} : { signal }),
        ...(topK === undefined ? {} : { topK }),
        ...(onProgress === undefined
          ? {}
          : { onProgress: (progress: AnswerProgress) => onProgress(shown(progress)) }),
      });
    });
  }

  /** Nothing before the first question: typing is no reason to load a reader. */
  async suggest(beginning: string, options: ListOptions = {}): Promise<readonly WireSuggestion[]> {
    const loading = this.#loading;
    if (loading === undefined) return [];
    return this.#translated(options.signal, async () => (await loading).suggest(beginning, options));
  }

  async nearest(question: string, options: ListOptions = {}): Promise<readonly WirePassage[]> {
    return this.#translated(options.signal, async () => (await this.#load()).search(question, options));
  }

  async feedback(): Promise<void> {
    throw new EngineError('no-feedback', 'A page that answers by itself has nobody to send verdicts to.');
  }

  async close(): Promise<void> {
    (await this.#loading)?.close();
  }

  /** Loading goes on when a question is given up: the next one needs it, too. */
  #load(onProgress?: (progress: EngineProgress) => void): Promise<LocalEngine> {
    this.#loading ??= createLocalEngine({
      base: this.#base,
      onProgress: ({ loadedBytes, totalBytes }) =>
        onProgress?.({ stage: 'loading', share: totalBytes === 0 ? 0 : loadedBytes / totalBytes }),
    }).catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  async #translated<T>(signal: AbortSignal | undefined, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      if (signal?.aborted === true) throw signal.reason;
      throw VerbatimError.isInstance(error)
        ? new EngineError(REASONS[error.code] ?? 'failed', error.message, { code: error.code, cause: error })
        : error;
    }
  }
}

const REASONS: Readonly<Record<string, EngineErrorReason>> = {
  'empty-question': 'question-refused',
  'question-too-long': 'question-too-long',
  'download-failed': 'unreachable',
  'index-not-found': 'unreachable',
  'index-version': 'not-understood',
  'index-damaged': 'not-understood',
};

function shown(progress: AnswerProgress): EngineProgress {
  if (progress.stage === 'retrieved') return { stage: 'retrieved', passages: progress.passages };
  const { passage, spans } = progress.reading;
  return { stage: 'read', passageId: passage.id, answer: spans[0]?.text ?? null };
}

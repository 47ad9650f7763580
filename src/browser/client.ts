import { received, requireInteger, VerbatimError } from '../core/errors.js';
import type { RetrievedPassage } from '../core/passage.js';
import type { AnswerProgress, AnswerResult } from '../pipeline/types.js';
import type { Suggestion } from '../retriever/suggest.js';
import type {
  Call,
  Calls,
  ClientMessage,
  LoadProgress,
  LocalAskOptions,
  LocalEngineInfo,
  LocalListOptions,
  SentError,
  WorkerMessage,
} from './messages.js';
import { SCRIPT_FILES, SITE_FORMAT } from './site-manifest.js';

export interface LocalEngineOptions {
  /**
   * Address of the folder that `verbatim export-site` wrote, relative to the page; on the page's own origin: browsers start no worker from
   * another one.
   */
  readonly base: string | URL;
  /** Threads that run the network. @defaultValue one a core, at most 4, on a page that is cross-origin isolated; else 1 */
  readonly threads?: number;
  /** Gives up loading. */
  readonly signal?: AbortSignal;
  /** Told how far loading has come. */
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** Retriever, reader and aggregator in a worker of the page's own. */
export interface LocalEngine {
  readonly info: LocalEngineInfo;
  /**
   * Answers a question as the library does; the result is what a server would send, without the id.
   *
   * @throws VerbatimError `empty-question`, `question-too-long`, `invalid-option`, `closed`, `worker-crashed`; the signal's reason once it
   * is aborted.
   */
  ask(question: string, options?: LocalAskOptions): Promise<AnswerResult>;
  /**
   * Titles, headings and questions of the sources that a question being typed may grow into.
   *
   * @throws VerbatimError `closed`, `worker-crashed`; the signal's reason once it is aborted.
   */
  suggest(beginning: string, options?: LocalListOptions): Promise<readonly Suggestion[]>;
  /**
   * The passages nearest to a question, best first.
   *
   * @throws VerbatimError `invalid-option`, `closed`, `worker-crashed`; the signal's reason once it is aborted.
   */
  search(question: string, options?: LocalListOptions): Promise<readonly RetrievedPassage[]>;
  /** Ends the worker. Questions that wait are rejected with the code `closed`. */
  close(): void;
}

/**
 * Loads an exported site into a worker. What has been fetched stays in the browser's storage, where there is any, and is compared with
 * the manifest's checksums each time.
 *
 * @example
 * const engine = await createLocalEngine({ base: '/answers/', onProgress: ({ loadedBytes, totalBytes }) => show(loadedBytes / totalBytes) });
 * const result = await engine.ask('How long is the warranty?');
 * if (result.kind === 'answer') console.log(result.answer, result.citations[0]?.link);
 * engine.close();
 *
 * @throws VerbatimError `invalid-option`, `browser-unsupported`, `index-not-found`, `index-version`, `index-damaged`, `download-failed`,
 * `model-damaged`, `model-unsupported`, `worker-crashed`; the signal's reason once it is aborted. After any of them it can be called again.
 */
export async function createLocalEngine(options: LocalEngineOptions): Promise<LocalEngine> {
  const { signal, onProgress, threads } = options;
  signal?.throwIfAborted();
  if (threads !== undefined) requireInteger('threads', threads, 1, 64);
  const base = folderAddress(options.base);
  if (typeof Worker === 'undefined') {
    throw new VerbatimError('browser-unsupported', 'This browser has no web workers.');
  }
  const worker = new Worker(new URL(SCRIPT_FILES.worker, base), { type: 'module', name: 'verbatim' });
  let stopLoading: (() => void) | undefined;
  try {
    const info = await new Promise<LocalEngineInfo>((resolve, reject) => {
      stopLoading = (): void => reject(signal?.reason as Error);
      signal?.addEventListener('abort', stopLoading);
      worker.onmessage = ({ data }: MessageEvent<WorkerMessage>): void => {
        if (data.type === 'progress') onProgress?.(data.progress);
        else if (data.type === 'failed') reject(errorOf(data.error));
        else if (data.type === 'opened') {
          if (data.format === SITE_FORMAT) resolve(data.info);
          else reject(otherFormat(base, data.format));
        }
      };
      worker.onerror = (event): void => reject(startError(base, event));
      post(worker, { type: 'open', base: base.href, threads });
    });
    return new WorkerEngine(worker, info);
  } catch (error) {
    worker.terminate();
    throw error;
  } finally {
    if (stopLoading !== undefined) signal?.removeEventListener('abort', stopLoading);
  }
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: unknown) => void;
  readonly onProgress?: ((progress: AnswerProgress) => void) | undefined;
}

class WorkerEngine implements LocalEngine {
  readonly info: LocalEngineInfo;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #end: VerbatimError | undefined;

  constructor(worker: Worker, info: LocalEngineInfo) {
    this.info = info;
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<WorkerMessage>): void => {
      if (data.type === 'answered') this.#take(data.id)?.resolve(data.result);
      else if (data.type === 'progressed') this.#waiting.get(data.id)?.onProgress?.(data.progress);
      else if (data.type === 'rejected') this.#take(data.id)?.reject(errorOf(data.error));
    };
    worker.onerror = (event): void => {
      this.#stop(new VerbatimError('worker-crashed', `The worker ended: ${event.message}. Load it again.`));
    };
  }

  async ask(
    question: string,
    { signal, onProgress, ...options }: LocalAskOptions = {},
  ): Promise<AnswerResult> {
    const rounds = onProgress === undefined ? {} : { inRounds: true };
    return this.#call('ask', question, { ...options, ...rounds }, signal, onProgress);
  }

  async suggest(
    beginning: string,
    { signal, ...options }: LocalListOptions = {},
  ): Promise<readonly Suggestion[]> {
    return this.#call('suggest', beginning, options, signal);
  }

  async search(
    question: string,
    { signal, ...options }: LocalListOptions = {},
  ): Promise<readonly RetrievedPassage[]> {
    return this.#call('search', question, options, signal);
  }

  async #call<Name extends keyof Calls>(
    type: Name,
    text: string,
    options: Calls[Name]['options'],
    signal?: AbortSignal,
    onProgress?: (progress: AnswerProgress) => void,
  ): Promise<Calls[Name]['result']> {
    signal?.throwIfAborted();
    if (this.#end !== undefined) throw this.#end;
    const id = this.#next++;
    const cancel = (): void => {
      post(this.#worker, { type: 'cancel', id });
      this.#take(id)?.reject(signal?.reason);
    };
    signal?.addEventListener('abort', cancel);
    try {
      return (await new Promise<unknown>((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject, onProgress });
        try {
          post(this.#worker, { type, id, text, options } as Call);
        } catch (error) {
          this.#waiting.delete(id);
          reject(
            new VerbatimError(
              'invalid-option',
              `Expected options that are data, got ${received(String(error))}.`,
              error,
            ),
          );
        }
      })) as Calls[Name]['result'];
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  close(): void {
    this.#stop(new VerbatimError('closed', 'The engine has been closed.'));
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #stop(reason: VerbatimError): void {
    this.#end ??= reason;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(this.#end);
    this.#waiting.clear();
  }
}

/** @throws VerbatimError `invalid-option` for what is no address, or one of another origin. */
function folderAddress(base: string | URL): URL {
  let address: URL;
  try {
    address = new URL(base, document.baseURI);
  } catch (error) {
    throw new VerbatimError(
      'invalid-option',
      `Expected base to be an address, got ${received(base)}.`,
      error,
    );
  }
  if (address.origin !== location.origin) {
    throw new VerbatimError(
      'invalid-option',
      `Expected base to be an address of the page's own origin, ${location.origin}, got ${received(address.href)}.`,
    );
  }
  address.search = '';
  address.hash = '';
  if (!address.pathname.endsWith('/')) address.pathname += '/';
  return address;
}

function startError(base: URL, event: ErrorEvent | Event): VerbatimError {
  // A worker that throws has a message; a script that does not come, or that a policy forbids, has none.
  if ('message' in event && event.message !== '') {
    return new VerbatimError('worker-crashed', `The worker ended while loading: ${event.message}.`);
  }
  return new VerbatimError(
    'index-not-found',
    `Cannot start ${SCRIPT_FILES.worker} of ${base.href} (base): expected the folder that verbatim export-site wrote, and a policy (worker-src) that allows it.`,
  );
}

function otherFormat(base: URL, format: number): VerbatimError {
  return new VerbatimError(
    'index-version',
    `The worker at ${base.href} has format ${format}, this script format ${SITE_FORMAT}; reload the page, or export the site again.`,
  );
}

function errorOf({ code, message }: SentError): Error {
  return code === undefined ? new Error(message) : new VerbatimError(code, message);
}

function post(worker: Worker, message: ClientMessage): void {
  worker.postMessage(message);
}

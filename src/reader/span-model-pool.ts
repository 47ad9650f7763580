import { env } from 'node:process';
import { Worker } from 'node:worker_threads';
import { VerbatimError } from '../core/errors.js';
import { longestWindow, type ModelFiles } from './model-layout.js';
import type { WorkerReply, WorkerRequest, WorkerSettings } from './span-model-worker.js';
import type { ContextWindow, SpanLogits, SpanModel } from './types.js';

export interface SpanModelPoolOptions {
  /** Worker threads, each with a copy of the network, at least 1. */
  readonly workers: number;
  /** Threads that one run of the network may use. */
  readonly intraOpThreads: number;
  /** Windows that may wait; a call that would make it more is refused, unless nothing waits. */
  readonly maxQueuedWindows: number;
  /** The program of the workers. @defaultValue span-model-worker.js */
  readonly workerFile?: URL;
}

/** How often a window is tried again after the worker that had it died. */
const RETRIES = 1;

/** Windows that a worker holds: the one it runs and the next, so that it never waits for a message. */
const IN_FLIGHT = 2;

/** Compiled, the worker stands beside this file; run from source, it stands in the build. */
const WORKER_FILE = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/reader/span-model-worker.js' : './span-model-worker.js',
  import.meta.url,
);

/** One call of `predict`. */
interface Call {
  readonly logits: SpanLogits[];
  open: number;
  readonly resolve: (logits: SpanLogits[]) => void;
  readonly reject: (reason: unknown) => void;
  settled: boolean;
}

/** One window of a call. */
interface Task {
  readonly id: number;
  readonly call: Call;
  /** Position of the window in its call. */
  readonly index: number;
  readonly window: ContextWindow;
  attempts: number;
}

interface Member {
  readonly worker: Worker;
  readonly tasks: Map<number, Task>;
}

/**
 * Runs a network in worker threads, so that the calling thread stays free. Calls are served in the order in which they
 * came, the windows of a call longest first (a long one started last would keep everybody waiting), each in a run of
 * its own: a window's logits never depend on what else is read.
 */
export class SpanModelPool implements SpanModel {
  readonly maxSequenceLength: number;
  readonly #settings: WorkerSettings;
  readonly #options: SpanModelPoolOptions;
  readonly #members = new Set<Member>();
  #queue: Task[] = [];
  #nextTask = 0;
  #closing: Promise<void> | undefined;
  #whenIdle: (() => void) | undefined;

  private constructor(files: ModelFiles, options: SpanModelPoolOptions) {
    this.#settings = { files: withSharedBytes(files), intraOpThreads: options.intraOpThreads };
    this.#options = options;
    this.maxSequenceLength = longestWindow(files);
  }

  /**
   * Starts the workers; resolves once all have loaded the network.
   *
   * @throws VerbatimError `model-damaged` or `model-unsupported` if the network cannot be loaded.
   */
  static async start(files: ModelFiles, options: SpanModelPoolOptions): Promise<SpanModelPool> {
    const pool = new SpanModelPool(files, options);
    const started = await Promise.allSettled(
      Array.from({ length: options.workers }, () => pool.#addMember()),
    );
    const failure = started.find((result) => result.status === 'rejected');
    if (failure !== undefined) {
      await pool.close();
      throw failure.reason;
    }
    return pool;
  }

  /** Windows that wait for a worker. */
  get queuedWindows(): number {
    return this.#queue.length;
  }

  predict(windows: readonly ContextWindow[], signal?: AbortSignal): Promise<SpanLogits[]> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#closing !== undefined) throw new VerbatimError('closed', 'The reader has been closed.');
      const waiting = this.#queue.length;
      if (waiting > 0 && waiting + windows.length > this.#options.maxQueuedWindows) {
        throw new VerbatimError(
          'queue-full',
          `The reader is busy: ${waiting} windows wait and ${windows.length} more would exceed maxQueuedWindows = ${this.#options.maxQueuedWindows}.`,
        );
      }
      if (windows.length === 0) {
        resolve([]);
        return;
      }
      const onAbort = (): void => this.#drop(call, signal?.reason);
      const settle =
        <T>(action: (value: T) => void) =>
        (value: T): void => {
          call.settled = true;
          signal?.removeEventListener('abort', onAbort);
          action(value);
        };
      const call: Call = {
        logits: [],
        open: windows.length,
        resolve: settle(resolve),
        reject: settle(reject),
        settled: false,
      };
      signal?.addEventListener('abort', onAbort);
      const tasks = windows.map((window, index): Task => ({
        id: this.#nextTask++,
        call,
        index,
        window,
        attempts: 0,
      }));
      tasks.sort((a, b) => b.window.inputIds.length - a.window.inputIds.length || a.index - b.index);
      this.#queue.push(...tasks);
      this.#dispatch();
    });
  }

  /** Finishes what has been accepted, then ends the workers. */
  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    if (this.#queue.length > 0 || this.#inFlight() > 0) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
    const members = [...this.#members];
    this.#members.clear();
    await Promise.all(
      members.map(({ worker }) => {
        const ended = new Promise((resolve) => worker.once('exit', resolve));
        worker.ref();
        post(worker, { kind: 'close' });
        return ended;
      }),
    );
  }

  #addMember(): Promise<void> {
    // ONNX Runtime reports its use to its maker, and keeps files for that in the home and temporary folders, unless the process's
    // environment says otherwise before it is loaded. A worker can only change its own copy.
    env['ORT_DISABLE_TELEMETRY'] ??= '1';
    const worker = new Worker(this.#options.workerFile ?? WORKER_FILE, {
      workerData: this.#settings,
      // Flags of the calling process may not suit a file.
      execArgv: [],
    });
    const member: Member = { worker, tasks: new Map() };
    return new Promise((resolve, reject) => {
      let lastError: unknown;
      worker.on('message', (message: WorkerReply) => {
        if (message.kind === 'ready') {
          this.#members.add(member);
          // An idle pool keeps no process alive.
          worker.unref();
          resolve();
          this.#dispatch();
        } else if (message.kind === 'failed' && message.task === undefined) {
          reject(errorOf(message));
          void worker.terminate();
        } else {
          this.#finishTask(member, message);
        }
      });
      worker.on('error', (error) => {
        lastError = error;
      });
      worker.once('exit', () => {
        reject(new VerbatimError('worker-crashed', 'A reader thread ended before it was ready.', lastError));
        if (this.#members.delete(member)) this.#replace(member, lastError);
      });
    });
  }

  /** A worker died: its windows are tried again at once, by a new one. */
  #replace(dead: Member, cause: unknown): void {
    const retried: Task[] = [];
    for (const task of dead.tasks.values()) {
      if (task.call.settled) continue;
      if (task.attempts > RETRIES) {
        const message = `A reader thread ended while it read a window, ${task.attempts} times.`;
        this.#drop(task.call, new VerbatimError('worker-crashed', message, cause));
      } else {
        retried.push(task);
      }
    }
    this.#queue.unshift(...retried.filter((task) => !task.call.settled));
    this.#addMember().catch((error: unknown) => {
      // Without workers nothing can be read any more.
      if (this.#members.size > 0) return;
      for (const call of new Set(this.#queue.map((task) => task.call))) this.#drop(call, error);
    });
    this.#checkIdle();
  }

  #dispatch(): void {
    for (let round = 1; round <= IN_FLIGHT; round++) {
      for (const member of this.#members) {
        if (member.tasks.size >= round) continue;
        const task = this.#queue.shift();
        if (task === undefined) return;
        task.attempts++;
        if (member.tasks.size === 0) member.worker.ref();
        member.tasks.set(task.id, task);
        post(member.worker, { kind: 'predict', task: task.id, window: task.window });
      }
    }
  }

  #finishTask(member: Member, message: Exclude<WorkerReply, { kind: 'ready' }>): void {
    const task = member.tasks.get(message.task ?? -1);
    if (task === undefined) return;
    member.tasks.delete(task.id);
    if (member.tasks.size === 0) member.worker.unref();
    this.#dispatch();
    const { call } = task;
    if (!call.settled) {
      if (message.kind === 'failed') {
        this.#drop(call, errorOf(message));
      } else {
        call.logits[task.index] = message.logits;
        if (--call.open === 0) call.resolve(call.logits);
      }
    }
    this.#checkIdle();
  }

  /** Ends a call early: its waiting windows are taken back; those being read are read in vain. */
  #drop(call: Call, reason: unknown): void {
    if (call.settled) return;
    this.#queue = this.#queue.filter((task) => task.call !== call);
    call.reject(reason);
    this.#checkIdle();
  }

  #checkIdle(): void {
    if (this.#queue.length === 0 && this.#inFlight() === 0) this.#whenIdle?.();
  }

  #inFlight(): number {
    let count = 0;
    for (const { tasks } of this.#members) count += tasks.size;
    return count;
  }
}

function post(worker: Worker, request: WorkerRequest): void {
  worker.postMessage(request);
}

function errorOf({
  code,
  message,
}: {
  readonly code?: VerbatimError['code'];
  readonly message: string;
}): Error {
  return code === undefined ? new Error(message) : new VerbatimError(code, message);
}

/** The weights in memory that all workers share, instead of one copy each on top of the runtime's own. */
function withSharedBytes(files: ModelFiles): ModelFiles {
  const bytes = Array.from(files.bytes, ([name, content]): [string, Uint8Array] => {
    const shared = new Uint8Array(new SharedArrayBuffer(content.length));
    shared.set(content);
    return [name, shared];
  });
  return { ...files, tokenizer: undefined, bytes: new Map(bytes) };
}

import { config as zodConfig } from 'zod';
import { VerbatimError } from '../core/errors.js';
import type { AnswerProgress } from '../pipeline/types.js';
import type { Verbatim } from '../pipeline/pipeline.js';
import { suggest } from '../retriever/suggest.js';
import { requireWebAssembly, threadCount } from './capabilities.js';
import { FileStore } from './file-store.js';
import { buildPipeline } from './local-pipeline.js';
import type {
  Call,
  ClientMessage,
  LoadProgress,
  LocalEngineInfo,
  SentError,
  WorkerMessage,
} from './messages.js';
import { fetchManifest, SiteFiles } from './site-files.js';
import { DATA_FILES, SCRIPT_FILES, SITE_FORMAT } from './site-manifest.js';
import type { WasmRuntime } from './wasm-span-model.js';

declare const self: DedicatedWorkerGlobalScope;

// Compiling checks to code is forbidden where `unsafe-eval` is.
zodConfig({ jitless: true });

/** Questions that are being answered, by their number. */
const asked = new Map<number, AbortController>();
let pipeline: Verbatim | undefined;

self.addEventListener('message', ({ data }: MessageEvent<ClientMessage>) => {
  if (data.type === 'open') void open(data);
  else if (data.type === 'cancel') asked.get(data.id)?.abort();
  else void answer(data);
});

async function open({ base, threads }: ClientMessage & { type: 'open' }): Promise<void> {
  try {
    send({ type: 'opened', format: SITE_FORMAT, info: await load(new URL(base), threads) });
  } catch (error) {
    send({ type: 'failed', error: sent(error) });
  }
}

async function load(base: URL, wantedThreads: number | undefined): Promise<LocalEngineInfo> {
  requireWebAssembly();
  const threads = threadCount(wantedThreads);
  const manifest = await fetchManifest(base);
  const totalBytes = Object.values(DATA_FILES).reduce(
    (sum, path) => sum + (manifest.files[path]?.bytes ?? 0),
    0,
  );
  let loadedBytes = 0;
  const tell = (stage: LoadProgress['stage']): void =>
    send({ type: 'progress', progress: { stage, loadedBytes, totalBytes } });
  const files = new SiteFiles(base, manifest, await FileStore.open(), (count) => {
    loadedBytes += count;
    tell('files');
  });
  pipeline = await buildPipeline(
    (path) => files.read(path),
    (wasm) => {
      tell('network');
      return startRuntime(base, wasm, threads);
    },
  );
  await files.dropOthers();
  const { version, model, documents, passages } = manifest;
  const { fetchedBytes, areStored: stored } = files;
  return { version, model, documents, passages, threads, fetchedBytes, stored };
}

async function startRuntime(base: URL, wasm: Uint8Array, threads: number): Promise<WasmRuntime> {
  const address = new URL(SCRIPT_FILES.runtime, base).href;
  let runtime: WasmRuntime;
  try {
    runtime = (await import(address)) as WasmRuntime;
  } catch (error) {
    throw new VerbatimError(
      'download-failed',
      `Cannot load ${address}; was the whole folder uploaded?`,
      error,
    );
  }
  runtime.env.wasm.wasmBinary = wasm;
  runtime.env.wasm.numThreads = threads;
  return runtime;
}

async function answer(call: Call): Promise<void> {
  const { id } = call;
  const controller = new AbortController();
  asked.set(id, controller);
  try {
    if (pipeline === undefined) throw new VerbatimError('closed', 'The engine is not open.');
    const result = await resultOf(call, pipeline, controller.signal);
    // As a server sends it: what is no JSON, such as −Infinity, is null.
    send({ type: 'answered', id, result: JSON.parse(JSON.stringify(result)) as unknown });
  } catch (error) {
    send({ type: 'rejected', id, error: sent(error) });
  } finally {
    asked.delete(id);
  }
}

function resultOf(call: Call, verbatim: Verbatim, signal: AbortSignal): Promise<unknown> {
  const { id, text } = call;
  if (call.type === 'suggest') return suggest(verbatim.retriever, text, { ...call.options, signal });
  if (call.type === 'search') {
    const { limit } = call.options;
    return verbatim.retriever.retrieve(text, { signal, ...(limit === undefined ? {} : { topK: limit }) });
  }
  // Whoever asks for rounds of reading wants to be told of them.
  const onProgress = (progress: AnswerProgress): void => send({ type: 'progressed', id, progress });
  const isFollowed = call.options.inRounds === true;
  return verbatim.ask(text, { ...call.options, signal, ...(isFollowed ? { onProgress } : {}) });
}

function send(message: WorkerMessage): void {
  self.postMessage(message);
}

function sent(error: unknown): SentError {
  if (VerbatimError.isInstance(error)) return { code: error.code, message: error.message };
  return { message: error instanceof Error ? error.message : String(error) };
}

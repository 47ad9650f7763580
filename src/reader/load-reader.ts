import { availableParallelism } from 'node:os';
import { requireInteger, VerbatimError } from '../core/errors.js';
import { ExtractiveReader } from './extractive-reader.js';
import { DEFAULT_MODEL_FOLDER, readModelFiles } from './model-files.js';
import { checkVocabulary, type Dtype, type ModelFiles, type ModelManifest } from './model-layout.js';
import type { HubOptions } from './hub-client.js';
import { defaultModelStore, resolveModel } from './model-store.js';
import { SpanModelPool } from './span-model-pool.js';
import { loadTokenizer } from './tokenizer/load-tokenizer.js';
import type { Tokenizer } from './tokenizer/types.js';
import type { Reader, SpanModel } from './types.js';

export interface LoadReaderOptions {
  /** Folder of a model, or id of an installed one. @defaultValue the reader that is part of this package */
  readonly model?: string;
  /** Folder of the installed models. @defaultValue `~/.cache/verbatim/models` */
  readonly modelStore?: string;
  /** Installs a model that is not installed from the hub, as `verbatim models pull` does. @defaultValue false: nothing is fetched */
  readonly allowRemoteModels?: boolean;
  /** Address and access of the hub, where `allowRemoteModels` is set. */
  readonly hub?: HubOptions;
  /** Number format of the weights. @defaultValue the fastest that the model has: q8, else fp32, else fp16 */
  readonly dtype?: Dtype;
  /**
   * Worker threads that run the network, each with a copy of it (60 to 70 MB for the embedded one). With 0 it runs on the
   * calling thread, which it blocks. @defaultValue one a core, at most 4
   */
  readonly workers?: number;
  /** Threads that one run of the network may use. @defaultValue 2, or 1 on a single core */
  readonly intraOpThreads?: number;
  /** Context windows that may wait for a worker; beyond it, `read` is refused with `queue-full`. @defaultValue 4096 */
  readonly maxQueuedWindows?: number;
}

export interface LoadedReader {
  readonly reader: Reader;
  readonly manifest: ModelManifest;
  readonly dtype: Dtype;
  /** Folder that the model was loaded from. */
  readonly folder: string;
}

/**
 * Measured by bench/reader-service.ts on two cores: one worker a core reads the most windows a second; a second thread in
 * each, which does not spin while it waits, takes at most a twentieth of that and answers a window that is alone a fifth
 * to a third sooner.
 */
const MOST_DEFAULT_WORKERS = 4;
const DEFAULT_INTRA_OP_THREADS = 2;
const DEFAULT_MAX_QUEUED_WINDOWS = 4096;

/**
 * Loads a reader; nothing is fetched unless `allowRemoteModels` is set.
 *
 * @throws VerbatimError `model-not-found`, `model-damaged`, `model-unsupported`, `invalid-option`; those of `pullModel` if a
 * model is fetched.
 */
export async function loadReader(options: LoadReaderOptions = {}): Promise<LoadedReader> {
  const cores = availableParallelism();
  const workers = requireInteger('workers', options.workers ?? Math.min(cores, MOST_DEFAULT_WORKERS), 0, 256);
  const intraOpThreads = requireInteger(
    'intraOpThreads',
    options.intraOpThreads ?? Math.min(cores, DEFAULT_INTRA_OP_THREADS),
    1,
    256,
  );
  const maxQueuedWindows = requireInteger(
    'maxQueuedWindows',
    options.maxQueuedWindows ?? DEFAULT_MAX_QUEUED_WINDOWS,
    1,
  );
  const files = await readModelFiles(await modelFolder(options), options.dtype);
  // The workers load the network while the tokenizer is built here.
  const loading: Promise<SpanModel> =
    workers === 0
      ? loadOnThisThread(files, intraOpThreads)
      : SpanModelPool.start(files, { workers, intraOpThreads, maxQueuedWindows });
  let tokenizer: Tokenizer;
  try {
    tokenizer = loadTokenizer(files.tokenizer, `${files.folder}/tokenizer.json`);
    checkVocabulary(files.folder, files.config, tokenizer);
  } catch (error) {
    await loading.then((model) => model.close()).catch(() => undefined);
    throw error;
  }
  return {
    reader: new ExtractiveReader(tokenizer, await loading),
    manifest: files.manifest,
    dtype: files.dtype,
    folder: files.folder,
  };
}

/** The runtime is imported only by the threads that use it: that takes as long as loading the network. */
async function loadOnThisThread(files: ModelFiles, intraOpThreads: number): Promise<SpanModel> {
  const { OnnxSpanModel } = await import('./onnx-span-model.js');
  return OnnxSpanModel.load(files, { intraOpThreads });
}

async function modelFolder(options: LoadReaderOptions): Promise<string> {
  const { model, dtype, hub, allowRemoteModels = false } = options;
  if (model === undefined) return DEFAULT_MODEL_FOLDER;
  const store = options.modelStore ?? defaultModelStore();
  try {
    return await resolveModel(model, store);
  } catch (error) {
    if (!allowRemoteModels || !VerbatimError.isInstance(error) || error.code !== 'model-not-found')
      throw error;
    const { pullModel } = await import('./hub-pull.js');
    const { folder } = await pullModel(model, { ...hub, store, ...(dtype === undefined ? {} : { dtype }) });
    return folder;
  }
}

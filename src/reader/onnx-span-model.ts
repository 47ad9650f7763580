import { AutoModelForQuestionAnswering, env, Tensor, type PreTrainedModel } from '@xenova/transformers';
import { VerbatimError } from '../core/errors.js';
import { checkLogits, checkOutputs, networkInputs } from './network-io.js';
import { longestWindow, type ModelFiles } from './model-layout.js';
import type { ContextWindow, SpanLogits, SpanModel } from './types.js';

export interface OnnxSpanModelOptions {
  /** Threads that one run of the network may use. @defaultValue 1 */
  readonly intraOpThreads?: number;
}

/** A question-answering network run by transformers.js, one window a run, so that no window's logits depend on another's. */
export class OnnxSpanModel implements SpanModel {
  readonly maxSequenceLength: number;
  readonly #model: PreTrainedModel;
  readonly #inputNames: readonly string[];
  #closed = false;

  private constructor(model: PreTrainedModel, maxSequenceLength: number) {
    this.#model = model;
    this.maxSequenceLength = maxSequenceLength;
    this.#inputNames = sessionOf(model).inputNames;
  }

  /**
   * Builds the network from files already in memory.
   *
   * @throws VerbatimError `model-damaged` if the runtime cannot load the weights, `model-unsupported` if they are not a question-answering model.
   */
  static async load(files: ModelFiles, options: OnnxSpanModelOptions = {}): Promise<OnnxSpanModel> {
    let model: PreTrainedModel;
    try {
      model = await withFilesFromMemory(files, () =>
        AutoModelForQuestionAnswering.from_pretrained(IN_MEMORY_ID, {
          dtype: files.dtype,
          device: 'cpu',
          local_files_only: true,
          session_options: {
            intraOpNumThreads: options.intraOpThreads ?? 1,
            interOpNumThreads: 1,
            // Threads that wait give their core away: spinning, two workers of two threads halve each other's speed.
            extra: {
              session: {
                intra_op: { allow_spinning: '0' },
                // Without it int8 weights of a network that computes in floating point are taken for a licence to round activations.
                disable_quant_qdq: files.dtype === 'fp32' ? '1' : '0',
              },
              // The fused kernel is slower than addition and normalisation by themselves: 9% of a whole int8 run.
              optimization: { disable_specified_optimizers: 'SkipLayerNormFusion' },
            },
            // Errors only: the runtime's warnings are about its own optimisations.
            logSeverityLevel: 3,
          },
        }),
      );
    } catch (error) {
      const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      const code = reason.startsWith('Unsupported model type') ? 'model-unsupported' : 'model-damaged';
      throw new VerbatimError(code, `Cannot load the model in ${files.folder}: ${reason}`, error);
    }
    try {
      checkOutputs(files.folder, sessionOf(model).outputNames);
    } catch (error) {
      await model.dispose();
      throw error;
    }
    return new OnnxSpanModel(model, longestWindow(files));
  }

  async predict(windows: readonly ContextWindow[], signal?: AbortSignal): Promise<SpanLogits[]> {
    const logits: SpanLogits[] = [];
    for (const window of windows) {
      signal?.throwIfAborted();
      if (this.#closed) throw new VerbatimError('closed', 'The reader has been closed.');
      logits.push(await this.#run(window));
    }
    return logits;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#model.dispose();
  }

  async #run(window: ContextWindow): Promise<SpanLogits> {
    const inputs = Object.fromEntries(
      Object.entries(networkInputs(window, this.#inputNames)).map(([name, data]) => [
        name,
        new Tensor('int64', data, [1, data.length]),
      ]),
    );
    const output = (await this.#model(inputs)) as Record<'start_logits' | 'end_logits', Tensor>;
    return checkLogits({
      start: output.start_logits.to('float32').data as Float32Array,
      end: output.end_logits.to('float32').data as Float32Array,
    });
  }
}

function sessionOf(model: PreTrainedModel): {
  inputNames: readonly string[];
  outputNames: readonly string[];
} {
  const sessions = model.sessions as Record<
    string,
    { inputNames: readonly string[]; outputNames: readonly string[] }
  >;
  const [session] = Object.values(sessions);
  if (session === undefined) throw new VerbatimError('model-damaged', 'The runtime loaded no network.');
  return session;
}

/** The id under which the runtime asks for the files of the model that is being loaded. */
const IN_MEMORY_ID = 'verbatim/in-memory';

/** One load at a time: the runtime's settings are global to the process. */
let loading: Promise<unknown> = Promise.resolve();

/**
 * Lets the runtime find a model's files in memory instead of on disk, so that what was checked is what is run and
 * nothing is read twice. The runtime's settings are put back afterwards.
 */
function withFilesFromMemory<T>(files: ModelFiles, load: () => Promise<T>): Promise<T> {
  const result = loading.then(async () => {
    const { useCustomCache, customCache, allowRemoteModels } = env;
    env.useCustomCache = true;
    env.customCache = {
      match: (key: string) => Promise.resolve(responseFor(files, key)),
      put: () => Promise.resolve(),
    };
    env.allowRemoteModels = false;
    try {
      return await load();
    } finally {
      Object.assign(env, { useCustomCache, customCache, allowRemoteModels });
    }
  });
  loading = result.catch(() => undefined);
  return result;
}

/** A copy, made when it is read: a response cannot be made of memory that threads share. */
function responseFor(files: ModelFiles, key: string): Response | undefined {
  for (const [name, bytes] of files.bytes) {
    if (!key.includes(IN_MEMORY_ID) || !key.endsWith(`/${name}`)) continue;
    const content = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(bytes.slice());
        controller.close();
      },
    });
    return new Response(content);
  }
  return undefined;
}

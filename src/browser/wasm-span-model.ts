import type * as Runtime from 'onnxruntime-web/wasm';
import { VerbatimError } from '../core/errors.js';
import { checkLogits, checkOutputs, networkInputs } from '../reader/network-io.js';
import type { ContextWindow, SpanLogits, SpanModel } from '../reader/types.js';

/** The part of ONNX Runtime that is used. */
export type WasmRuntime = Pick<typeof Runtime, 'env' | 'InferenceSession' | 'Tensor'>;

export interface WasmNetwork {
  /** Names the model in errors. */
  readonly name: string;
  /** Contents of the .onnx file. */
  readonly weights: Uint8Array;
  /** Tokens of the longest window that it takes. */
  readonly maxSequenceLength: number;
}

/** A question-answering network run by ONNX Runtime's WebAssembly, one window a run, so that no window's logits depend on another's. */
export class WasmSpanModel implements SpanModel {
  readonly maxSequenceLength: number;
  readonly #runtime: WasmRuntime;
  readonly #session: Runtime.InferenceSession;
  #closed = false;

  private constructor(runtime: WasmRuntime, session: Runtime.InferenceSession, maxSequenceLength: number) {
    this.#runtime = runtime;
    this.#session = session;
    this.maxSequenceLength = maxSequenceLength;
  }

  /**
   * Builds the network.
   *
   * @param runtime - with its `env` set up.
   * @throws VerbatimError `model-damaged` if the runtime cannot load the weights, `model-unsupported` if they are no question-answering network.
   */
  static async load(runtime: WasmRuntime, network: WasmNetwork): Promise<WasmSpanModel> {
    let session: Runtime.InferenceSession;
    try {
      session = await runtime.InferenceSession.create(network.weights, {
        executionProviders: ['wasm'],
        // Errors only: the runtime's warnings are about its own optimisations.
        logSeverityLevel: 3,
        // Without it the runtime takes weights that are stored as integers for a licence to round activations, too.
        extra: { session: { disable_quant_qdq: '1' } },
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new VerbatimError('model-damaged', `Cannot load the model ${network.name}: ${reason}`, error);
    }
    checkOutputs(network.name, session.outputNames);
    return new WasmSpanModel(runtime, session, network.maxSequenceLength);
  }

  async predict(windows: readonly ContextWindow[], signal?: AbortSignal): Promise<SpanLogits[]> {
    const logits: SpanLogits[] = [];
    for (const window of windows) {
      // A run takes the thread; between two of them a message may say that nobody waits any more.
      await nextTask();
      signal?.throwIfAborted();
      if (this.#closed) throw new VerbatimError('closed', 'The reader has been closed.');
      logits.push(await this.#run(window));
    }
    return logits;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#session.release();
  }

  async #run(window: ContextWindow): Promise<SpanLogits> {
    const feeds = Object.fromEntries(
      Object.entries(networkInputs(window, this.#session.inputNames)).map(([name, data]) => [
        name,
        new this.#runtime.Tensor('int64', data, [1, data.length]),
      ]),
    );
    const output = await this.#session.run(feeds);
    return checkLogits({ start: logitsOf(output, 'start_logits'), end: logitsOf(output, 'end_logits') });
  }
}

function logitsOf(output: Runtime.InferenceSession.ReturnType, name: string): Float32Array {
  const data = output[name]?.data;
  if (data instanceof Float32Array) return data;
  throw new VerbatimError('model-unsupported', `Expected the output ${name} to be of the type float32.`);
}

/** Without the pause that browsers make of nested timers. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (): void => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

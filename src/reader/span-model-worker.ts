import { parentPort, workerData } from 'node:worker_threads';
import { VerbatimError, type VerbatimErrorCode } from '../core/errors.js';
import type { ModelFiles } from './model-layout.js';
import { OnnxSpanModel, type OnnxSpanModelOptions } from './onnx-span-model.js';
import type { ContextWindow, SpanLogits } from './types.js';

/** What a worker is started with. */
export interface WorkerSettings extends OnnxSpanModelOptions {
  readonly files: ModelFiles;
}

export type WorkerRequest =
  | { readonly kind: 'predict'; readonly task: number; readonly window: ContextWindow }
  | { readonly kind: 'close' };

export type WorkerReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'logits'; readonly task: number; readonly logits: SpanLogits }
  | {
      readonly kind: 'failed';
      /** Missing if the model could not be loaded. */
      readonly task?: number;
      readonly code?: VerbatimErrorCode;
      readonly message: string;
    };

const port = parentPort;
if (port === null) throw new Error('This module runs in a worker thread only.');
const { files, ...options } = workerData as WorkerSettings;

const reply = (message: WorkerReply, transfer: ArrayBuffer[] = []): void =>
  port.postMessage(message, transfer);
const replyError = (error: unknown, task?: number): void =>
  reply({
    kind: 'failed',
    ...(task === undefined ? {} : { task }),
    ...(VerbatimError.isInstance(error) ? { code: error.code } : {}),
    message: error instanceof Error ? error.message : String(error),
  });

// Requests wait for the model, and are served one after another.
let ready = OnnxSpanModel.load(files, options).then((model) => {
  reply({ kind: 'ready' });
  return model;
});
ready.catch(replyError);

port.on('message', (request: WorkerRequest) => {
  ready = ready.then(async (model) => {
    if (request.kind === 'close') {
      // The model first, then the port: ending the thread during a run would end the whole process.
      await model.close();
      port.close();
      return model;
    }
    try {
      const [logits] = await model.predict([request.window]);
      if (logits === undefined) throw new Error('The model gave no logits.');
      reply({ kind: 'logits', task: request.task, logits }, [
        logits.start.buffer as ArrayBuffer,
        logits.end.buffer as ArrayBuffer,
      ]);
    } catch (error) {
      replyError(error, request.task);
    }
    return model;
  });
  // Said when the model failed to load.
  ready.catch(() => undefined);
});

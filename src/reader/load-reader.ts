import { ExtractiveReader } from './extractive-reader.js';
import { DEFAULT_MODEL_FOLDER, readModelFiles, type Dtype, type ModelManifest } from './model-files.js';
import { OnnxSpanModel, type OnnxSpanModelOptions } from './onnx-span-model.js';
import { loadTokenizer } from './tokenizer/load-tokenizer.js';
import type { Reader } from './types.js';

export interface LoadReaderOptions extends OnnxSpanModelOptions {
  /** Folder of the model. @defaultValue the reader that is part of this package */
  readonly model?: string;
  /** Number format of the weights. @defaultValue 'q8' */
  readonly dtype?: Dtype;
}

export interface LoadedReader {
  readonly reader: Reader;
  readonly manifest: ModelManifest;
}

/**
 * Loads a reader from a folder; nothing is fetched.
 *
 * @throws VerbatimError `model-not-found`, `model-damaged`, `model-unsupported`.
 */
export async function loadReader(options: LoadReaderOptions = {}): Promise<LoadedReader> {
  const files = await readModelFiles(options.model ?? DEFAULT_MODEL_FOLDER, options.dtype ?? 'q8');
  const tokenizer = loadTokenizer(files.tokenizer, `${files.folder}/tokenizer.json`);
  const model = await OnnxSpanModel.load(files, options);
  return { reader: new ExtractiveReader(tokenizer, model), manifest: files.manifest };
}

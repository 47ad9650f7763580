import type { Rules } from '../pipeline/reader-answerer.js';
import type { Dtype, ModelConfig, ModelManifest } from '../reader/model-layout.js';
import type { CutDocument } from '../retriever/cut-document.js';

/** Raised with every change of what an exported site holds, or of how its page and its worker talk. */
export const SITE_FORMAT = 1;

/** Says what stands in the folder of an exported site; it lists every other file. */
export const MANIFEST_FILE = 'manifest.json';

/** What every manifest of an exported site says that it is. */
export const SITE_KIND = 'verbatim-site';

/** Files that the worker reads, by what they are. */
export const DATA_FILES = Object.freeze({
  /** {@link StoredIndex}. */
  index: 'data/index.json',
  /** {@link StoredReader}. */
  reader: 'data/reader.json',
  tokenizer: 'data/tokenizer.json',
  network: 'data/network.onnx',
  /** ONNX Runtime. */
  runtime: 'data/runtime.wasm',
});

/** Scripts of an exported site, as they are built. */
export const SCRIPT_FILES = Object.freeze({
  client: 'client.js',
  worker: 'worker.js',
  page: 'page.js',
  serviceWorker: 'service-worker.js',
  /** The part of ONNX Runtime that is no WebAssembly. */
  runtime: 'runtime.js',
});

export interface SiteFile {
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** manifest.json of an exported site. */
export interface SiteManifest {
  readonly kind: typeof SITE_KIND;
  readonly format: number;
  /** Version of this package that wrote it. */
  readonly version: string;
  readonly model: { readonly id: string; readonly revision: string; readonly dtype: Dtype };
  readonly documents: number;
  readonly passages: number;
  /** Every file but the manifest, by its path. */
  readonly files: Readonly<Record<string, SiteFile>>;
}

/** The documents, with where they were cut; the inverted index is made anew from them. */
export interface StoredIndex {
  readonly documents: readonly CutDocument[];
}

/** What of a reader is neither tokenizer nor weights. */
export interface StoredReader {
  readonly manifest: ModelManifest;
  readonly config: ModelConfig;
  readonly rules: Rules;
}

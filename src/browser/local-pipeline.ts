import { Pipeline, type Verbatim } from '../pipeline/pipeline.js';
import { ReaderAnswerer } from '../pipeline/reader-answerer.js';
import { ExtractiveReader } from '../reader/extractive-reader.js';
import { checkVocabulary, longestWindow } from '../reader/model-layout.js';
import { loadTokenizer } from '../reader/tokenizer/load-tokenizer.js';
import type { Tokenizer } from '../reader/tokenizer/types.js';
import { Bm25Retriever } from '../retriever/bm25-retriever.js';
import { passageOf } from '../retriever/cut-document.js';
import { DATA_FILES, type StoredIndex, type StoredReader } from './site-manifest.js';
import { WasmSpanModel, type WasmRuntime } from './wasm-span-model.js';

/** Gives a file of the site. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/**
 * Builds the pipeline of an exported site: the library's own parts, but for the network's runtime.
 *
 * @param startRuntime - given the contents of the runtime's WebAssembly.
 * @throws VerbatimError what `readFile` throws; `model-damaged`, `model-unsupported`.
 */
export async function buildPipeline(
  readFile: ReadFile,
  startRuntime: (wasm: Uint8Array) => Promise<WasmRuntime>,
): Promise<Verbatim> {
  const reader = readFile(DATA_FILES.reader).then((bytes) => parse(bytes) as StoredReader);
  const [retriever, tokenizer, model, { rules }] = await Promise.all([
    buildRetriever(readFile),
    buildTokenizer(readFile, reader),
    loadNetwork(readFile, reader, startRuntime),
    reader,
  ]);
  return new Pipeline(
    retriever,
    new ReaderAnswerer(new ExtractiveReader(tokenizer, model), rules, true),
    undefined,
  );
}

async function buildRetriever(readFile: ReadFile): Promise<Bm25Retriever> {
  const { documents } = parse(await readFile(DATA_FILES.index)) as StoredIndex;
  const retriever = new Bm25Retriever();
  for (const cut of documents) {
    for (const i of cut.passages.keys()) retriever.addPassage(passageOf(cut, i));
  }
  return retriever;
}

async function buildTokenizer(readFile: ReadFile, reader: Promise<StoredReader>): Promise<Tokenizer> {
  const name = DATA_FILES.tokenizer;
  const tokenizer = loadTokenizer(parse(await readFile(name)), name);
  checkVocabulary(name, (await reader).config, tokenizer);
  return tokenizer;
}

async function loadNetwork(
  readFile: ReadFile,
  reader: Promise<StoredReader>,
  startRuntime: (wasm: Uint8Array) => Promise<WasmRuntime>,
): Promise<WasmSpanModel> {
  const [wasm, weights, stored] = await Promise.all([
    readFile(DATA_FILES.runtime),
    readFile(DATA_FILES.network),
    reader,
  ]);
  return WasmSpanModel.load(await startRuntime(wasm), {
    name: stored.manifest.id,
    weights,
    maxSequenceLength: longestWindow(stored),
  });
}

/** What a file holds is what was exported: it has been compared with the manifest. */
function parse(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}

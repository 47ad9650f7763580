import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  DATA_FILES,
  MANIFEST_FILE,
  SCRIPT_FILES,
  SITE_FORMAT,
  SITE_KIND,
  type SiteFile,
  type SiteManifest,
  type StoredIndex,
  type StoredReader,
} from '../../browser/site-manifest.js';
import type { Rules } from '../../pipeline/index.js';
import { WEIGHT_FILES, type ModelFiles } from '../../reader/model-layout.js';
import type { CutDocument } from '../../retriever/index.js';
import { VERSION } from '../package-version.js';

/** Built by scripts/build-browser.js. */
const BUILT = fileURLToPath(new URL('../../browser', import.meta.url));

/** Page and scripts by their names in the site, and where they are built. */
const BUILT_FILES: readonly (readonly [name: string, file: string])[] = [
  ['index.html', 'site/index.html'],
  ['page.css', 'site/page.css'],
  [SCRIPT_FILES.page, 'site/page.js'],
  [SCRIPT_FILES.worker, 'site/worker.js'],
  [SCRIPT_FILES.client, 'index.js'],
  ['LICENSES.txt', 'site/LICENSES.txt'],
];

export interface SiteParts {
  readonly documents: readonly CutDocument[];
  readonly model: ModelFiles;
  readonly rules: Rules;
}

export interface SiteContent {
  readonly manifest: SiteManifest;
  /** Every file of the site by its path, the manifest among them. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** The files of a site; the same parts make the same bytes. */
export async function siteContent({ documents, model, rules }: SiteParts): Promise<SiteContent> {
  const { manifest: reader, config, dtype, bytes } = model;
  const own = (name: string): Uint8Array => bytes.get(name) ?? new Uint8Array();
  const runtime = runtimeFolder();
  const data: readonly (readonly [string, Uint8Array])[] = [
    [DATA_FILES.index, json({ documents: documents.map(withoutOtherBlocks) } satisfies StoredIndex)],
    [DATA_FILES.reader, json({ manifest: reader, config, rules } satisfies StoredReader)],
    [DATA_FILES.tokenizer, own('tokenizer.json')],
    [DATA_FILES.network, own(WEIGHT_FILES[dtype])],
    // Without WebGPU and WebGL: half the size of the others.
    [DATA_FILES.runtime, await readFile(path.join(runtime, 'ort-wasm-simd-threaded.wasm'))],
  ];
  const scripts = await Promise.all([
    ...BUILT_FILES.map(async ([name, file]) => [name, await readFile(path.join(BUILT, file))] as const),
    // With the glue of its WebAssembly inside, which otherwise is one more file to find.
    readFile(path.join(runtime, 'ort.wasm.bundle.min.mjs')).then(
      (script) => [SCRIPT_FILES.runtime, script] as const,
    ),
  ]);
  const serviceWorker = await readFile(path.join(BUILT, 'site/service-worker.js'), 'utf8');
  const version = digest(json([...data, ...scripts].map(([name, content]) => [name, digest(content)])));
  const base = {
    kind: SITE_KIND,
    format: SITE_FORMAT,
    version: VERSION,
    model: { id: reader.id, revision: reader.revision, dtype },
    documents: documents.length,
    passages: documents.reduce((sum, { passages }) => sum + passages.length, 0),
  } as const;
  const described = describe([...data, ...scripts]);
  // The service worker keeps the manifest, too, and so cannot be listed in it.
  const manifest: SiteManifest = { ...base, files: described };
  const manifestBytes = json(manifest, 2);
  const kept = describe([
    ...scripts.map(([name, content]) => [name === 'index.html' ? '' : name, content] as const),
    [MANIFEST_FILE, manifestBytes],
  ]);
  const settings = `self.VERBATIM_SITE=${JSON.stringify({ version, files: kept })};\n`;
  return {
    manifest,
    files: new Map([
      ...data,
      ...scripts,
      [MANIFEST_FILE, manifestBytes],
      [SCRIPT_FILES.serviceWorker, new TextEncoder().encode(settings + serviceWorker)],
    ]),
  };
}

/** Passages need of the blocks only the headings of those that they begin in. */
function withoutOtherBlocks({ document, passages }: CutDocument): CutDocument {
  const used = [...new Set(passages.map(([, , block]) => block))];
  const places = new Map(used.map((block, i) => [block, i]));
  return {
    document: { ...document, blocks: used.flatMap((block) => document.blocks[block] ?? []) },
    passages: passages.map(([start, end, block]) => [start, end, places.get(block) ?? 0]),
  };
}

function describe(files: readonly (readonly [string, Uint8Array])[]): Record<string, SiteFile> {
  return Object.fromEntries(
    files.map(([name, content]) => [name, { bytes: content.length, sha256: digest(content) }]),
  );
}

function digest(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function json(value: unknown, indent = 0): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value, null, indent));
}

/** ONNX Runtime for browsers comes with transformers.js. */
function runtimeFolder(): string {
  const transformers = createRequire(import.meta.url).resolve('@xenova/transformers');
  return path.dirname(createRequire(transformers).resolve('onnxruntime-web'));
}

import { createHash } from 'node:crypto';
import { access, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { VerbatimError } from '../../src/core/errors.js';
import { DEFAULT_MODEL_FOLDER } from '../../src/reader/index.js';
import { run, type Command } from './child.js';
import { PYTHON_FOLDER, type EnvironmentName, type PythonEnvironments } from './python-env.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FP32_WEIGHTS = 'onnx/model.onnx';
const FP32_FILES = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  FP32_WEIGHTS,
  'model.safetensors',
];

const manifestSchema = z.looseObject({ nullScoreDifferenceThreshold: z.looseObject({ value: z.number() }) });

type Manifest = z.infer<typeof manifestSchema>;

/** `one`: each reader on one thread; `default`: each with the threads that it takes by itself. */
export type Threads = 'one' | 'default';

/** No network; with `one`, a single thread each. The programs read BENCH_THREADS. */
function peerEnvironment(threads: Threads): Record<string, string> {
  const offline = {
    TOKENIZERS_PARALLELISM: 'false',
    HF_HUB_OFFLINE: '1',
    HAYSTACK_TELEMETRY_ENABLED: 'False',
  };
  if (threads === 'default') return { ...offline, BENCH_THREADS: threads };
  return {
    ...offline,
    BENCH_THREADS: threads,
    OMP_NUM_THREADS: '1',
    MKL_NUM_THREADS: '1',
    OPENBLAS_NUM_THREADS: '1',
  };
}

export interface Contender {
  readonly id: string;
  readonly name: string;
  /** @throws Error with one line of reason if it cannot be run here. */
  readonly prepare: () => Promise<Command>;
}

/** The one that all are compared with. */
export const BASELINE = 'verbatim-q8';

/**
 * Checks that a folder holds the fp32 weights of the embedded reader, as far as the tokenizer and the architecture tell.
 *
 * @throws VerbatimError `invalid-option`.
 */
export async function checkFp32Folder(folder: string): Promise<void> {
  for (const name of FP32_FILES) {
    await access(path.join(folder, name)).catch((error: unknown) => {
      throw new VerbatimError('invalid-option', `--fp32: no readable ${name} in ${folder}.`, error);
    });
  }
  const tokenizers = [folder, DEFAULT_MODEL_FOLDER].map((model) =>
    readFile(path.join(model, 'tokenizer.json')),
  );
  const [given, embedded] = await Promise.all(tokenizers);
  if (given === undefined || embedded === undefined || !given.equals(embedded)) {
    throw new VerbatimError(
      'invalid-option',
      `--fp32: ${folder} is another model: its tokenizer.json is not the embedded reader's.`,
    );
  }
}

/** The readers under measurement; `scratch` is an empty folder for what they need compiled or laid out. */
export async function makeContenders(
  fp32: string | undefined,
  environments: PythonEnvironments,
  scratch: string,
  threads: Threads,
): Promise<Contender[]> {
  const manifest = manifestSchema.parse(
    JSON.parse(await readFile(path.join(DEFAULT_MODEL_FOLDER, 'manifest.json'), 'utf8')),
  );
  const threshold = String(manifest.nullScoreDifferenceThreshold.value);
  const compiled = path.join(scratch, 'compiled');
  await compilePeers(compiled);

  const q8 = DEFAULT_MODEL_FOLDER;
  const needFp32 = (): string => {
    if (fp32 === undefined) throw new Error('needs --fp32');
    return fp32;
  };
  const node = (program: string, ...args: string[]): Command => ({
    file: process.execPath,
    args: [path.join(compiled, `bench/read/peers/${program}.js`), ...args],
    env: peerEnvironment(threads),
  });

  return [
    {
      id: BASELINE,
      name: 'Verbatim q8',
      prepare: async () => node('verbatim', q8, 'q8', threshold),
    },
    {
      id: 'verbatim-fp32',
      name: 'Verbatim fp32',
      prepare: async () => {
        const model = await layOutFp32(needFp32(), manifest, path.join(scratch, 'fp32'));
        return node('verbatim', model, 'fp32', threshold);
      },
    },
    {
      id: 'onnxruntime-int8',
      name: "ONNX Runtime int8, run_qa's rule",
      prepare: async () =>
        pythonCommand(environments, threads, 'onnxruntime', 'onnxruntime_int8', q8, threshold),
    },
    {
      id: 'transformers-js-q8',
      name: 'transformers.js pipeline q8',
      prepare: async () => node('transformers-js', q8, 'q8'),
    },
    {
      id: 'transformers-js-fp32',
      name: 'transformers.js pipeline fp32',
      prepare: async () => node('transformers-js', needFp32(), 'fp32'),
    },
    {
      id: 'transformers',
      name: 'transformers pipeline fp32',
      prepare: async () =>
        pythonCommand(environments, threads, 'transformers', 'transformers_pipeline', needFp32()),
    },
    {
      id: 'haystack',
      name: 'Haystack extractive reader fp32',
      prepare: async () => pythonCommand(environments, threads, 'haystack', 'haystack_reader', needFp32()),
    },
  ];
}

/** One of the Python programs in its environment; nothing that the caller set for Python reaches it. */
export async function pythonCommand(
  environments: PythonEnvironments,
  threads: Threads,
  environment: EnvironmentName,
  program: string,
  ...args: string[]
): Promise<Command> {
  return {
    file: await environments.python(environment),
    args: ['-E', '-B', '-X', 'utf8', path.join(PYTHON_FOLDER, `${program}.py`), ...args],
    env: peerEnvironment(threads),
  };
}

/** Compiles the TypeScript programs, so that no loader of TypeScript counts in their memory. */
async function compilePeers(folder: string): Promise<void> {
  const options = ['--noEmit', 'false', '--noCheck', '--rootDir', ROOT, '--outDir', folder];
  const tsc = path.join(ROOT, 'node_modules/typescript/bin/tsc');
  await run({
    file: process.execPath,
    args: [tsc, '--project', path.join(ROOT, 'tsconfig.json'), ...options],
  });
  for (const name of ['node_modules', 'package.json']) {
    await symlink(path.join(ROOT, name), path.join(folder, name));
  }
}

/** The fp32 weights under the embedded reader's manifest. */
async function layOutFp32(fp32: string, manifest: Manifest, folder: string): Promise<string> {
  const files: Record<string, { bytes: number; sha256: string }> = {};
  await mkdir(path.join(folder, 'onnx'), { recursive: true });
  for (const name of ['config.json', 'tokenizer.json', FP32_WEIGHTS]) {
    const bytes = await readFile(path.join(fp32, name));
    files[name] = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
    await symlink(path.join(fp32, name), path.join(folder, name));
  }
  await writeFile(path.join(folder, 'manifest.json'), JSON.stringify({ ...manifest, files }));
  return folder;
}

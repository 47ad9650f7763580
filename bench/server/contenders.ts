import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, type Command } from '../read/child.js';
import type { PythonEnvironments } from '../read/python-env.js';

const COMMAND = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const PYTHON_FOLDER = fileURLToPath(new URL('python', import.meta.url));

/** A server that reads passages for a question. */
export interface Contender {
  readonly id: 'verbatim' | 'verbatim-fp32' | 'hayhooks';
  readonly name: string;
  /** @throws Error with one line of reason if it cannot be run here. */
  readonly command: (port: number) => Promise<Command>;
  /** Where it reads. */
  readonly path: string;
  /** Where it says that it is alive. */
  readonly healthPath: string;
}

/** The built server without a cache, so that every question is read, and without a limit on one address, from which all comes. */
export function verbatimCommand(port: number, ...more: readonly string[]): Command {
  const own = ['--port', String(port), '--cache-entries', '0', '--requests-per-minute', '1000000000'];
  return { file: process.execPath, args: [COMMAND, 'serve', '--log-level', 'error', ...own, ...more] };
}

/**
 * @param fp32 - folder of the weights that the embedded reader was quantised from.
 */
export function contendersOf(
  fp32: string | undefined,
  environments: PythonEnvironments,
): readonly Contender[] {
  const verbatim = { path: '/v1/read', healthPath: '/health' };
  const embedded: Contender = {
    id: 'verbatim',
    name: 'Verbatim q8',
    ...verbatim,
    command: async (port) => verbatimCommand(port),
  };
  if (fp32 === undefined) return [embedded];
  return [
    embedded,
    {
      id: 'verbatim-fp32',
      name: 'Verbatim fp32',
      ...verbatim,
      command: async (port) => verbatimCommand(port, '--model', fp32, '--dtype', 'fp32'),
    },
    {
      id: 'hayhooks',
      name: 'Haystack reader behind Hayhooks, fp32',
      path: '/reader/run',
      healthPath: '/status',
      command: async (port) => hayhooksCommand(environments, fp32, port),
    },
  ];
}

/** Hayhooks is added to the Haystack environment of bench/read, once. */
async function hayhooksCommand(
  environments: PythonEnvironments,
  fp32: string,
  port: number,
): Promise<Command> {
  const python = await environments.python('haystack');
  const requirements = path.join(PYTHON_FOLDER, 'requirements.txt');
  const wanted = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  // In the environment's folder: gone with it when it is made anew.
  const stamp = path.join(path.dirname(python), '..', 'server-packages');
  if ((await readFile(stamp, 'utf8').catch(() => '')) !== wanted) {
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input'];
    await run({ file: python, args: [...pip, '--requirement', requirements] });
    await writeFile(stamp, wanted);
  }
  return {
    file: path.join(path.dirname(python), 'hayhooks'),
    args: ['run', '--host', '127.0.0.1', '--port', String(port)],
    env: {
      HAYHOOKS_PIPELINES_DIR: path.join(PYTHON_FOLDER, 'pipelines'),
      BENCH_MODEL: fp32,
      TOKENIZERS_PARALLELISM: 'false',
      HF_HUB_OFFLINE: '1',
      HAYSTACK_TELEMETRY_ENABLED: 'False',
    },
  };
}

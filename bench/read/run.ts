/**
 * Measures readers of SQuAD questions against each other: the same weights, the same questions.
 *
 *     npx tsx bench/read/run.ts squad2-dev-open.json.gz --fp32 FOLDER
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { access, constants, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { wholeNumber } from '../../src/cli/options.js';
import { VerbatimError } from '../../src/core/errors.js';
import { readSquadFile } from '../../src/ingest/index.js';
import { DEFAULT_MODEL_FOLDER } from '../../src/reader/index.js';
import { killChildren, run } from './child.js';
import { checkFp32Folder, makeContenders, pythonCommand, type Threads } from './contenders.js';
import { measure } from './measure.js';
import { PythonEnvironments } from './python-env.js';
import { makeReport, renderReport, type MatmulPeak, type Report } from './report.js';
import { countWork, makeWorkloads } from './workloads.js';

interface Flags {
  readonly questions: number;
  readonly rounds: number;
  readonly fp32?: string;
  readonly pythonEnv: string;
  readonly threads: Threads;
  readonly out?: string;
}

const cache = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');

const program = new Command('npx tsx bench/read/run.ts')
  .description(
    'Measures readers of SQuAD questions against each other: the same weights, the same questions.',
  )
  .argument('<squad-file>', 'questions in SQuAD 2.0 JSON, gzipped or not')
  .option(
    '--questions <n>',
    'questions with their own paragraph; a fifth of them with ten passages',
    wholeNumber(5),
    500,
  )
  .option(
    '--fp32 <folder>',
    "the embedded reader's weights as onnx/model.onnx and model.safetensors; without it only int8 readers run",
  )
  .option(
    '--python-env <dir>',
    'where the Python environments are kept',
    path.join(cache, 'verbatim', '.bench-env'),
  )
  .addOption(
    new Option('--threads <threads>', 'one thread for each reader, or what each takes by default')
      .choices(['one', 'default'])
      .default('one'),
  )
  .option('--rounds <n>', 'rounds, each a fresh process', wholeNumber(1), 3)
  .option('--out <file>', 'write all figures to this file, as JSON')
  .helpOption('-h, --help', 'print this help')
  .allowExcessArguments(false)
  .exitOverride()
  .action(main);

process.on('exit', killChildren);
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.on(signal, () => process.exit(code));
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (VerbatimError.isInstance(error)) {
    log(`error: ${error.message}`);
    process.exitCode = 2;
  } else throw error;
}

async function main(file: string, flags: Flags): Promise<void> {
  const questions = await readSquadFile(file);
  const workloads = await makeWorkloads(questions, flags.questions);
  const fp32 = flags.fp32 === undefined ? undefined : path.resolve(flags.fp32);
  if (fp32 !== undefined) await checkFp32Folder(fp32);
  if (flags.out !== undefined) await checkWritable(flags.out);

  const scratch = mkdtempSync(path.join(tmpdir(), 'verbatim-bench-'));
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
  const environments = new PythonEnvironments(path.resolve(flags.pythonEnv), log);
  const contenders = await makeContenders(fp32, environments, scratch, flags.threads);
  const peak = await measurePeak(environments);
  const measurements = await measure(contenders, workloads, flags.rounds, log);

  const work = await countWork(workloads, DEFAULT_MODEL_FOLDER);
  const report = makeReport(workloads, work, measurements, flags, peak);
  if (flags.out !== undefined) await writeFile(flags.out, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(renderReport(report));
}

async function measurePeak(environments: PythonEnvironments): Promise<Report['matmulPeak']> {
  try {
    const command = await pythonCommand(environments, 'one', 'onnxruntime', 'matmul_peak');
    return JSON.parse(await run(command)) as MatmulPeak;
  } catch (error) {
    return { notAvailable: error instanceof Error ? error.message : String(error) };
  }
}

/** Before the run rather than after it. */
async function checkWritable(file: string): Promise<void> {
  try {
    await access(path.dirname(path.resolve(file)), constants.W_OK);
    if ((await stat(file).catch(() => undefined))?.isDirectory() === true) throw new Error('it is a folder');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new VerbatimError('file-unwritable', `--out: cannot write ${file}: ${reason}.`, error);
  }
}

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

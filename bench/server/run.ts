/**
 * Loads the real server from another process, and measures it beside reading without a server and beside Haystack's reader behind Hayhooks.
 *
 *     npm run build && npx tsx bench/server/run.ts --fp32 FOLDER
 */
import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { wholeNumber } from '../../src/cli/options.js';
import { killChildren, run } from '../read/child.js';
import { PythonEnvironments } from '../read/python-env.js';
import { contendersOf, verbatimCommand, type Contender } from './contenders.js';
import { measure, type Measurement } from './measure.js';
import { machine, renderReport, type Report, type Result } from './report.js';
import { startService } from './service.js';
import { makeWorkload } from './workload.js';

interface Flags {
  readonly seconds: number;
  readonly connections: number;
  readonly questions: number;
  readonly fp32?: string;
  readonly pythonEnv: string;
  readonly out?: string;
}

/** Slots of the overloaded server: a quarter of the connections. */
const OVERLOAD = 4;

const cache = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');
process.on('exit', killChildren);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

await new Command('npx tsx bench/server/run.ts')
  .description(
    'Loads the real server from another process, and measures it beside reading without one and Haystack.',
  )
  .option('--seconds <n>', 'how long each is measured', wholeNumber(1), 60)
  .option('--connections <n>', 'connections, each with one request at a time', wholeNumber(1), 64)
  .option('--questions <n>', 'different questions', wholeNumber(1), 200)
  .option(
    '--fp32 <folder>',
    "the embedded reader's weights as onnx/model.onnx and model.safetensors; without it only Verbatim q8 runs",
  )
  .option(
    '--python-env <dir>',
    'where the Python environments are kept',
    path.join(cache, 'verbatim', '.bench-env'),
  )
  .option('--out <file>', 'write all figures to this file, as JSON')
  .action(main)
  .parseAsync();

async function main({ seconds, connections, questions, fp32, pythonEnv, out }: Flags): Promise<void> {
  const bodies = (await makeWorkload(questions)).map((reading) => JSON.stringify(reading));
  const load = { bodies, connections, seconds };
  const environments = new PythonEnvironments(path.resolve(pythonEnv), log);
  const contenders = contendersOf(fp32 === undefined ? undefined : path.resolve(fp32), environments);

  const before = await inProcess(load);
  const results: Result[] = [];
  for (const contender of contenders) {
    log(`Measuring ${contender.name}`);
    const { id, name } = contender;
    try {
      results.push({ id, name, measurement: await measureContender(contender, load) });
    } catch (error) {
      results.push({ id, name, notAvailable: error instanceof Error ? error.message : String(error) });
    }
  }
  log('Measuring an overloaded server');
  const slots = String(Math.max(1, Math.floor(connections / OVERLOAD)));
  const overload = await measureContender(
    {
      path: '/v1/read',
      healthPath: '/health',
      command: async (port) => verbatimCommand(port, '--max-concurrent', slots),
    },
    load,
  );
  const report: Report = {
    machine: machine(),
    connections,
    seconds,
    questions: bodies.length,
    inProcess: [before, await inProcess(load)],
    results,
    overload,
  };
  if (out !== undefined) await writeFile(out, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(renderReport(report));
}

type Load = Omit<Parameters<typeof measure>[1], 'path'>;

async function measureContender(
  { command, path: readPath, healthPath }: Pick<Contender, 'command' | 'path' | 'healthPath'>,
  load: Load,
): Promise<Measurement> {
  const service = await startService(command, healthPath);
  try {
    return await measure(service, { ...load, path: readPath });
  } finally {
    await service.stop();
  }
}

async function inProcess(load: Load): Promise<number> {
  log('Measuring reading without a server');
  const args = ['--import', 'tsx', fileURLToPath(new URL('in-process.ts', import.meta.url))];
  const printed = await run({ file: process.execPath, args }, JSON.stringify(load));
  return (JSON.parse(printed) as { questionsPerSecond: number }).questionsPerSecond;
}

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

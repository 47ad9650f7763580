import os from 'node:os';
import type { SquadMetrics } from '../../src/evaluation/index.js';
import { BASELINE, type Threads } from './contenders.js';
import type { Measurement, Round } from './measure.js';
import { WARM_UP, type Work, type Workload } from './workloads.js';

/** Operations a second that one core reaches in a matrix product. */
export interface MatmulPeak {
  readonly fp32: number;
  readonly int8: number;
}

/** One contender with one workload, as written to the results file. Medians are over the rounds. */
interface Result {
  readonly contender: string;
  readonly name: string;
  readonly workload: Workload['id'];
  readonly notAvailable?: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly questionsPerSecond?: number;
  readonly passagesPerSecond?: number;
  /** Median of each round's time ÷ the baseline's time in the same round. */
  readonly timeRatio?: number;
  readonly peakRssBytes?: number;
  /** Time of the matrix products at the machine's peak ÷ median time. */
  readonly shareOfPeak?: number;
  readonly metrics?: SquadMetrics;
  readonly stable: boolean;
  readonly rounds: readonly (Round & { questionsPerSecond: number; passagesPerSecond: number })[];
}

export interface Report {
  readonly machine: { cpu: string; cores: number; memoryBytes: number; platform: string; node: string };
  readonly questions: number;
  readonly warmUp: number;
  readonly rounds: number;
  readonly threads: Threads;
  readonly matmulPeak: MatmulPeak | { readonly notAvailable: string };
  readonly workloads: readonly (Work & {
    id: Workload['id'];
    title: string;
    questions: number;
    passages: number;
  })[];
  readonly results: readonly Result[];
}

/** Puts the figures together; `work` goes with `workloads`. */
export function makeReport(
  workloads: readonly Workload[],
  work: readonly Work[],
  measurements: readonly Measurement[],
  { rounds, threads }: Pick<Report, 'rounds' | 'threads'>,
  matmulPeak: Report['matmulPeak'],
): Report {
  const described = workloads.map((workload, i) => ({
    id: workload.id,
    title: workload.title,
    questions: workload.counted.length,
    passages: passagesOf(workload),
    ...(work[i] ?? { windows: 0, tokens: 0, linearOperations: 0, attentionOperations: 0 }),
  }));
  return {
    machine: {
      cpu: os.cpus()[0]?.model ?? 'unknown',
      cores: os.cpus().length,
      memoryBytes: os.totalmem(),
      platform: `${process.platform} ${process.arch}`,
      node: process.versions.node,
    },
    questions: workloads[0]?.counted.length ?? 0,
    warmUp: WARM_UP,
    rounds,
    threads,
    matmulPeak,
    workloads: described,
    results: measurements.map((measurement) => {
      const baseline = measurements.find(
        ({ contender, workload }) => contender.id === BASELINE && workload === measurement.workload,
      );
      const done = described.find(({ id }) => id === measurement.workload.id);
      return resultOf(measurement, baseline, done, threads === 'one' ? matmulPeak : undefined);
    }),
  };
}

function resultOf(
  measurement: Measurement,
  baseline: Measurement | undefined,
  work: Work | undefined,
  peak: Report['matmulPeak'] | undefined,
): Result {
  const { contender, workload, versions, stable, failure } = measurement;
  const rounds = measurement.rounds.map((round) => ({
    ...round,
    questionsPerSecond: workload.counted.length / round.seconds,
    passagesPerSecond: passagesOf(workload) / round.seconds,
  }));
  const common = {
    contender: contender.id,
    name: contender.name,
    workload: workload.id,
    versions,
    stable,
    rounds,
  };
  if (failure !== undefined) return { ...common, notAvailable: failure };

  const ratios = rounds.flatMap(({ round, seconds }) => {
    const other = baseline?.rounds.find((one) => one.round === round);
    return other === undefined ? [] : [seconds / other.seconds];
  });
  const seconds = median(rounds.map((round) => round.seconds));
  const share = shareOfPeak(contender.id, seconds, work, peak);
  return {
    ...common,
    questionsPerSecond: workload.counted.length / seconds,
    passagesPerSecond: passagesOf(workload) / seconds,
    ...(ratios.length === 0 ? {} : { timeRatio: median(ratios) }),
    peakRssBytes: median(rounds.map(({ peakRssBytes }) => peakRssBytes)),
    ...(share === undefined ? {} : { shareOfPeak: share }),
    // The readers that rank passages apart have no rule of their own for an answer from several.
    ...(workload.id === 'own-paragraph' && measurement.metrics !== undefined
      ? { metrics: measurement.metrics }
      : {}),
  };
}

/** Known on one thread, and for Verbatim alone: the other readers truncate, pad or batch otherwise. */
function shareOfPeak(
  contender: string,
  seconds: number,
  work: Work | undefined,
  peak: Report['matmulPeak'] | undefined,
): number | undefined {
  if (work === undefined || peak === undefined || 'notAvailable' in peak) return undefined;
  const linearPeak = { 'verbatim-q8': peak.int8, 'verbatim-fp32': peak.fp32 }[contender];
  if (linearPeak === undefined) return undefined;
  return (work.linearOperations / linearPeak + work.attentionOperations / peak.fp32) / seconds;
}

function passagesOf({ counted }: Workload): number {
  return counted.reduce((total, { passages }) => total + passages.length, 0);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

/** Heading and cell of a column. */
type Column = readonly [string, (result: Result) => string];

const SPEED: readonly Column[] = [
  ['questions/s', ({ questionsPerSecond }) => fixed(questionsPerSecond, 2)],
  ['passages/s', ({ passagesPerSecond }) => fixed(passagesPerSecond, 1)],
  [
    'questions/s, each round',
    ({ rounds }) => rounds.map((one) => fixed(one.questionsPerSecond, 2)).join(', '),
  ],
  ['time ÷ Verbatim q8', ({ timeRatio }) => fixed(timeRatio, 2)],
  [
    'peak memory',
    ({ peakRssBytes }) => `${fixed(peakRssBytes === undefined ? undefined : peakRssBytes / 2 ** 20, 0)} MiB`,
  ],
];
const QUALITY: readonly Column[] = [
  ['EM', ({ metrics }) => fixed(metrics?.exact, 2)],
  ['F1', ({ metrics }) => fixed(metrics?.f1, 2)],
  ['HasAns F1', ({ metrics }) => fixed(metrics?.HasAns_f1, 2)],
  ['NoAns', ({ metrics }) => fixed(metrics?.NoAns_exact, 2)],
];

/** The report as Markdown. */
export function renderReport(report: Report): string {
  const { machine, results } = report;
  const parts = [
    `${machine.cpu}, ${machine.cores} cores, ${fixed(machine.memoryBytes / 2 ** 30, 0)} GiB, ${machine.platform}, Node.js ${machine.node}. ` +
      `${report.threads === 'one' ? 'One thread each' : 'Threads as each reader takes them by default'}; medians of ${report.rounds} rounds, each in a fresh process; the first ${report.warmUp} questions are not counted.`,
  ];
  for (const { id, title, questions, passages, windows, tokens } of report.workloads) {
    parts.push(
      `**${title}**: ${questions} questions, ${passages} passages, ${windows} windows, ${tokens} tokens.`,
      table(
        id === 'own-paragraph' ? [...SPEED, ...QUALITY] : SPEED,
        results.filter(({ workload }) => workload === id),
      ),
    );
  }
  if (report.threads === 'one') parts.push(renderPeak(report));
  parts.push(renderVersions(results));
  return `${parts.join('\n\n')}\n`;
}

function table(columns: readonly Column[], results: readonly Result[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    row(['Reader', ...columns.map(([heading]) => heading)]),
    row(['---', ...columns.map(() => '---:')]),
    ...results.map((result) => {
      const { notAvailable } = result;
      if (notAvailable === undefined) return row([result.name, ...columns.map(([, cell]) => cell(result))]);
      return row([
        result.name,
        `not available: ${notAvailable.replaceAll('|', '\\|')}`,
        ...columns.slice(1).map(() => ''),
      ]);
    }),
  ].join('\n');
}

function renderPeak({ matmulPeak, results, workloads }: Report): string {
  if ('notAvailable' in matmulPeak) return `Matrix-product peak not available: ${matmulPeak.notAvailable}`;
  const { fp32, int8 } = matmulPeak;
  const shares = results.flatMap(({ name, workload, shareOfPeak: share }) => {
    const title = workloads.find(({ id }) => id === workload)?.title ?? workload;
    return share === undefined ? [] : [`| ${name} | ${title} | ${fixed(100 * share, 1)} % |`];
  });
  return [
    `**Share of the matrix-product peak** of one core, measured in this run: fp32 ${fixed(fp32 / 1e9, 1)} GFLOP/s, u8 × s8 ${fixed(int8 / 1e9, 1)} GOP/s.`,
    ['| Reader | Workload | share |', '| --- | --- | ---: |', ...shares].join('\n'),
  ].join('\n\n');
}

function renderVersions(results: readonly Result[]): string {
  const lines = results.flatMap(({ name, versions }) => {
    const libraries = Object.entries(versions).map((entry) => entry.join(' '));
    return libraries.length === 0 ? [] : [`- ${name}: ${libraries.join(', ')}`];
  });
  return ['Versions:', '', ...new Set(lines)].join('\n');
}

function fixed(value: number | undefined, digits: number): string {
  return value === undefined ? '–' : value.toFixed(digits);
}

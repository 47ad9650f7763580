import os from 'node:os';
import type { Contender } from './contenders.js';
import type { Measurement } from './measure.js';

export interface Result extends Pick<Contender, 'id' | 'name'> {
  readonly measurement?: Measurement;
  /** Why it was not measured. */
  readonly notAvailable?: string;
}

export interface Report {
  readonly machine: { readonly cpu: string; readonly cores: number; readonly node: string };
  readonly connections: number;
  readonly seconds: number;
  readonly questions: number;
  /** Questions a second of Verbatim q8 without a server, before the server was measured and after. */
  readonly inProcess: readonly number[];
  readonly results: readonly Result[];
  /** Verbatim with fewer slots than there are connections. */
  readonly overload: Measurement;
}

export function machine(): Report['machine'] {
  return {
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    node: process.version,
  };
}

export function renderReport(report: Report): string {
  const { machine: at, connections, seconds, questions, inProcess, results, overload } = report;
  const rows = results.map(({ name, measurement, notAvailable }) =>
    measurement === undefined
      ? `| ${name} | not available: ${notAvailable ?? ''} ||||||||`
      : row(name, measurement),
  );
  return `${at.cpu}, ${at.cores} cores, Node.js ${at.node}. ${connections} connections for ${seconds} s, ${questions} questions with ten passages each.

| Server | questions/s | p50 | p95 | p99 | health check p50 | p99 | memory, last | growth | responses |
| ------ | ----------: | --: | --: | --: | ----------: | --: | -----------: | -----: | --------- |
${[...rows, row('Verbatim, overloaded', overload)].join('\n')}

Milliseconds. Growth: median memory of the last quarter of the time ÷ that of the second.

Verbatim q8 without a server: ${inProcess.map((rate) => rate.toFixed(2)).join(' and ')} questions/s.

${verdicts(report)
  .map(({ holds, what }) => `- ${holds ? 'holds' : '**does not hold**'}: ${what}`)
  .join('\n')}
`;
}

function row(name: string, measurement: Measurement): string {
  const { questionsPerSecond, answers, health, residentBytes, memoryGrowth, errors } = measurement;
  const cells = [answers.p50, answers.p95, answers.p99, health.p50, health.p99].map((ms) => ms.toFixed(0));
  const memory = `${((residentBytes.at(-1) ?? NaN) / 2 ** 20).toFixed(0)} MiB`;
  const responses = Object.entries(measurement.statuses).map(([status, count]) => `${count} × ${status}`);
  if (errors > 0) responses.push(`${errors} errors`);
  return `| ${name} | ${questionsPerSecond.toFixed(2)} | ${cells.join(' | ')} | ${memory} | ${memoryGrowth.toFixed(3)} | ${responses.join(', ')} |`;
}

const HEALTH_P99_MS = 50;
const LEAST_SHARE_OF_IN_PROCESS = 0.85;
const MOST_MEMORY_GROWTH = 1.05;
const LEAST_TIMES_RIVAL = 3;

/** What the server must show, and whether it does. */
function verdicts({ results, inProcess, overload }: Report): { holds: boolean; what: string }[] {
  const measurementOf = (wanted: Contender['id']): Measurement | undefined =>
    results.find(({ id }) => id === wanted)?.measurement;
  const own = measurementOf('verbatim');
  const rival = measurementOf('hayhooks');
  if (own === undefined) return [];
  const share = (own.questionsPerSecond * inProcess.length) / inProcess.reduce((a, b) => a + b, 0);
  const found = [own, overload].every(
    ({ errors, withoutRetryAfter, statuses }) =>
      errors + withoutRetryAfter === 0 &&
      Object.keys(statuses).every((status) => status === '200' || status === '503'),
  );
  const result = [
    { holds: found, what: 'every response is 200, or 503 with Retry-After' },
    {
      holds: own.memoryGrowth <= MOST_MEMORY_GROWTH,
      what: `memory grows by a factor of at most ${MOST_MEMORY_GROWTH}: ${own.memoryGrowth.toFixed(3)}`,
    },
    {
      holds: own.health.p99 < HEALTH_P99_MS,
      what: `/health p99 is under ${HEALTH_P99_MS} ms: ${own.health.p99.toFixed(1)} ms`,
    },
    {
      holds: share >= LEAST_SHARE_OF_IN_PROCESS,
      what: `at least ${LEAST_SHARE_OF_IN_PROCESS} of the questions/s without a server: ${share.toFixed(3)}`,
    },
  ];
  if (rival !== undefined) {
    const times = own.questionsPerSecond / rival.questionsPerSecond;
    result.push({
      holds: times >= LEAST_TIMES_RIVAL,
      what: `at least ${LEAST_TIMES_RIVAL} times the questions/s of Haystack behind Hayhooks: ${times.toFixed(2)}`,
    });
  }
  return result;
}

import { z } from 'zod';
import { squadMetrics, type SquadMetrics } from '../../src/evaluation/index.js';
import { run, type Command } from './child.js';
import type { Contender } from './contenders.js';
import { WARM_UP, type Item, type Workload } from './workloads.js';

/** One process of one contender over one workload. */
export interface Round {
  readonly round: number;
  /** Of the counted questions, from text to answer. */
  readonly seconds: number;
  readonly peakRssBytes: number;
}

/** What one contender did with one workload. */
export interface Measurement {
  readonly contender: Contender;
  readonly workload: Workload;
  readonly rounds: Round[];
  /** Official SQuAD 2.0 metrics of the answers of the first round. */
  metrics?: SquadMetrics;
  /** Question id → answer of the first round. */
  answers?: ReadonlyMap<string, string>;
  /** Whether every later round gave the same answers. */
  stable: boolean;
  versions: Readonly<Record<string, string>>;
  /** Why there is no measurement, in one line. */
  failure?: string;
}

/** Runs every contender once a round over every workload, each in a fresh process, the order rotated from round to round. */
export async function measure(
  contenders: readonly Contender[],
  workloads: readonly Workload[],
  rounds: number,
  log: (line: string) => void,
): Promise<Measurement[]> {
  const commands = new Map<Contender, Command>();
  const failures = new Map<Contender, string>();
  for (const contender of contenders) {
    try {
      commands.set(contender, await contender.prepare());
    } catch (error) {
      const failure = reasonOf(error);
      failures.set(contender, failure);
      log(`${contender.name}: not available: ${failure}`);
    }
  }

  const measurements = workloads.map((workload) =>
    contenders.map((contender): Measurement => {
      const failure = failures.get(contender);
      const empty = { contender, workload, rounds: [], stable: true, versions: {} };
      return failure === undefined ? empty : { ...empty, failure };
    }),
  );
  for (let round = 1; round <= rounds; round++) {
    const first = Math.floor(((round - 1) * contenders.length) / rounds);
    for (const row of measurements) {
      for (const measurement of [...row.slice(first), ...row.slice(0, first)]) {
        const command = commands.get(measurement.contender);
        if (command === undefined || measurement.failure !== undefined) continue;
        const title = `round ${round}/${rounds}, ${measurement.workload.title}, ${measurement.contender.name}`;
        try {
          const seconds = await measureRound(measurement, command, round);
          log(`${title}: ${(measurement.workload.counted.length / seconds).toFixed(2)} questions/s`);
        } catch (error) {
          measurement.failure = reasonOf(error);
          log(`${title}: not available: ${measurement.failure}`);
        }
      }
    }
  }
  return measurements.flat();
}

async function measureRound(measurement: Measurement, command: Command, round: number): Promise<number> {
  const { counted, warmUp } = measurement.workload;
  const { answered, report } = await ask(command, [...warmUp, ...counted]);
  const timed = answered.slice(WARM_UP);
  const seconds = timed.reduce((total, { ms }) => total + ms / 1000, 0);
  measurement.rounds.push({ round, seconds, peakRssBytes: report.peakRssBytes });

  const answers = new Map(timed.map(({ id, answer }) => [id, answer]));
  if (measurement.answers === undefined) {
    measurement.answers = answers;
    measurement.versions = report.versions;
    measurement.metrics = squadMetrics(
      counted.map(({ id, gold }) => ({ gold, predicted: answers.get(id) ?? '' })),
    );
  }
  const { answers: firstAnswers } = measurement;
  measurement.stable &&= counted.every(({ id }) => answers.get(id) === firstAnswers.get(id));
  return seconds;
}

const answerSchema = z.object({ id: z.string(), answer: z.string(), ms: z.number().positive() });
const reportSchema = z.object({
  peakRssBytes: z.int().positive(),
  versions: z.record(z.string(), z.string()),
});

async function ask(
  command: Command,
  items: readonly Item[],
): Promise<{ answered: z.infer<typeof answerSchema>[]; report: z.infer<typeof reportSchema> }> {
  const input = items.map(({ id, question, passages }) => `${JSON.stringify({ id, question, passages })}\n`);
  const lines = (await run(command, input.join(''))).trimEnd().split('\n');
  const answered = lines.slice(0, -1).map((line) => answerSchema.parse(JSON.parse(line)));
  if (answered.length !== items.length || answered.some(({ id }, i) => id !== items[i]?.id)) {
    throw new Error(`it answered ${answered.length} of ${items.length} questions`);
  }
  return { answered, report: reportSchema.parse(JSON.parse(lines.at(-1) ?? '')) };
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '../../src/evaluation/quantile.js';
import { run } from '../read/child.js';
import type { LoadResult, LoadTask } from './load.js';
import type { Service } from './service.js';

/** Ten requests a second are no load of their own. */
const PROBE_MS = 100;
const MEMORY_MS = 1_000;
const WARM_UP_SECONDS = 3;

/** Milliseconds. */
export interface Latencies {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export interface Measurement {
  readonly seconds: number;
  readonly questionsPerSecond: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly errors: number;
  readonly withoutRetryAfter: number;
  readonly answers: Latencies;
  /** The health check during the load, from another connection. */
  readonly health: Latencies;
  /** Resident memory of the server, in bytes, each second. */
  readonly residentBytes: readonly number[];
  /** Median of the last quarter of these ÷ median of the second: 1 where memory is flat. */
  readonly memoryGrowth: number;
}

/** Loads a server after a warm-up, and watches its health and its memory meanwhile. */
export async function measure(service: Service, task: Omit<LoadTask, 'url'>): Promise<Measurement> {
  await load({ ...task, url: service.url, seconds: WARM_UP_SECONDS });
  const watch = new AbortController();
  const probes: number[] = [];
  const memory: number[] = [];
  const watching = [
    every(PROBE_MS, watch.signal, async () => {
      const began = performance.now();
      await (await fetch(service.healthUrl)).text();
      probes.push(performance.now() - began);
    }),
    every(MEMORY_MS, watch.signal, async () => void memory.push(service.residentBytes())),
  ];
  const { milliseconds, ...loaded } = await load({ ...task, url: service.url }).finally(() => watch.abort());
  await Promise.all(watching);
  return {
    ...loaded,
    questionsPerSecond: (loaded.statuses['200'] ?? 0) / loaded.seconds,
    answers: latencies(milliseconds),
    health: latencies(probes),
    residentBytes: memory,
    memoryGrowth: quarterMedian(memory, 3) / quarterMedian(memory, 1),
  };
}

async function load(task: LoadTask): Promise<LoadResult> {
  const args = ['--import', 'tsx', fileURLToPath(new URL('load.ts', import.meta.url))];
  return JSON.parse(await run({ file: process.execPath, args }, JSON.stringify(task))) as LoadResult;
}

async function every(milliseconds: number, signal: AbortSignal, action: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await action();
    await sleep(milliseconds);
  }
}

function latencies(milliseconds: readonly number[]): Latencies {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const [p50 = NaN, p95 = NaN, p99 = NaN, max = NaN] = [0.5, 0.95, 0.99, 1].map((q) => quantile(sorted, q));
  return { p50, p95, p99, max };
}

function quarterMedian(values: readonly number[], quarter: 0 | 1 | 2 | 3): number {
  const part = values.slice(
    Math.floor((values.length * quarter) / 4),
    Math.ceil((values.length * (quarter + 1)) / 4),
  );
  return quantile(
    part.toSorted((a, b) => a - b),
    0.5,
  );
}

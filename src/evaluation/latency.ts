import type { LabelledQuestion } from '../ingest/index.js';
import type { AskLabelled } from './evaluate.js';
import { quantile } from './quantile.js';

/** Time from question to result when one question is asked at a time. */
export interface Latency {
  readonly unit: 'ms';
  /** Median and 95th percentile, with linear interpolation. */
  readonly p50: number;
  readonly p95: number;
  /** How many questions were timed. */
  readonly questions: number;
}

export interface LatencyOptions {
  /** Called after every question, for a progress bar. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Aborting it ends the measurement; the times so far count. */
  readonly signal?: AbortSignal;
  /** A clock in milliseconds. @defaultValue performance.now */
  readonly now?: () => number;
}

/** Enough for a 95th percentile to mean something, few enough not to double the time of a run. */
const SAMPLE = 50;

/**
 * Times at most 50 questions, evenly spaced, one after the other. This is a pass of its own after a run, on a warm reader: a
 * run asks many questions at once, and the time that a question then waits for others says nothing about the pipeline.
 *
 * @returns undefined if no question was timed.
 */
export async function measureLatency(
  questions: readonly LabelledQuestion[],
  ask: AskLabelled,
  { onProgress, signal, now = () => performance.now() }: LatencyOptions = {},
): Promise<Latency | undefined> {
  const size = Math.min(SAMPLE, questions.length);
  const positions = Array.from({ length: size }, (_, i) => Math.floor((i * questions.length) / size));
  const sample = positions.flatMap((position) => questions[position] ?? []);
  const times: number[] = [];
  for (const question of sample) {
    if (signal?.aborted === true) break;
    const began = now();
    await ask(question);
    times.push(now() - began);
    onProgress?.(times.length, sample.length);
  }
  if (times.length === 0) return undefined;
  times.sort((a, b) => a - b);
  return { unit: 'ms', p50: quantile(times, 0.5), p95: quantile(times, 0.95), questions: times.length };
}

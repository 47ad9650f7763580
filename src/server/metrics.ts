import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { AnswerProgress, AnswerResult } from '../pipeline/index.js';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const CONFIDENCES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64];

export type Stage = 'retrieve' | 'read' | 'aggregate';

/** What Prometheus is told. One registry an app, so that two apps in one process do not meet. */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests = this.#counter('verbatim_http_requests_total', 'Requests by route and status.', [
    'method',
    'route',
    'status',
  ]);
  readonly #requestSeconds = this.#histogram(
    'verbatim_http_request_seconds',
    'Time of a request, until its response is sent.',
    SECONDS,
    ['route'],
  );
  readonly #stageSeconds = this.#histogram(
    'verbatim_stage_seconds',
    'Time of one question in each stage of the pipeline; reading includes waiting for a reader.',
    SECONDS,
    ['stage'],
  );
  readonly #results = this.#counter(
    'verbatim_results_total',
    'Questions answered by the reader, by kind of result; no-answer is an abstention.',
    ['kind'],
  );
  readonly #confidence = this.#histogram(
    'verbatim_confidence',
    'Confidence of the answers that were given.',
    CONFIDENCES,
    [],
  );
  readonly #batchSize = this.#histogram('verbatim_batch_size', 'Questions of a batch.', BATCH_SIZES, []);
  readonly #cache = this.#counter('verbatim_cache_lookups_total', 'Look-ups in the result cache.', [
    'outcome',
  ]);
  readonly #cancelled = this.#counter('verbatim_cancelled_total', 'Requests whose work was cancelled.', [
    'reason',
  ]);

  /** @param reading - how many requests read at the moment, those included that wait for the reader. */
  constructor(reading: () => number) {
    const gauge: Gauge = new Gauge({
      name: 'verbatim_reading_requests',
      help: 'Requests that read at the moment, those included that wait for the reader.',
      registers: [this.registry],
      collect: () => gauge.set(reading()),
    });
    collectDefaultMetrics({ register: this.registry });
  }

  request(method: string, route: string, status: number, seconds: number): void {
    this.#requests.inc({ method, route, status });
    this.#requestSeconds.observe({ route }, seconds);
  }

  stage(stage: Stage, seconds: number): void {
    this.#stageSeconds.observe({ stage }, seconds);
  }

  result(result: AnswerResult): void {
    this.#results.inc({ kind: result.kind });
    if (result.kind === 'answer') this.#confidence.observe(result.confidence);
  }

  batch(questions: number): void {
    this.#batchSize.observe(questions);
  }

  cacheLookup(outcome: 'hit' | 'miss'): void {
    this.#cache.inc({ outcome });
  }

  cancelled(reason: 'timeout' | 'disconnect'): void {
    this.#cancelled.inc({ reason });
  }

  #counter(name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  #histogram(name: string, help: string, buckets: number[], labelNames: string[]): Histogram {
    return new Histogram({ name, help, buckets, labelNames, registers: [this.registry] });
  }
}

/** Milliseconds of each stage that a question went through. */
export type StageTimes = Readonly<Partial<Record<Stage, number>>>;

/** Measures the stages of one question by the progress that the pipeline tells. */
export class StageClock {
  readonly #metrics: Metrics;
  readonly #times: Partial<Record<Stage, number>> = {};
  #mark = performance.now();
  #readUntil: number | undefined;

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  progress({ stage }: AnswerProgress): void {
    if (stage === 'read') this.#readUntil = performance.now();
    else this.#end('retrieve', performance.now());
  }

  /** The result is there. */
  finish(): StageTimes {
    // Without a passage nothing was read.
    if (this.#readUntil !== undefined) this.#end('read', this.#readUntil);
    this.#end('aggregate', performance.now());
    return this.#times;
  }

  #end(stage: Stage, at: number): void {
    this.#metrics.stage(stage, (at - this.#mark) / 1000);
    this.#times[stage] = at - this.#mark;
    this.#mark = at;
  }
}

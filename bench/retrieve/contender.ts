/**
 * One contender at one size, in a process of its own; prints its figures as JSON. Run by main.ts.
 *
 *     node contender.ts NAME SIZE QUESTIONS-FILE PARAGRAPHS-FILE QUESTIONS
 */
import { readFileSync } from 'node:fs';
import { quantile } from '../../src/evaluation/quantile.js';
import { CONTENDERS } from './contenders.js';
import { passages, readBenchData } from './passages.js';

export interface ContenderFigures {
  readonly recallAt: Readonly<Record<string, number>>;
  readonly buildSeconds: number;
  readonly openSeconds?: number;
  readonly memoryMB: number;
  readonly diskMB: number;
  /** Milliseconds a question. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

const TOP_K = 10;
const WARM_UP = 20;

const [name = '', size = '', questionsFile = '', paragraphsFile = '', wanted = ''] = process.argv.slice(2);
const contender = CONTENDERS[name]?.();
if (contender === undefined)
  throw new Error(`No contender ${name}; there are ${Object.keys(CONTENDERS).join(', ')}.`);
const { questions, paragraphs } = await readBenchData(questionsFile, paragraphsFile);
const step = Math.max(1, Math.floor(questions.length / Number(wanted)));
const asked = questions.filter((_, i) => i % step === 0);

const seconds = async (action: () => Promise<void>): Promise<number> => {
  const began = performance.now();
  await action();
  return (performance.now() - began) / 1000;
};

try {
  const buildSeconds = await seconds(() => contender.build(passages(paragraphs, Number(size))));
  const openSeconds =
    contender.reopen === undefined ? undefined : await seconds(async () => contender.reopen?.());
  for (const { question } of asked.slice(0, WARM_UP)) await contender.search(question, TOP_K);
  const milliseconds: number[] = [];
  const ranks: number[] = [];
  for (const { question, passage } of asked) {
    const began = performance.now();
    const found = await contender.search(question, TOP_K);
    milliseconds.push(performance.now() - began);
    ranks.push(found.indexOf(passage));
  }
  milliseconds.sort((a, b) => a - b);
  const recall = (k: number): number =>
    (100 * ranks.filter((rank) => rank >= 0 && rank < k).length) / ranks.length;
  const figures: ContenderFigures = {
    recallAt: { 1: recall(1), 5: recall(5), 10: recall(10) },
    buildSeconds,
    ...(openSeconds === undefined ? {} : { openSeconds }),
    memoryMB: residentMB(contender.processId?.() ?? process.pid),
    diskMB: (await contender.diskBytes()) / 1e6,
    p50: quantile(milliseconds, 0.5),
    p95: quantile(milliseconds, 0.95),
    p99: quantile(milliseconds, 0.99),
  };
  console.log(JSON.stringify(figures));
} finally {
  await contender.close();
}

function residentMB(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1000;
}

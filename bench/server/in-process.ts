/**
 * The same reading without a server: takes a `LoadTask` on stdin, answers its questions with as many in flight, prints how many a second.
 * Threads are those that the server takes by default.
 */
import { json } from 'node:stream/consumers';
import { createAnswerer } from '../../src/index.js';
import type { LoadTask } from './load.js';
import type { Reading } from './workload.js';

const WARM_UP_MS = 2_000;

const { bodies, connections, seconds } = (await json(process.stdin)) as Pick<
  LoadTask,
  'bodies' | 'connections' | 'seconds'
>;
const answerer = await createAnswerer();
let next = 0;
let answered = 0;

async function answerUntil(end: number): Promise<void> {
  while (performance.now() < end) {
    const { question, passages } = JSON.parse(bodies[next++ % bodies.length] ?? '') as Reading;
    await answerer.answerFromHits(question, passages);
    answered++;
  }
}

async function run(milliseconds: number): Promise<number> {
  answered = 0;
  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, () => answerUntil(began + milliseconds)));
  return (1000 * answered) / (performance.now() - began);
}

await run(WARM_UP_MS);
console.log(JSON.stringify({ questionsPerSecond: await run(1000 * seconds) }));
await answerer.close();

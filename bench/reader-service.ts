/**
 * What a service needs of the reader, measured with the embedded model on the help centre's passages: how late a timer on the
 * calling thread is while 200 passages are read, passages a second and the time of one passage by workers and threads, and memory over 10,000 questions.
 *
 *     npx tsx --expose-gc bench/reader-service.ts [QUESTIONS]
 */
import { loadCorpus, readSquadFile } from '../src/ingest/index.js';
import { loadReader, type Reader } from '../src/reader/index.js';
import { splitPassages } from '../src/retriever/index.js';

const TIMER_MS = 10;
const ROUNDS = 3;
const questionCount = Number(process.argv[2] ?? 10_000);

const { documents } = await loadCorpus(['corpora/help-centre']);
const { questions } = await readSquadFile('corpora/help-centre.questions.json');
const passages = documents.flatMap((document) => splitPassages(document)).slice(0, 200);
const question = 'How long is the warranty?';

async function latestTimer(reader: Reader): Promise<number> {
  let latest = 0;
  let expected = performance.now() + TIMER_MS;
  const timer = setInterval(() => {
    const now = performance.now();
    latest = Math.max(latest, now - expected);
    expected = now + TIMER_MS;
  }, TIMER_MS);
  await reader.read(question, passages);
  clearInterval(timer);
  return latest;
}

console.log(`${passages.length} passages`);
for (let round = 1; round <= ROUNDS; round++) {
  const { reader } = await loadReader();
  await reader.read(question, passages.slice(0, 10));
  console.log(
    `round ${round}: a ${TIMER_MS} ms timer was at most ${(await latestTimer(reader)).toFixed(1)} ms late`,
  );
  await reader.close();
}

const settings = [
  [0, 1],
  [1, 1],
  [1, 2],
  [2, 1],
  [2, 2],
  [4, 1],
] as const;
const rates = new Map<string, number[]>();
const latencies = new Map<string, number[]>();
const append = (map: Map<string, number[]>, key: string, value: number): void => {
  map.set(key, [...(map.get(key) ?? []), value]);
};
for (let round = 0; round < ROUNDS; round++) {
  for (let i = 0; i < settings.length; i++) {
    const [workers, intraOpThreads] = settings[(i + round) % settings.length] ?? [1, 1];
    const { reader } = await loadReader({ workers, intraOpThreads });
    await reader.read(question, passages.slice(0, 10));
    const began = performance.now();
    await reader.read(question, passages);
    const rate = (1000 * passages.length) / (performance.now() - began);
    const alone = performance.now();
    for (const passage of passages.slice(0, 40)) await reader.read(question, [passage]);
    await reader.close();
    const key = `${workers} workers x ${intraOpThreads} threads`;
    append(rates, key, rate);
    append(latencies, key, (performance.now() - alone) / 40);
  }
}
const summary = (values: readonly number[]): string => {
  const sorted = [...values].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  return `${median.toFixed(1)} (${values.map((value) => value.toFixed(1)).join(', ')})`;
};
for (const [key, values] of rates) {
  console.log(
    `${key}: ${summary(values)} passages/s; one passage alone ${summary(latencies.get(key) ?? [])} ms`,
  );
}

const { reader } = await loadReader();
const memory: number[] = [];
for (let i = 1; i <= questionCount; i++) {
  const passage = passages[i % passages.length];
  if (passage !== undefined)
    await reader.read(questions[i % questions.length]?.question ?? question, [passage]);
  if (i % (questionCount / 10) === 0) {
    globalThis.gc?.();
    memory.push(process.memoryUsage().rss / 2 ** 20);
  }
}
await reader.close();
console.log(
  `resident memory after each tenth of ${questionCount} questions, MB: ${memory.map((mb) => mb.toFixed(0)).join(', ')}`,
);

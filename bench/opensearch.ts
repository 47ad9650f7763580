/**
 * Retrieval on a real OpenSearch of one node: time to fill it, bytes on disk and milliseconds a question for growing numbers of
 * passages, and how far its ranking agrees with the embedded index's. Needs Java 17 and Maven.
 *
 *     npx tsx bench/opensearch.ts squad-paragraphs.jsonl.gz squad2-dev-open.json.gz
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { wholePassage, type Passage } from '../src/core/passage.js';
import { quantile } from '../src/evaluation/quantile.js';
import { readSquadFile } from '../src/ingest/index.js';
import { Bm25Retriever, type Retriever } from '../src/retriever/index.js';
import { OpenSearchIndex, OpenSearchRetriever } from '../src/retriever/opensearch/index.js';
import { OpenSearchServer } from '../test/support/opensearch-server.js';
import { readParagraphs } from './squad-files.js';

const QUESTIONS = 1000;
const WARM_UP = 200;
const TOP_K = 10;

const [paragraphsFile, questionsFile] = process.argv.slice(2);
if (paragraphsFile === undefined || questionsFile === undefined)
  throw new Error('Expected a JSONL file of paragraphs and a SQuAD JSON file as arguments.');

const paragraphs = readParagraphs(paragraphsFile);
const { paragraphs: devParagraphs, questions } = await readSquadFile(questionsFile);
const step = Math.floor(questions.length / QUESTIONS);
const asked = questions.filter((_, i) => i % step === 0).slice(0, QUESTIONS);

/** The paragraphs, over and over under other ids, until there are so many. */
function* passages(count: number): Generator<Passage> {
  for (let i = 0; i < count; i++) {
    const paragraph = paragraphs[i % paragraphs.length];
    if (paragraph === undefined) return;
    const { id, title, text } = paragraph;
    yield wholePassage(`${Math.floor(i / paragraphs.length)}/${id}`, text, { title });
  }
}

/** Seconds of processor time that the server has used: unlike elapsed time, no other process on the machine adds to it. */
async function cpuSeconds(): Promise<number> {
  const fields = (await readFile(`/proc/${server.pid ?? 0}/stat`, 'utf8')).replace(/^.*\) /su, '').split(' ');
  // User and system time, in hundredths of a second (proc_pid_stat(5), fields 14 and 15).
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function time(retriever: Retriever): Promise<{ p50: string; p95: string; cpu: string }> {
  for (const { question } of asked.slice(0, WARM_UP)) await retriever.retrieve(question, { topK: TOP_K });
  const milliseconds: number[] = [];
  const cpuBefore = await cpuSeconds();
  for (const { question } of asked) {
    const began = performance.now();
    await retriever.retrieve(question, { topK: TOP_K });
    milliseconds.push(performance.now() - began);
  }
  const cpu = (((await cpuSeconds()) - cpuBefore) * 1000) / asked.length;
  milliseconds.sort((a, b) => a - b);
  return {
    p50: quantile(milliseconds, 0.5).toFixed(2),
    p95: quantile(milliseconds, 0.95).toFixed(2),
    cpu: cpu.toFixed(2),
  };
}

const server = await OpenSearchServer.start();

interface Filled {
  readonly retriever: OpenSearchRetriever;
  readonly seconds: number;
}

async function fill(index: string, source: Iterable<Passage>, shards = 1): Promise<Filled> {
  const writer = new OpenSearchIndex({ node: server.node, index, replicas: 0, shards });
  const began = performance.now();
  await writer.reindex(source);
  const seconds = (performance.now() - began) / 1000;
  await writer.close();
  return { retriever: new OpenSearchRetriever({ node: server.node, index }), seconds };
}

interface DiskUse {
  readonly bytes: number;
  /** Without the stored passages, which are read for the hits only. */
  readonly searched: number;
}

async function diskUse(index: string): Promise<DiskUse> {
  const url = `${server.node}/${index}/_stats/store,segments?include_segment_file_sizes=true`;
  const stats = (await (await fetch(url)).json()) as {
    _all: { primaries: { segments: { file_sizes: Record<string, { size_in_bytes: number }> } } };
  };
  const files = Object.entries(stats._all.primaries.segments.file_sizes);
  const sum = (wanted: (extension: string) => boolean): number =>
    files.reduce((total, [extension, file]) => total + (wanted(extension) ? file.size_in_bytes : 0), 0);
  return { bytes: sum(() => true), searched: sum((extension) => !extension.startsWith('fd')) };
}

/** One segment a shard, without the second copy of each source that OpenSearch keeps for recovery until a merge drops it. */
async function merge(index: string): Promise<void> {
  const post = (action: string): Promise<Response> =>
    fetch(`${server.node}/${index}/${action}`, { method: 'POST' });
  await post('_flush');
  // A shard looks every 30 seconds what it need not keep any more.
  await delay(40_000);
  await post('_forcemerge?max_num_segments=1');
  await post('_refresh');
}

async function sizes(): Promise<void> {
  const rows: Record<string, unknown>[] = [];
  const all = paragraphs.length;
  for (const [count, shards] of [
    [Math.round(all / 8), 1],
    [all, 1],
    [all, 4],
    [all * 8, 1],
  ] as const) {
    const index = `size-${count}-${shards}`;
    const { retriever, seconds } = await fill(index, passages(count), shards);
    const filled = await diskUse(index);
    await merge(index);
    const merged = await diskUse(index);
    const engine = await time(retriever);
    await retriever.close();
    const text = Array.from(passages(Math.min(count, all))).reduce(
      (sum, { text }) => sum + Buffer.byteLength(text),
      0,
    );
    rows.push({
      passages: count,
      shards,
      'passages/s filled': Math.round(count / seconds),
      'bytes a passage, filled': Math.round(filled.bytes / count),
      merged: Math.round(merged.bytes / count),
      'of them searched': Math.round(merged.searched / count),
      'its text': Math.round(text / Math.min(count, all)),
      'p50 ms': engine.p50,
      'p95 ms': engine.p95,
      'CPU ms': engine.cpu,
    });
  }
  console.table(rows);
}

/** The ranking of both on the paragraphs of the questions' own articles. */
async function agreement(): Promise<void> {
  const source = devParagraphs.map(({ text }, i) => wholePassage(String(i).padStart(6, '0'), text));
  const { retriever } = await fill('agreement', source);
  const embedded = new Bm25Retriever({ matching: 'exact' });
  for (const passage of source) embedded.addPassage(passage);
  let sameFirst = 0;
  let sameRanking = 0;
  let shared = 0;
  let listed = 0;
  const hits = { engine: [0, 0, 0], embedded: [0, 0, 0] };
  let answerable = 0;
  for (const { question, paragraph, answers } of questions) {
    const found = (await retriever.retrieve(question, { topK: TOP_K })).map(({ documentId }) => documentId);
    const expected = (await embedded.retrieve(question, { topK: TOP_K })).map(({ documentId }) => documentId);
    if (found[0] === expected[0]) sameFirst++;
    if (found.join() === expected.join()) sameRanking++;
    shared += found.filter((id) => expected.includes(id)).length;
    listed += expected.length;
    if (answers.length === 0) continue;
    answerable++;
    for (const [counts, ids] of [
      [hits.engine, found],
      [hits.embedded, expected],
    ] as const) {
      const rank = ids.findIndex((id) => Number(id) === paragraph);
      [1, 5, 10].forEach((k, i) => (counts[i] = (counts[i] ?? 0) + (rank >= 0 && rank < k ? 1 : 0)));
    }
  }
  const percent = (part: number, whole: number): string => ((100 * part) / whole).toFixed(2);
  console.log(`${source.length} passages, ${questions.length} questions, ${answerable} of them answerable`);
  console.log(
    `same first passage ${percent(sameFirst, questions.length)}%, same ten in the same order ${percent(sameRanking, questions.length)}%, passages shared ${percent(shared, listed)}%`,
  );
  for (const [name, counts] of Object.entries(hits))
    console.log(
      `${name}: recall@1 ${percent(counts[0] ?? 0, answerable)}  @5 ${percent(counts[1] ?? 0, answerable)}  @10 ${percent(counts[2] ?? 0, answerable)}`,
    );
  const inProcess = await time(embedded);
  const engine = await time(retriever);
  console.log(`milliseconds a question: embedded p50 ${inProcess.p50}  p95 ${inProcess.p95}`);
  console.log(`OpenSearch p50 ${engine.p50}  p95 ${engine.p95}  processor time ${engine.cpu}`);
  await retriever.close();
}

try {
  await agreement();
  await sizes();
} finally {
  await server.close();
}

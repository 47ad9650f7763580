/**
 * Retrieval on SQuAD paragraphs, each one passage: checks the ranking of every question against a brute-force BM25
 * and prints recall.
 *
 *     npx tsx bench/retrieve/brute-force.ts squad2-dev-open.json.gz
 */
import { wholePassage } from '../../src/core/passage.js';
import { quantile } from '../../src/evaluation/quantile.js';
import { readSquadFile } from '../../src/ingest/index.js';
import { Bm25Retriever } from '../../src/retriever/index.js';
import { BruteForceBm25 } from '../../test/support/brute-force-bm25.js';

const TOP_K = 10;

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Expected a SQuAD JSON file as the only argument.');

const { paragraphs, questions } = await readSquadFile(file);
const retriever = new Bm25Retriever({ matching: 'exact' });
const bruteForce = new BruteForceBm25();
paragraphs.forEach(({ text }, i) => {
  const passage = wholePassage(String(i).padStart(6, '0'), text);
  retriever.addPassage(passage);
  bruteForce.add(passage);
});

const ranks: number[] = [];
const milliseconds: number[] = [];
let different = 0;
for (const { question, paragraph, answers } of questions) {
  const began = performance.now();
  const found = await retriever.retrieve(question, { topK: TOP_K });
  milliseconds.push(performance.now() - began);
  const expected = bruteForce.rank(question).slice(0, TOP_K);
  const same =
    found.length === expected.length &&
    found.every(({ id, score }, i) => id === expected[i]?.id && score === expected[i].score);
  if (!same) different++;
  if (answers.length > 0) ranks.push(found.findIndex(({ documentId }) => Number(documentId) === paragraph));
}

const recall = (k: number): string =>
  ((100 * ranks.filter((rank) => rank >= 0 && rank < k).length) / ranks.length).toFixed(2);
milliseconds.sort((a, b) => a - b);
const percentile = (q: number): string => quantile(milliseconds, q).toFixed(3);
console.log(
  `${paragraphs.length} passages, ${questions.length} questions, ${ranks.length} of them answerable`,
);
console.log(`rankings that differ from brute force: ${different}`);
console.log(`recall@1 ${recall(1)}  @5 ${recall(5)}  @10 ${recall(10)}`);
console.log(`milliseconds a question: p50 ${percentile(0.5)}  p95 ${percentile(0.95)}`);

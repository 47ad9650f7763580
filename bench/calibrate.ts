/**
 * Fits the confidence of a reader: Platt scaling of the best margin, open mode (retrieve, read, decide) over the
 * paragraphs of articles that were held out of training. Every third question of the articles is asked; answerable and
 * unanswerable ones are weighted to one half each.
 *
 *     npx tsx bench/calibrate.ts squad2-train.json.gz tune-titles.json
 */
import { readFile } from 'node:fs/promises';
import { wholePassage } from '../src/core/passage.js';
import { fitPlatt, scorePrediction } from '../src/evaluation/index.js';
import { readSquadFile } from '../src/ingest/index.js';
import { createAnswerer } from '../src/pipeline/index.js';
import { Bm25Retriever } from '../src/retriever/index.js';

const EVERY = 3;

const [file, titlesFile] = process.argv.slice(2);
if (file === undefined || titlesFile === undefined) throw new Error('Expected two arguments: FILE TITLES.');

const titles = new Set(JSON.parse(await readFile(titlesFile, 'utf8')) as string[]);
const { paragraphs, questions } = await readSquadFile(file);
const retriever = new Bm25Retriever();
paragraphs.forEach(({ title, text }, i) => {
  if (!titles.has(title)) return;
  retriever.addPassage(wholePassage(String(i).padStart(6, '0'), text));
});

await using answerer = await createAnswerer();
const asked = questions.filter(({ title }) => titles.has(title)).filter((_, i) => i % EVERY === 0);
const examples: { score: number; correct: boolean; answerable: boolean }[] = [];
for (const { question, answers } of asked) {
  // With this threshold nothing is withheld: the best candidate always comes back as the answer.
  const passages = await retriever.retrieve(question);
  const result = await answerer.answerFromPassages(question, passages, { threshold: 1e9, alternatives: 0 });
  if (result.kind === 'no-answer') continue;
  const gold = answers.map(({ text }) => text);
  const correct = gold.length > 0 && scorePrediction({ gold, predicted: result.answer }).exact === 1;
  examples.push({ score: result.margin, correct, answerable: gold.length > 0 });
}

const answerable = examples.filter((example) => example.answerable).length;
const weights = examples.map((example) =>
  example.answerable ? 0.5 / answerable : 0.5 / (examples.length - answerable),
);
const scale = examples.length;
const { slope, intercept } = fitPlatt(
  examples,
  weights.map((weight) => weight * scale),
);
console.log(JSON.stringify({ questions: examples.length, answerable, slope, intercept }, null, 2));

// Expected calibration error over ten bins, on the same data: a sanity check, not a result to report.
let error = 0;
for (let bin = 0; bin < 10; bin++) {
  let weight = 0;
  let confidence = 0;
  let correct = 0;
  examples.forEach((example, i) => {
    const p = 1 / (1 + Math.exp(-(slope * example.score + intercept)));
    if (Math.min(9, Math.floor(10 * p)) !== bin) return;
    weight += weights[i] ?? 0;
    confidence += (weights[i] ?? 0) * p;
    correct += example.correct ? (weights[i] ?? 0) : 0;
  });
  error += Math.abs(confidence - correct);
  if (weight > 0) {
    console.log(
      `confidence ${(confidence / weight).toFixed(3)}  correct ${(correct / weight).toFixed(3)}  share ${weight.toFixed(3)}`,
    );
  }
}
console.log(`expected calibration error on the fitted data: ${error.toFixed(4)}`);

/**
 * Rules of aggregation side by side, on the same readings: fitted on held-out articles of the training data, reported on others.
 * Open mode over (a) the set's own paragraphs, (b) all paragraphs.
 *
 *     npx tsx bench/aggregate/main.ts --tune squad2-train.json.gz --titles tune-titles.json --every 3 \
 *       --report squad2-dev-open.json.gz --paragraphs squad-paragraphs.jsonl.gz --cache /tmp/readings [--profile out.json]
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { wholePassage, type Passage, type RetrievedPassage } from '../../src/core/passage.js';
import {
  areaUnderRiskCoverage,
  compareRuns,
  coverageAtPrecision,
  expectedCalibrationError,
  paragraphPassages,
  summarizeScores,
  type JudgedQuestion,
} from '../../src/evaluation/index.js';
import { tuneProfile, type ReadQuestion } from '../../src/evaluation/tuning/index.js';
import { readSquadFile, type QuestionSet } from '../../src/ingest/index.js';
import { isEnough, PASSAGES_AT_ONCE, profileOf, type StoredProfile } from '../../src/pipeline/index.js';
import { loadReader } from '../../src/reader/index.js';
import { Bm25Retriever } from '../../src/retriever/index.js';
import { readAll } from './readings-cache.js';
import { bestSpanWins, haystackRule, judge, ruleOf, type Rule } from './rules.js';

const { values } = parseArgs({
  options: {
    tune: { type: 'string' },
    titles: { type: 'string' },
    every: { type: 'string', default: '1' },
    report: { type: 'string' },
    paragraphs: { type: 'string' },
    cache: { type: 'string' },
    'top-k': { type: 'string', default: '10' },
    profile: { type: 'string' },
  },
});
const { tune, titles, report, paragraphs, cache } = values;
if (
  tune === undefined ||
  titles === undefined ||
  report === undefined ||
  paragraphs === undefined ||
  cache === undefined
) {
  throw new Error('Expected --tune, --titles, --report, --paragraphs and --cache.');
}
const topK = Number(values['top-k']);
mkdirSync(cache, { recursive: true });

const heldOut = new Set(JSON.parse(readFileSync(titles, 'utf8')) as string[]);
const tuning = onlyArticles(await readSquadFile(tune), (title) => heldOut.has(title), Number(values.every));
const reporting = onlyArticles(await readSquadFile(report), () => true, 1);
const everything = gunzipSync(readFileSync(paragraphs))
  .toString('utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as { id: string; title: string; text: string });

const { reader, manifest } = await loadReader();
const all = everything.map(({ id, title, text }) =>
  wholePassage(id, text, { title: title.replaceAll('_', ' ') }),
);
const settings = {
  'tune-own': await read('tune-own', tuning, paragraphPassages(tuning.paragraphs)),
  'tune-all': await read('tune-all', tuning, all),
  'report-own': await read('report-own', reporting, paragraphPassages(reporting.paragraphs)),
  'report-all': await read('report-all', reporting, all),
};
await reader.close();

const fittedOn = `${heldOut.size} articles of SQuAD 2.0 train held out of training, each question over the paragraphs of these articles and over ${all.length.toLocaleString('en')} paragraphs`;
const options = { model: manifest, topK, fittedOn };
const both = [...settings['tune-own'], ...settings['tune-all']];
const fusion = tuneProfile(both, options);
const plain = tuneProfile(both, { ...options, aggregation: 'null-score' });
console.log(
  'cross-validated on the tuning articles:',
  fusion.crossValidated,
  'null-score:',
  fusion.nullScore,
);
console.log(JSON.stringify(fusion.profile, null, 2));
if (values.profile !== undefined)
  writeFileSync(values.profile, `${JSON.stringify(fusion.profile, null, 2)}\n`);

const rules: Record<string, Rule> = {
  'fusion profile': ruleOf(fusion.profile),
  'null score, fitted like the profile': ruleOf(plain.profile),
  "null score, the reader's threshold": ruleOf(profileOf(manifest)),
  'best span wins': bestSpanWins,
  "Haystack's rule": haystackRule,
};
for (const setting of ['report-own', 'report-all'] as const) {
  const questions = settings[setting];
  console.log(`\n${setting}: ${questions.length} questions, ${topK} passages each`);
  const judged = Object.entries(rules).map(([name, rule]) => ({ name, run: judge(questions, rule) }));
  for (const { name, run } of judged) console.log(row(name, run));
  const [first, ...others] = judged;
  for (const { name, run } of others) {
    const { f1, aurc } = compareRuns(run, first?.run ?? []).differences;
    console.log(
      `  profile − ${name}: F1 ${f1?.difference.toFixed(2)} [${f1?.interval?.low.toFixed(2)}, ${f1?.interval?.high.toFixed(2)}]` +
        `  AURC ${aurc?.difference.toFixed(4)} [${aurc?.interval?.low.toFixed(4)}, ${aurc?.interval?.high.toFixed(4)}]`,
    );
  }
  for (const k of [1, 2, 3, 5, 7, 10].filter((count) => count <= topK)) {
    const fewer = questions.map((item) => ({ ...item, readings: item.readings.slice(0, k) }));
    console.log(row(`  profile, ${k} passages`, judge(fewer, ruleOf(fusion.profile))));
  }
  earlyStop(questions, fusion.profile);
}

/** How much is saved by stopping once a candidate scores enough, and what it changes. */
function earlyStop(questions: readonly ReadQuestion[], profile: StoredProfile): void {
  if (profile.aggregation !== 'fusion' || profile.enoughScore === undefined) return;
  const rule = ruleOf(profile);
  let read = 0;
  let changed = 0;
  for (const item of questions) {
    let count = item.readings.length;
    for (let part = PASSAGES_AT_ONCE; part < item.readings.length; part += PASSAGES_AT_ONCE) {
      if (isEnough(item.question.question, item.readings.slice(0, part), profile)) {
        count = part;
        break;
      }
    }
    read += count;
    const [early, whole] = [rule({ ...item, readings: item.readings.slice(0, count) }), rule(item)];
    if (early.answered !== whole.answered || (early.answered && early.candidate !== whole.candidate))
      changed++;
  }
  const total = questions.reduce((sum, { readings }) => sum + readings.length, 0);
  console.log(
    `stopping early: ${read} of ${total} passages read (${((100 * read) / total).toFixed(1)}%), ${changed} of ${questions.length} answers differ`,
  );
}

function row(name: string, run: readonly JudgedQuestion[]): string {
  const { exact, f1, HasAns_f1, NoAns_f1 } = summarizeScores(run);
  return (
    `${name.padEnd(36)} EM ${exact.toFixed(2)}  F1 ${f1.toFixed(2)}  HasAns ${HasAns_f1?.toFixed(2)}  NoAns ${NoAns_f1?.toFixed(2)}  ` +
    `AURC ${areaUnderRiskCoverage(run).toFixed(4)}  ECE ${expectedCalibrationError(run).toFixed(4)}  ` +
    `coverage at 90% ${(100 * coverageAtPrecision(run, 0.9)).toFixed(1)}%`
  );
}

function onlyArticles(set: QuestionSet, wanted: (title: string) => boolean, every: number): QuestionSet {
  const kept = set.paragraphs.flatMap(({ title }, i) => (wanted(title) ? [i] : []));
  const numberOf = new Map(kept.map((old, i) => [old, i]));
  return {
    paragraphs: set.paragraphs.filter(({ title }) => wanted(title)),
    questions: set.questions
      .filter(({ title }) => wanted(title))
      .filter((_, i) => i % every === 0)
      .map((question) => ({ ...question, paragraph: numberOf.get(question.paragraph) ?? 0 })),
  };
}

async function read(
  name: string,
  { questions }: QuestionSet,
  passages: readonly Passage[],
): Promise<ReadQuestion[]> {
  const retriever = new Bm25Retriever();
  const byId = new Map<string, RetrievedPassage>();
  for (const passage of passages) {
    retriever.addPassage(passage);
    byId.set(passage.id, { ...passage, score: 0, rank: 0 });
  }
  const passageOf = (id: string): RetrievedPassage => {
    const passage = byId.get(id);
    if (passage === undefined) throw new Error(`The cache names ${id}, which is no passage of ${name}.`);
    return passage;
  };
  return readAll(questions, retriever, passageOf, reader, topK, path.join(cache ?? '', `${name}.jsonl`));
}

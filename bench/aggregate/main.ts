/**
 * Rules of aggregation side by side, on the same readings: fitted on held-out articles of the training data, reported on others.
 * Open mode over (a) the set's own paragraphs, (b) all paragraphs.
 *
 *     npx tsx bench/aggregate/main.ts --tune squad2-train.json.gz --titles tune-titles.json --every 3 \
 *       --report squad2-dev-open.json.gz --paragraphs squad-paragraphs.jsonl.gz --cache /tmp/readings [--profile out.json]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { compareRuns } from '../../src/evaluation/index.js';
import { tuneProfile, type ReadQuestion } from '../../src/evaluation/tuning/index.js';
import { isEnough, PASSAGES_AT_ONCE, profileOf, type StoredProfile } from '../../src/pipeline/index.js';
import { loadReader } from '../../src/reader/index.js';
import { CachedReader } from './cached-reader.js';
import { readSettings } from './read-settings.js';
import { HEAD, row } from './rows.js';
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

const { reader, manifest } = await loadReader();
const cached = await CachedReader.open(path.join(cache, 'readings.jsonl'), reader);
const settings = await readSettings(
  { tune, titles, every: Number(values.every), report, paragraphs },
  cached,
  topK,
);
console.error(`${cached.readNow} passages read, the others taken from ${cache}`);
await cached.close();
await reader.close();

const options = { model: manifest, topK, fittedOn: settings.fittedOn };
const both = [...settings.tuneOwn, ...settings.tuneAll];
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
for (const [name, questions] of [
  ['own paragraphs', settings.reportOwn],
  ['all paragraphs', settings.reportAll],
] as const) {
  console.log(`\n${name}: ${questions.length} questions, ${topK} passages each\n${HEAD}`);
  const judged = Object.entries(rules).map(([rule, decide]) => ({ rule, run: judge(questions, decide) }));
  for (const { rule, run } of judged) console.log(row(rule, run));
  for (const k of [1, 2, 3, 5, 7].filter((count) => count < topK)) {
    const fewer = questions.map((item) => ({ ...item, readings: item.readings.slice(0, k) }));
    console.log(row(`profile, ${k} passages`, judge(fewer, ruleOf(fusion.profile))));
  }
  stopEarly(questions, fusion.profile);
  const [first, ...others] = judged;
  for (const { rule, run } of others) {
    const { f1, aurc } = compareRuns(run, first?.run ?? []).differences;
    console.log(
      `profile − ${rule}: F1 ${f1?.difference.toFixed(2)} [${f1?.interval?.low.toFixed(2)}, ${f1?.interval?.high.toFixed(2)}]` +
        `  AURC ${aurc?.difference.toFixed(4)} [${aurc?.interval?.low.toFixed(4)}, ${aurc?.interval?.high.toFixed(4)}]`,
    );
  }
}

/** How much is saved by stopping once a candidate scores enough, and what it changes. */
function stopEarly(questions: readonly ReadQuestion[], profile: StoredProfile): void {
  if (profile.aggregation !== 'fusion' || profile.enoughScores === undefined) return;
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

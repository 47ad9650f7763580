/**
 * Compressors of LangChain side by side: tokens handed on to a language model against how often a gold answer is still among them. Ten
 * passages a question, from the set's own paragraphs. Settings are chosen on the tuning articles: the fewest tokens that keep 95% of the
 * uncompressed passages' recall.
 *
 *     npx tsx bench/compress/main.ts --tune squad2-train.json.gz --titles tune-titles.json --every 3 \
 *       --report squad2-dev-open.json.gz --cache /tmp/readings [--embeddings FOLDER]
 */
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { paragraphPassages } from '../../src/evaluation/index.js';
import { readSquadFile, type QuestionSet } from '../../src/ingest/index.js';
import { DEFAULT_COMPRESSION, ExtractiveCompressor } from '../../src/langchain/extractive-compressor.js';
import { VerbatimRetriever } from '../../src/langchain/index.js';
import { loadReader } from '../../src/reader/index.js';
import { Bm25Retriever } from '../../src/retriever/index.js';
import { CachedReader } from '../aggregate/cached-reader.js';
import { onlyArticles } from '../squad-files.js';
import { contenders } from './compressors.js';
import { LocalEmbeddings } from './local-embeddings.js';
import { measure, type Handed, type Retrieved } from './measure.js';

/** Of the uncompressed passages' recall, so much is to be kept. */
const KEPT_RECALL = 0.95;

const { values } = parseArgs({
  options: {
    tune: { type: 'string' },
    titles: { type: 'string' },
    every: { type: 'string', default: '1' },
    report: { type: 'string' },
    cache: { type: 'string' },
    embeddings: { type: 'string' },
  },
});
const { tune, titles, report, cache } = values;
if (tune === undefined || titles === undefined || report === undefined || cache === undefined) {
  throw new Error('Expected --tune, --titles, --report and --cache.');
}
mkdirSync(cache, { recursive: true });

const heldOut = new Set(JSON.parse(readFileSync(titles, 'utf8')) as string[]);
const { paragraphs, questions } = onlyArticles(await readSquadFile(tune), (title) => heldOut.has(title));
const every = Number(values.every);
const tuning = await retrieve({ paragraphs, questions: questions.filter((_, i) => i % every === 0) });
const reporting = await retrieve(await readSquadFile(report));

const { reader } = await loadReader();
const cached = await CachedReader.open(path.join(cache, 'readings.jsonl'), reader);
const embeddings =
  values.embeddings === undefined ? undefined : await LocalEmbeddings.load(values.embeddings);

const [tuningBase, reportingBase] = [await measure(tuning), await measure(reporting)];
console.log(
  `${tuning.length} questions of ${heldOut.size} training articles to choose by, ${reporting.length} reported on`,
);
console.log(
  '| Compressor | setting | tokens a question | of all | recall | of all | in its place | unanswerable: tokens | nothing handed on | to choose by: tokens, recall |\n' +
    '| - | - | -: | -: | -: | -: | -: | -: | -: | -: |',
);
console.log(row('none', '10 passages', reportingBase, tuningBase));
for (const { name, settings } of contenders(cached, embeddings)) {
  const measured = [];
  for (const setting of settings)
    measured.push({ ...setting, tuned: await measure(tuning, setting.compressor) });
  const enough = measured.filter(({ tuned }) => tuned.held >= KEPT_RECALL * tuningBase.held);
  const [chosen] = enough.sort((a, b) => a.tuned.tokens - b.tuned.tokens);
  if (chosen === undefined) console.log(`| ${name} | none keeps enough |`);
  else console.log(row(name, chosen.name, await measure(reporting, chosen.compressor), chosen.tuned));
}
const byDefault = new ExtractiveCompressor({ reader: cached });
const { minMargin, maxMarginGap } = DEFAULT_COMPRESSION;
console.log(
  row(
    '**ExtractiveCompressor, by default**',
    `minMargin ${minMargin}, maxMarginGap ${maxMarginGap}`,
    await measure(reporting, byDefault),
    await measure(tuning, byDefault),
  ),
);
console.error(`${cached.readNow} passages read, the others taken from ${cache}`);
await cached.close();
await reader.close();

/** Every question with its ten passages, as LangChain documents. */
async function retrieve({ paragraphs, questions }: QuestionSet): Promise<Retrieved[]> {
  const passages = paragraphPassages(paragraphs);
  const index = new Bm25Retriever();
  for (const passage of passages) index.addPassage(passage);
  const retriever = new VerbatimRetriever({ retriever: index, k: 10 });
  const retrieved: Retrieved[] = [];
  for (const question of questions) {
    const documents = await retriever.invoke(question.question);
    retrieved.push({ question, paragraphId: passages[question.paragraph]?.documentId ?? '', documents });
  }
  return retrieved;
}

function row(name: string, setting: string, reported: Handed, tuned: Handed): string {
  const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)}%`;
  const cells = [
    name,
    setting,
    (reported.tokens / reported.answerable).toFixed(0),
    percent(reported.tokens, reportingBase.tokens),
    percent(reported.held, reported.answerable),
    percent(reported.held, reportingBase.held),
    percent(reported.heldInPlace, reportingBase.heldInPlace),
    (reported.tokensUnanswerable / reported.unanswerable).toFixed(0),
    percent(reported.empty, reported.unanswerable),
    `${percent(tuned.tokens, tuningBase.tokens)}, ${percent(tuned.held, tuningBase.held)}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

/**
 * Compressors of LangChain side by side: tokens handed on to a language model against how often a gold answer is still among them. Ten
 * passages a question, from the set's own paragraphs. The extractive compressor's limits are chosen on the tuning articles; the others are
 * shown at several settings, so that they may be compared at the best.
 *
 *     npx tsx bench/compress/main.ts --tune squad2-train.json.gz --titles tune-titles.json --report squad2-dev-open.json.gz \
 *       --every 3 --cache /tmp/readings [--embeddings FOLDER]
 */
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { paragraphPassages } from '../../src/evaluation/index.js';
import { readSquadFile, type QuestionSet } from '../../src/ingest/index.js';
import { ExtractiveCompressor, VerbatimRetriever } from '../../src/langchain/index.js';
import { loadReader } from '../../src/reader/index.js';
import { Bm25Retriever } from '../../src/retriever/index.js';
import { CachedReader } from '../aggregate/cached-reader.js';
import { onlyArticles } from '../squad-files.js';
import { baselines, extractive, type Contender } from './compressors.js';
import { LocalEmbeddings } from './local-embeddings.js';
import { measure, type Handed, type Retrieved } from './measure.js';

const HEAD =
  '| Compressor | setting | tokens | of all | recall | of all | in its place, of all | unanswerable: tokens | nothing handed on |\n' +
  '| - | - | -: | -: | -: | -: | -: | -: | -: |';

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

const every = Number(values.every);
const heldOut = new Set(JSON.parse(readFileSync(titles, 'utf8')) as string[]);
const tuning = await retrieve(onlyArticles(await readSquadFile(tune), (title) => heldOut.has(title)));
const reporting = await retrieve(await readSquadFile(report));

const { reader } = await loadReader();
const cached = await CachedReader.open(path.join(cache, 'readings.jsonl'), reader);

console.log(`\n${tuning.length} questions of ${heldOut.size} training articles, to choose by:\n\n${HEAD}`);
await print(tuning, extractive(cached));

const embeddings =
  values.embeddings === undefined ? undefined : await LocalEmbeddings.load(values.embeddings);
console.log(`\n${reporting.length} questions, reported on:\n\n${HEAD}`);
await print(reporting, [
  ...baselines(embeddings),
  {
    name: '**ExtractiveCompressor**',
    setting: 'by default',
    compressor: new ExtractiveCompressor({ reader: cached }),
  },
]);
console.error(`${cached.readNow} passages read, the others taken from ${cache}`);
await cached.close();
await reader.close();

async function print(questions: readonly Retrieved[], contenders: readonly Contender[]): Promise<void> {
  const base = await measure(questions);
  console.log(row('none', '10 passages', base, base));
  for (const { name, setting, compressor } of contenders)
    console.log(row(name, setting, await measure(questions, compressor), base));
}

/** Every question with its ten passages, as LangChain documents. */
async function retrieve({ paragraphs, questions }: QuestionSet): Promise<Retrieved[]> {
  const passages = paragraphPassages(paragraphs);
  const index = new Bm25Retriever();
  for (const passage of passages) index.addPassage(passage);
  const retriever = new VerbatimRetriever({ retriever: index, k: 10 });
  const retrieved: Retrieved[] = [];
  for (const question of questions.filter((_, i) => i % every === 0)) {
    const documents = await retriever.invoke(question.question);
    retrieved.push({ question, paragraphId: passages[question.paragraph]?.documentId ?? '', documents });
  }
  return retrieved;
}

function row(name: string, setting: string, handed: Handed, base: Handed): string {
  const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)}%`;
  const cells = [
    name,
    setting,
    (handed.tokens / handed.answerable).toFixed(0),
    percent(handed.tokens, base.tokens),
    percent(handed.held, handed.answerable),
    percent(handed.held, base.held),
    percent(handed.heldInPlace, base.heldInPlace),
    (handed.tokensUnanswerable / handed.unanswerable).toFixed(0),
    percent(handed.empty, handed.unanswerable),
  ];
  return `| ${cells.join(' | ')} |`;
}

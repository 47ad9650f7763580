import { readFileSync } from 'node:fs';
import { wholePassage, type Passage } from '../../src/core/passage.js';
import { paragraphPassages } from '../../src/evaluation/index.js';
import { readQuestions, type ReadQuestion } from '../../src/evaluation/tuning/index.js';
import { readSquadFile, type QuestionSet } from '../../src/ingest/index.js';
import type { Reader } from '../../src/reader/index.js';
import { Bm25Retriever } from '../../src/retriever/index.js';
import { onlyArticles, readParagraphs } from '../squad-files.js';

export interface SettingFiles {
  /** SQuAD 2.0 file that is fitted on, and the titles of its articles that are. */
  readonly tune: string;
  readonly titles: string;
  /** Of the questions fitted on, one in so many is taken. */
  readonly every: number;
  /** SQuAD 2.0 file that is reported on. */
  readonly report: string;
  /** All paragraphs, one JSON a line: id, title, text. */
  readonly paragraphs: string;
}

/** Both question sets, each over the set's own paragraphs and over all paragraphs. */
export interface Settings {
  readonly tuneOwn: readonly ReadQuestion[];
  readonly tuneAll: readonly ReadQuestion[];
  readonly reportOwn: readonly ReadQuestion[];
  readonly reportAll: readonly ReadQuestion[];
  /** Says what the profile is fitted on. */
  readonly fittedOn: string;
}

/** Retrieves and reads everything, one setting after the other. */
export async function readSettings(files: SettingFiles, reader: Reader, topK: number): Promise<Settings> {
  const heldOut = new Set(JSON.parse(readFileSync(files.titles, 'utf8')) as string[]);
  const { paragraphs, questions } = onlyArticles(await readSquadFile(files.tune), (title) =>
    heldOut.has(title),
  );
  const tuning = { paragraphs, questions: questions.filter((_, i) => i % files.every === 0) };
  const reporting = await readSquadFile(files.report);
  const all = readParagraphs(files.paragraphs).map(({ id, title, text }) =>
    wholePassage(id, text, { title: title.replaceAll('_', ' ') }),
  );
  const read = (name: string, set: QuestionSet, passages: readonly Passage[]): Promise<ReadQuestion[]> =>
    readSetting(name, set, passages, reader, topK);
  return {
    tuneOwn: await read('tuning, own paragraphs', tuning, paragraphPassages(tuning.paragraphs)),
    tuneAll: await read('tuning, all paragraphs', tuning, all),
    reportOwn: await read('reporting, own paragraphs', reporting, paragraphPassages(reporting.paragraphs)),
    reportAll: await read('reporting, all paragraphs', reporting, all),
    fittedOn: `${heldOut.size} articles of SQuAD 2.0 train held out of training, each question over the paragraphs of these articles and over ${all.length.toLocaleString('en')} paragraphs`,
  };
}

async function readSetting(
  name: string,
  { questions }: QuestionSet,
  passages: readonly Passage[],
  reader: Reader,
  topK: number,
): Promise<ReadQuestion[]> {
  const retriever = new Bm25Retriever();
  for (const passage of passages) retriever.addPassage(passage);
  const began = Date.now();
  let done = 0;
  return readQuestions(questions, retriever, reader, {
    topK,
    onRead() {
      if (++done % 500 !== 0) return;
      const left = ((Date.now() - began) / done / 1000) * (questions.length - done);
      console.error(`${name}: ${done} of ${questions.length} questions, ${Math.round(left)} s left`);
    },
  });
}

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readSquadFile, type QuestionSet } from '../../src/ingest/index.js';
import { onlyArticles, readParagraphs } from '../squad-files.js';

/** A paragraph as a retrieval unit. */
export interface Unit {
  /** Title of its article, in plain words. */
  readonly title: string;
  readonly text: string;
}

export interface Question {
  readonly text: string;
  /** The cluster of the bootstrap. */
  readonly article: string;
  /** Ordinal of the question's own paragraph. */
  readonly gold: number;
  /** Texts of the gold answers. */
  readonly answers: readonly string[];
}

/** Questions and the paragraphs that they are asked of. */
export interface Setting {
  readonly name: string;
  readonly units: readonly Unit[];
  readonly questions: readonly Question[];
}

/** Everything that is tuned on: 34 articles of the training set. */
export async function readTuning(folder: string): Promise<QuestionSet> {
  const titles = new Set(JSON.parse(readFileSync(path.join(folder, 'tune-titles.json'), 'utf8')) as string[]);
  const set = await readSquadFile(path.join(folder, 'squad2-train.json.gz'));
  return onlyArticles(set, (title) => titles.has(title));
}

/** The open half of the development set: reported on, never chosen on. */
export async function readReporting(folder: string): Promise<QuestionSet> {
  return readSquadFile(path.join(folder, 'squad2-dev-open.json.gz'));
}

const ELSEWHERE = [
  'nq-open-dev-gold',
  'squadshifts-new_wiki',
  'squadshifts-amazon_reviews',
  'squadshifts-reddit',
  'fairytaleqa-spans',
];
const FEWEST_ARTICLES = 10;

/** Questions of other kinds over their own paragraphs: searches, other writers, reviews, comments, tales. */
export async function readElsewhere(folder: string): Promise<Setting[]> {
  return Promise.all(
    ELSEWHERE.map(async (name) => {
      const set = await readSquadFile(path.join(folder, `train-${name}.json.gz`));
      const setting = ownParagraphs(set);
      const articles = new Set(setting.questions.map(({ article }) => article));
      const questions =
        articles.size >= FEWEST_ARTICLES
          ? setting.questions
          : setting.questions.map((question) => ({ ...question, article: String(question.gold) }));
      return { ...setting, name, questions };
    }),
  );
}

/** All paragraphs of SQuAD 2.0, titles as in the file. */
export function readAllParagraphs(folder: string): QuestionSet['paragraphs'] {
  return readParagraphs(path.join(folder, 'squad-paragraphs.jsonl.gz'));
}

/** The answerable questions over the set's own paragraphs. */
export function ownParagraphs(set: QuestionSet): Setting {
  return {
    name: 'own',
    units: set.paragraphs.map(toUnit),
    questions: answerable(set, (paragraph) => paragraph),
  };
}

/** The answerable questions over all paragraphs; a question's own one is found by its text. */
export function amongAll(set: QuestionSet, all: QuestionSet['paragraphs']): Setting {
  const ordinals = new Map(all.map(({ text }, i) => [text, i]));
  const questions = answerable(set, (paragraph) => ordinals.get(set.paragraphs[paragraph]?.text ?? '') ?? -1);
  const lost = questions.filter(({ gold }) => gold < 0).length;
  if (lost > 0) throw new Error(`${lost} questions are about a paragraph that is not among all paragraphs.`);
  return { name: 'all', units: all.map(toUnit), questions };
}

/** A quarter of the questions, spread evenly: for what takes long. */
export function everyFourth(setting: Setting): Setting {
  return { ...setting, questions: setting.questions.filter((_, i) => i % 4 === 0) };
}

/** `Molotov%E2%80%93Ribbentrop_Pact` in plain words. */
export function plainTitle(title: string): string {
  return decodeURIComponent(title).replaceAll('_', ' ');
}

function toUnit({ title, text }: QuestionSet['paragraphs'][number]): Unit {
  return { title: plainTitle(title), text };
}

function answerable({ questions }: QuestionSet, goldOf: (paragraph: number) => number): Question[] {
  return questions
    .filter(({ answers }) => answers.length > 0)
    .map(({ question, title, paragraph, answers }) => ({
      text: question,
      article: title,
      gold: goldOf(paragraph),
      answers: [...new Set(answers.map(({ text }) => text))],
    }));
}

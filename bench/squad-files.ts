import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { QuestionSet } from '../src/ingest/index.js';

/** A line of a file of paragraphs; the title is as in the file. */
export interface Paragraph {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

/** Reads a gzipped file of paragraphs, one JSON a line. */
export function readParagraphs(file: string): Paragraph[] {
  return gunzipSync(readFileSync(file))
    .toString('utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Paragraph);
}

/** The articles that are wanted, their paragraphs numbered anew. */
export function onlyArticles(
  { paragraphs, questions }: QuestionSet,
  isWanted: (title: string) => boolean,
): QuestionSet {
  const kept = paragraphs.flatMap(({ title }, i) => (isWanted(title) ? [i] : []));
  const numberOf = new Map(kept.map((old, i) => [old, i]));
  return {
    paragraphs: paragraphs.filter(({ title }) => isWanted(title)),
    questions: questions.flatMap((question) => {
      const paragraph = numberOf.get(question.paragraph);
      return paragraph === undefined ? [] : [{ ...question, paragraph }];
    }),
  };
}

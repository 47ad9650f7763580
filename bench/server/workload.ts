import { loadCorpus, readSquadFile } from '../../src/ingest/index.js';
import { Bm25Retriever } from '../../src/retriever/index.js';

const CORPUS = 'corpora/help-centre';
const QUESTIONS = 'corpora/help-centre.questions.json';
const TOP_K = 10;

/** A question with passages to read for it, as POST /v1/read takes it. */
export interface Reading {
  readonly question: string;
  readonly passages: readonly { readonly id: string; readonly title: string; readonly text: string }[];
}

/** Questions on the help centre, each with the ten passages that BM25 finds for it: every contender reads the same. */
export async function makeWorkload(count: number): Promise<readonly Reading[]> {
  const { documents } = await loadCorpus([CORPUS]);
  const retriever = new Bm25Retriever();
  for (const document of documents) retriever.addDocument(document);
  const { questions } = await readSquadFile(QUESTIONS);
  const readings: Reading[] = [];
  for (const { question } of questions.slice(0, count)) {
    const passages = await retriever.retrieve(question, { topK: TOP_K });
    readings.push({ question, passages: passages.map(({ id, title, text }) => ({ id, title, text })) });
  }
  return readings;
}

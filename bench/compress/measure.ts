import type { DocumentInterface } from '@langchain/core/documents';
import { Tiktoken } from 'js-tiktoken/lite';
import o200kBase from 'js-tiktoken/ranks/o200k_base';
import { goldSpansIn, holdsGoldAnswer } from '../../src/evaluation/gold-passages.js';
import type { LabelledQuestion } from '../../src/ingest/index.js';
import type { PassageMetadata } from '../../src/langchain/index.js';
import type { Compressor } from './compressors.js';

/** A question with the documents found for it. */
export interface Retrieved {
  readonly question: LabelledQuestion;
  /** Id of the paragraph that it was asked of. */
  readonly paragraphId: string;
  readonly documents: readonly DocumentInterface[];
}

/** Sums over questions. */
export interface Handed {
  readonly answerable: number;
  /** Of them, those some gold answer of which stands in what is handed on. */
  readonly held: number;
  /** Of them, those whose paragraph is handed on with some gold answer where it was marked. */
  readonly heldInPlace: number;
  readonly tokens: number;
  readonly unanswerable: number;
  readonly tokensUnanswerable: number;
  /** Of the unanswerable ones, those for which nothing is handed on. */
  readonly empty: number;
}

const tokenizer = new Tiktoken(o200kBase);
const counts = new Map<string, number>();

/** Tokens of a text as recent models of OpenAI count them; each text is counted once. */
function tokensOf(text: string): number {
  const known = counts.get(text);
  if (known !== undefined) return known;
  const count = tokenizer.encode(text).length;
  counts.set(text, count);
  return count;
}

/** What is handed on for each question after a compressor, or without one. */
export async function measure(questions: readonly Retrieved[], compressor?: Compressor): Promise<Handed> {
  const sums = {
    answerable: 0,
    held: 0,
    heldInPlace: 0,
    tokens: 0,
    unanswerable: 0,
    tokensUnanswerable: 0,
    empty: 0,
  };
  for (const { question, paragraphId, documents } of questions) {
    const handed =
      compressor === undefined
        ? documents
        : await compressor.compressDocuments([...documents], question.question);
    const tokens = handed.reduce((sum, { pageContent }) => sum + tokensOf(pageContent), 0);
    if (question.answers.length === 0) {
      sums.unanswerable++;
      sums.tokensUnanswerable += tokens;
      if (handed.length === 0) sums.empty++;
      continue;
    }
    sums.answerable++;
    sums.tokens += tokens;
    if (handed.some(({ pageContent }) => holdsGoldAnswer(pageContent, question))) sums.held++;
    const place = { documentId: paragraphId, start: 0 };
    const isInPlace = handed.some(
      ({ metadata }) => goldSpansIn(metadata as PassageMetadata, question, place).length > 0,
    );
    if (isInPlace) sums.heldInPlace++;
  }
  return sums;
}

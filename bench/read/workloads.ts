import { wholePassage } from '../../src/core/passage.js';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { VerbatimError } from '../../src/core/errors.js';
import type { QuestionSet } from '../../src/ingest/index.js';
import { DEFAULT_READING, ExtractiveReader, loadTokenizer, type Tokenizer } from '../../src/reader/index.js';
import { Bm25Retriever } from '../../src/retriever/index.js';

/** Asked first and not counted. */
export const WARM_UP = 5;
const PASSAGES = 10;
/** One in so many questions is asked with retrieved passages. */
const EVERY = 5;

export interface Item {
  readonly id: string;
  readonly question: string;
  readonly passages: readonly string[];
  /** Texts of the gold answers; empty if there is none. */
  readonly gold: readonly string[];
}

export interface Workload {
  readonly id: 'own-paragraph' | 'ten-passages';
  readonly title: string;
  readonly warmUp: readonly Item[];
  readonly counted: readonly Item[];
}

/**
 * A: questions spread evenly over the file, each with its own paragraph. B: every fifth of them with its own paragraph
 * and the best others of the file by BM25, ten in all.
 *
 * @throws VerbatimError `invalid-option` if the file has too few questions.
 */
export async function makeWorkloads(file: QuestionSet, count: number): Promise<Workload[]> {
  const sample = spread(file.questions, WARM_UP + count);
  if (sample.length < WARM_UP + count) {
    throw new VerbatimError(
      'invalid-option',
      `Expected --questions to be at most ${file.questions.length - WARM_UP}, got ${count}: the file has ${file.questions.length} questions and ${WARM_UP} warm the readers up.`,
    );
  }
  const own = sample.map(({ id, question, paragraph, answers }) => ({
    id,
    question,
    passages: [file.paragraphs[paragraph]?.text ?? ''],
    gold: answers.map(({ text }) => text),
  }));
  const counted = own.slice(WARM_UP);
  const warmUp = own.slice(0, WARM_UP);
  const retrieve = await otherPassages(file);
  return [
    { id: 'own-paragraph', title: 'own paragraph, one passage a call', warmUp, counted },
    {
      id: 'ten-passages',
      title: `${PASSAGES} passages a question`,
      warmUp: await Promise.all(warmUp.map(retrieve)),
      counted: await Promise.all(counted.filter((_, i) => i % EVERY === 0).map(retrieve)),
    },
  ];
}

function spread<T>(items: readonly T[], count: number): T[] {
  return items.filter(
    (_, i) => Math.floor((i * count) / items.length) !== Math.floor(((i - 1) * count) / items.length),
  );
}

/** Adds to a question's own paragraph the best of the others. */
async function otherPassages({ paragraphs }: QuestionSet): Promise<(item: Item) => Promise<Item>> {
  const retriever = new Bm25Retriever();
  paragraphs.forEach(({ text }, i) => {
    retriever.addPassage(wholePassage(String(i).padStart(6, '0'), text));
  });
  return async (item) => {
    const found = await retriever.retrieve(item.question, { topK: PASSAGES });
    const others = found.map(({ text }) => text).filter((text) => !item.passages.includes(text));
    return { ...item, passages: [...item.passages, ...others].slice(0, PASSAGES) };
  };
}

/** What the network computes for the counted questions of a workload, in Verbatim's context windows. */
export interface Work {
  readonly windows: number;
  readonly tokens: number;
  /** Multiplications and additions of the products with weights, int8 in q8. */
  readonly linearOperations: number;
  /** Those of the products inside attention, fp32 in q8 too. */
  readonly attentionOperations: number;
}

const bertConfig = z.object({
  hidden_size: z.int(),
  intermediate_size: z.int(),
  num_hidden_layers: z.int(),
});

/** Counts the work of each workload from the model's tokenizer.json and config.json. */
export async function countWork(workloads: readonly Workload[], model: string): Promise<Work[]> {
  const json = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(path.join(model, name), 'utf8'));
  const { hidden_size, intermediate_size, num_hidden_layers } = bertConfig.parse(await json('config.json'));
  const tokenizer = loadTokenizer(await json('tokenizer.json'), 'tokenizer.json');
  const work: Work[] = [];
  for (const { counted } of workloads) {
    const lengths = await windowLengths(tokenizer, counted);
    // A token passes 4·h² weights in attention's four products and 2·h·intermediate in the feed-forward two; the
    // attention of a window of L tokens takes another 2·L·h a token. Embeddings and the head are left out.
    const weights = num_hidden_layers * (4 * hidden_size ** 2 + 2 * hidden_size * intermediate_size);
    const tokens = sum(lengths);
    const squares = sum(lengths.map((length) => length ** 2));
    work.push({
      windows: lengths.length,
      tokens,
      linearOperations: 2 * tokens * weights,
      attentionOperations: 2 * num_hidden_layers * 2 * hidden_size * squares,
    });
  }
  return work;
}

/** Tokens of every context window that Verbatim reads. */
async function windowLengths(tokenizer: Tokenizer, items: readonly Item[]): Promise<number[]> {
  const lengths: number[] = [];
  const reader = new ExtractiveReader(tokenizer, {
    maxSequenceLength: DEFAULT_READING.maxSequenceLength,
    predict: async (windows) =>
      windows.map(({ inputIds: { length } }) => {
        lengths.push(length);
        return { start: new Float32Array(length), end: new Float32Array(length) };
      }),
    close: async () => undefined,
  });
  for (const { question, passages } of items) {
    await reader.read(
      question,
      passages.map((text) => ({ text })),
      { nBest: 1 },
    );
  }
  return lengths;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { RetrievedPassage } from '../../src/core/passage.js';
import type { LabelledQuestion } from '../../src/ingest/index.js';
import type { PassageReading, Reader } from '../../src/reader/index.js';
import type { Retriever } from '../../src/retriever/index.js';
import { readQuestions, type ReadQuestion } from '../../src/evaluation/tuning/index.js';

/** Of each passage: its id, BM25 score, null score, spans as [start, end, score]. */
type StoredReading = [id: string, score: number, nullScore: number, spans: [number, number, number][]];

/**
 * Retrieves and reads every question, or takes what an earlier run wrote to `file`: reading takes hours, comparing rules seconds.
 * A run that was broken off goes on where it stopped.
 */
export async function readAll(
  questions: readonly LabelledQuestion[],
  retriever: Retriever,
  passageOf: (id: string) => RetrievedPassage,
  reader: Reader,
  topK: number,
  file: string,
): Promise<ReadQuestion[]> {
  const known = new Map<string, StoredReading[]>();
  if (existsSync(file)) {
    for await (const line of createInterface({ input: createReadStream(file) })) {
      try {
        const [id, readings] = JSON.parse(line) as [string, StoredReading[]];
        known.set(id, readings);
      } catch {
        // The last line of a run that was broken off.
      }
    }
  }
  const missing = questions.filter(({ id }) => !known.has(id));
  if (missing.length > 0) {
    const out = createWriteStream(file, { flags: 'a' });
    // Ends a line that was broken off.
    out.write('\n');
    let done = 0;
    const began = Date.now();
    await readQuestions(missing, retriever, reader, {
      topK,
      onRead({ question, readings }) {
        const stored = readings.map(store);
        known.set(question.id, stored);
        out.write(`${JSON.stringify([question.id, stored])}\n`);
        if (++done % 250 === 0) {
          const left = ((Date.now() - began) / done / 1000) * (missing.length - done);
          console.error(`${file}: ${done} of ${missing.length} questions, ${Math.round(left)} s left`);
        }
      },
    });
    await new Promise((resolve) => out.end(resolve));
  }
  return questions.map((question) => ({
    question,
    readings: (known.get(question.id) ?? []).map((stored, i) => restore(stored, i + 1, passageOf)),
  }));
}

function store({ passage, nullScore, spans }: PassageReading<RetrievedPassage>): StoredReading {
  const rounded = (value: number): number => Number(value.toFixed(4));
  return [
    passage.id,
    passage.score,
    rounded(nullScore),
    spans.map(({ start, end, score }) => [start, end, rounded(score)]),
  ];
}

function restore(
  [id, score, nullScore, spans]: StoredReading,
  rank: number,
  passageOf: (id: string) => RetrievedPassage,
): PassageReading<RetrievedPassage> {
  const passage = { ...passageOf(id), score, rank };
  return {
    passage,
    nullScore,
    margin: (spans[0]?.[2] ?? -Infinity) - nullScore,
    windowCount: 1,
    spans: spans.map(([start, end, spanScore]) => ({
      start,
      end,
      text: passage.text.slice(start, end),
      // Only their sum is kept.
      startLogit: spanScore,
      endLogit: 0,
      score: spanScore,
    })),
  };
}

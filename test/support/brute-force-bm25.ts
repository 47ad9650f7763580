import type { Passage } from '../../src/core/passage.js';
import { analyze, DEFAULT_BM25, type Bm25Parameters } from '../../src/retriever/index.js';

interface RankedPassage {
  readonly passage: Passage;
  readonly score: number;
}

/** BM25 as the textbook writes it, over every passage for every question: slow, and obviously right. */
export class BruteForceBm25 {
  readonly #passages: { passage: Passage; terms: string[] }[] = [];

  add(passage: Passage): void {
    const context = new Set([passage.title, ...passage.headings].filter((heading) => heading !== ''));
    this.#passages.push({ passage, terms: analyze([...context, passage.text].join('\n')) });
  }

  /** Every passage that shares a term with the question, best first; ties by document id, then position. */
  rank(question: string, { k1, b }: Bm25Parameters = DEFAULT_BM25): { id: string; score: number }[] {
    const n = this.#passages.length;
    const average = this.#passages.reduce((sum, { terms }) => sum + terms.length, 0) / n;
    const queryTerms = analyze(question);
    const scores = this.#passages.map(() => 0);
    const matched = this.#passages.map(() => false);
    for (const term of new Set(queryTerms)) {
      const queryFrequency = queryTerms.filter((other) => other === term).length;
      const frequencies = this.#passages.map(({ terms }) => terms.filter((other) => other === term).length);
      const passageFrequency = frequencies.filter((frequency) => frequency > 0).length;
      const idf = Math.log(1 + (n - passageFrequency + 0.5) / (passageFrequency + 0.5));
      frequencies.forEach((tf, i) => {
        if (tf === 0) return;
        const length = this.#passages[i]?.terms.length ?? 0;
        scores[i] =
          (scores[i] ?? 0) + queryFrequency * idf * (tf / (tf + k1 * (1 - b + (b * length) / average)));
        matched[i] = true;
      });
    }
    return this.#passages
      .map(({ passage }, i) => ({ passage, score: scores[i] ?? 0, found: matched[i] === true }))
      .filter(({ found }) => found)
      .sort(byRank)
      .map(({ passage, score }) => ({ id: passage.id, score }));
  }
}

/** Best first; equal scores by document id, then position. */
export function byRank(x: RankedPassage, y: RankedPassage): number {
  return (
    y.score - x.score ||
    (x.passage.documentId < y.passage.documentId
      ? -1
      : x.passage.documentId > y.passage.documentId
        ? 1
        : 0) ||
    x.passage.start - y.passage.start ||
    x.passage.end - y.passage.end
  );
}

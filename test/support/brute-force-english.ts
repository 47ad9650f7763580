import { headingPath, type Passage } from '../../src/core/passage.js';
import { analyze } from '../../src/retriever/index.js';
import { porter2 } from '../../src/retriever/porter2.js';
import { byRank } from './brute-force-bm25.js';

const QUESTION_WORDS = [
  'who',
  'whom',
  'whose',
  'what',
  'which',
  'when',
  'where',
  'why',
  'how',
  'do',
  'does',
  'did',
];

interface Held {
  readonly passage: Passage;
  readonly terms: readonly string[];
}

interface Ranked extends Held {
  readonly score: number;
}

const times = (terms: readonly string[], term: string): number =>
  terms.filter((other) => other === term).length;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** English matching as its definition says, over every passage for every question: slow, and obviously right. */
export class BruteForceEnglish {
  readonly #passages: Held[] = [];

  add(passage: Passage): void {
    this.#passages.push({ passage, terms: analyze([...headingPath(passage), passage.text].join('\n')) });
  }

  /** Every passage that shares a term with the question, best first. */
  rank(question: string, { k1, b } = { k1: 0.9, b: 0.75 }): { id: string; score: number }[] {
    const size = this.#passages.length;
    const averageLength = sum(this.#passages.map(({ terms }) => terms.length)) / size;
    const asked = analyze(question);
    const content = asked.filter((term) => !QUESTION_WORDS.includes(term));
    const questionTerms = content.length > 0 ? content : asked;
    const terms = [...new Set(questionTerms)].map((term) => {
      const weights = this.#weights(term);
      const holding = this.#passages.filter((held) => held.terms.some((other) => weights.has(other)));
      const idf = Math.log(1 + (size - holding.length + 0.5) / (holding.length + 0.5));
      return { weights, idf, queryFrequency: times(questionTerms, term) };
    });
    const bm25 = (held: Held): number[] =>
      terms.map(({ weights, idf, queryFrequency }) => {
        const frequency = sum(held.terms.map((term) => weights.get(term) ?? 0));
        const norm = k1 * (1 - b + (b * held.terms.length) / averageLength);
        return frequency === 0 ? 0 : queryFrequency * idf * (frequency / (frequency + norm));
      });
    const window = (held: Held): number[] => {
      let best = { value: 0, standing: terms.map(() => false) };
      for (let start = 0; start < held.terms.length; start++) {
        const within = held.terms.slice(start, start + 10);
        const standing = terms.map(({ weights }) => within.some((term) => weights.has(term)));
        const value = sum(terms.map(({ idf }, i) => (standing[i] === true ? idf : 0)));
        if (value > best.value) best = { value, standing };
      }
      return terms.map(({ idf }, i) => (best.standing[i] === true ? 0.4 * idf : 0));
    };
    const found = inOrder(
      this.#passages
        .filter((held) => held.terms.some((term) => terms.some(({ weights }) => weights.has(term))))
        .map((held) => ({ ...held, score: sum(bm25(held)) })),
    );
    const lookedAtAgain = found.slice(0, 100).map((held) => {
      const parts = window(held);
      return { ...held, score: sum(bm25(held).map((part, i) => part + (parts[i] ?? 0))) };
    });
    return [...inOrder(lookedAtAgain), ...found.slice(100)].map(({ passage, score }) => ({
      id: passage.id,
      score,
    }));
  }

  /** What an occurrence of each term of the passages counts for a question term. */
  #weights(term: string): Map<string, number> {
    const known = [...new Set(this.#passages.flatMap(({ terms }) => terms))];
    const formsOf = (meant: readonly string[]): Map<string, number> =>
      new Map(
        known
          .filter((other) => meant.some((one) => porter2(one) === porter2(other)))
          .map((other) => [other, meant.includes(other) ? 1 : 0.5]),
      );
    const forms = formsOf([term]);
    return forms.size > 0 ? forms : formsOf(this.#corrections(term, known));
  }

  #corrections(unknown: string, known: readonly string[]): string[] {
    if (unknown.length < 4 || /\p{N}/u.test(unknown)) return [];
    const near = known
      .filter((term) => term.startsWith(unknown.charAt(0)) && !/\p{N}/u.test(term))
      .map((term) => ({
        term,
        errors: errorsBetween(unknown, term),
        frequency: this.#passages.filter(({ terms }) => terms.includes(term)).length,
      }))
      .filter(({ errors }) => errors <= (unknown.length >= 8 ? 2 : 1));
    const fewest = Math.min(...near.map(({ errors }) => errors));
    return near
      .filter(({ errors }) => errors === fewest)
      .sort((x, y) => y.frequency - x.frequency || (x.term < y.term ? -1 : 1))
      .slice(0, 3)
      .map(({ term }) => term);
  }
}

/** Optimal string alignment distance, by its recursion; 3 for 3 and more. */
function errorsBetween(a: string, b: string, allowed = 3): number {
  if (allowed === 0 || a === '' || b === '') return Math.min(allowed, Math.max(a.length, b.length));
  const swapped = a.length > 1 && b.length > 1 && a.startsWith(b.charAt(1)) && b.startsWith(a.charAt(1));
  return Math.min(
    ...[allowed, a.startsWith(b.charAt(0)) ? errorsBetween(a.slice(1), b.slice(1), allowed) : allowed],
    1 + errorsBetween(a.slice(1), b.slice(1), allowed - 1),
    1 + errorsBetween(a.slice(1), b, allowed - 1),
    1 + errorsBetween(a, b.slice(1), allowed - 1),
    swapped ? 1 + errorsBetween(a.slice(2), b.slice(2), allowed - 1) : allowed,
  );
}

function inOrder(ranked: Ranked[]): Ranked[] {
  return ranked.sort(byRank);
}

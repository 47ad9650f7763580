import type { TermContribution } from '../core/passage.js';
import { analyze } from './analyze.js';
import { inverseDocumentFrequency, lengthNorm, termWeight, type Bm25Parameters } from './bm25.js';
import { InvertedIndex, type Postings } from './inverted-index.js';

/** A passage by its number, and its BM25 score. */
export interface ScoredOrdinal {
  readonly ordinal: number;
  readonly score: number;
}

/** One question term looked up in the index. */
interface QueryTerm {
  readonly term: string;
  readonly queryFrequency: number;
  readonly passageFrequency: number;
  readonly inverseDocumentFrequency: number;
  readonly postings: Postings;
}

/** Sums in another order differ by rounding; no more than this share of a score. */
const ROUNDING = 1e-12;

/** Passages made elsewhere, in the order of their ordinals, and their postings. */
export interface LoadedPassages {
  readonly ordinals: readonly number[];
  /** In terms; one for each ordinal. */
  readonly lengths: readonly number[];
  readonly postings: ReadonlyMap<string, Postings>;
}

const ABSENT = -1;

/** Looking a passage up in the lists of all terms takes about as long as reading this many entries of a list. */
const LOOKUP_COST = 64;

/**
 * Exact BM25 over numbered passages: every passage that shares a term with the question is scored with
 * Σ queryFrequency · idf · tf / (tf + k1 · (1 − b + b · length / averageLength)), over the distinct question terms in
 * their order of appearance. A removed passage counts nowhere, so that scores are those of an index that never held it.
 */
export class Bm25Index {
  readonly #bm25: Bm25Parameters;
  readonly #index = new InvertedIndex();
  /** Length in terms, by ordinal; {@link ABSENT} where no passage is. */
  #lengths = new Int32Array(1024).fill(ABSENT);
  #end = 0;
  #size = 0;
  #totalLength = 0;
  #hasRemoved = false;
  /** Made anew when the average length has changed. */
  #norms: Float64Array | undefined;
  #scores = new Float64Array(0);

  constructor(bm25: Bm25Parameters) {
    this.#bm25 = bm25;
  }

  /** Number of passages. */
  get size(): number {
    return this.#size;
  }

  /** The ordinal that the next passage gets. */
  get end(): number {
    return this.#end;
  }

  /** Adds a passage of these terms and returns its ordinal. */
  add(terms: readonly string[]): number {
    const ordinal = this.#end;
    this.#index.add(ordinal, countTerms(terms));
    this.#place(ordinal, terms.length);
    return ordinal;
  }

  /** Adds passages whose ordinals are greater than all before. */
  load({ ordinals, lengths, postings }: LoadedPassages): void {
    this.#index.load(postings);
    ordinals.forEach((ordinal, i) => this.#place(ordinal, lengths[i] ?? 0));
  }

  /** Takes passages out; ordinals without a passage are passed over. */
  remove(ordinals: Iterable<number>): void {
    for (const ordinal of ordinals) {
      const length = this.#lengths[ordinal] ?? ABSENT;
      if (length === ABSENT) continue;
      this.#lengths[ordinal] = ABSENT;
      this.#size--;
      this.#totalLength -= length;
      this.#hasRemoved = true;
      this.#norms = undefined;
    }
  }

  /**
   * The best passages by descending score, and, so that a tie can be broken by what they are, every other that scores as much as the
   * last of them.
   *
   * @param isAllowed - only these passages are candidates.
   */
  search(question: string, topK: number, isAllowed?: (ordinal: number) => boolean): ScoredOrdinal[] {
    const terms = this.#lookUp(question);
    const candidates = this.#candidates(terms, topK, isAllowed).map((ordinal) => ({
      ordinal,
      score: this.#exactScore(terms, ordinal),
    }));
    const best = new LargestValues(topK);
    for (const { score } of candidates) best.add(score);
    return candidates.filter(({ score }) => score >= best.floor).sort((a, b) => b.score - a.score);
  }

  /** What each question term added to a passage's score. */
  explain(question: string, ordinal: number): TermContribution[] {
    return this.#lookUp(question).flatMap(({ postings, ...term }) => {
      const frequency = termFrequency(postings, ordinal);
      if (frequency === 0) return [];
      const weight = termWeight(frequency, this.#normsByOrdinal()[ordinal] ?? 0);
      return [{ ...term, termFrequency: frequency, contribution: termFactor(term) * weight }];
    });
  }

  #place(ordinal: number, length: number): void {
    if (ordinal >= this.#lengths.length) {
      const larger = new Int32Array(2 * ordinal).fill(ABSENT);
      larger.set(this.#lengths);
      this.#lengths = larger;
    }
    this.#lengths[ordinal] = length;
    this.#end = ordinal + 1;
    this.#size++;
    this.#totalLength += length;
    this.#norms = undefined;
  }

  #counts(ordinal: number, isAllowed: ((ordinal: number) => boolean) | undefined): boolean {
    return this.#lengths[ordinal] !== ABSENT && (isAllowed?.(ordinal) ?? true);
  }

  #lookUp(question: string): QueryTerm[] {
    return Array.from(countTerms(analyze(question)), ([term, queryFrequency]) => {
      const postings = this.#index.postings(term);
      const passageFrequency = this.#passageFrequency(postings);
      return {
        term,
        queryFrequency,
        passageFrequency,
        inverseDocumentFrequency: inverseDocumentFrequency(this.size, passageFrequency),
        postings,
      };
    });
  }

  #passageFrequency(postings: Postings): number {
    let frequency = 0;
    for (const ordinals of postings) {
      if (ordinals === undefined) continue;
      if (!this.#hasRemoved) frequency += ordinals.length;
      else for (const ordinal of ordinals) if (this.#lengths[ordinal] !== ABSENT) frequency++;
    }
    return frequency;
  }

  /**
   * Every passage that may be among the best, in order. Terms are added up from the one that can add most to the one that can add least;
   * once the rest cannot lift a passage over the best that there are, the rest, which are the long lists of common words, are not read
   * (MaxScore: Turtle and Flood 1995, "Query evaluation: strategies and optimizations").
   */
  #candidates(
    terms: readonly QueryTerm[],
    topK: number,
    isAllowed: ((ordinal: number) => boolean) | undefined,
  ): number[] {
    const scores = this.#emptyScores();
    const minNorm = this.#minNorm;
    const bounded = terms
      .map((term) => ({ term, bound: termFactor(term) * termWeight(term.postings.length, minNorm) }))
      .sort((a, b) => b.bound - a.bound);
    let rest = sum(bounded, ({ bound }) => bound);
    let unread = sum(bounded, ({ term }) => term.passageFrequency);
    for (const { term, bound } of bounded) {
      // Looking for the best so far is a walk over all passages, and pays only if it saves more.
      if (unread > this.#end) {
        const floor = this.#floor(scores, topK, isAllowed);
        if (rest < floor * (1 - ROUNDING)) {
          const candidates = this.#atLeast(scores, floor - rest, isAllowed);
          if (candidates.length * LOOKUP_COST < unread) return candidates;
        }
      }
      this.#accumulate(scores, term);
      rest -= bound;
      unread -= term.passageFrequency;
    }
    return this.#atLeast(scores, this.#floor(scores, topK, isAllowed), isAllowed);
  }

  /** The k-th best of the scores; 0 if there are fewer. */
  #floor(scores: Float64Array, topK: number, isAllowed: ((ordinal: number) => boolean) | undefined): number {
    const best = new LargestValues(topK);
    for (let ordinal = 0; ordinal < this.#end; ordinal++) {
      const score = scores[ordinal] ?? 0;
      if (score > best.floor && this.#counts(ordinal, isAllowed)) best.add(score);
    }
    return best.floor;
  }

  /** The passages that score above 0 and at least this much, but for rounding. */
  #atLeast(
    scores: Float64Array,
    floor: number,
    isAllowed: ((ordinal: number) => boolean) | undefined,
  ): number[] {
    const least = floor - floor * ROUNDING - Number.MIN_VALUE;
    const found: number[] = [];
    for (let ordinal = 0; ordinal < this.#end; ordinal++) {
      const score = scores[ordinal] ?? 0;
      if (score > 0 && score >= least && this.#counts(ordinal, isAllowed)) found.push(ordinal);
    }
    return found;
  }

  /** Adds a term's part to the score of every passage that holds it. */
  #accumulate(scores: Float64Array, term: QueryTerm): void {
    const norms = this.#normsByOrdinal();
    const factor = termFactor(term);
    term.postings.forEach((ordinals, slot) => {
      if (ordinals === undefined) return;
      // The inner loop of every search: an index is faster than an iterator here.
      // eslint-disable-next-line @typescript-eslint/prefer-for-of
      for (let i = 0; i < ordinals.length; i++) {
        const ordinal = ordinals[i] ?? 0;
        scores[ordinal] = (scores[ordinal] ?? 0) + factor * termWeight(slot + 1, norms[ordinal] ?? 0);
      }
    });
  }

  /** The sum in the order of the terms, as the definition has it. */
  #exactScore(terms: readonly QueryTerm[], ordinal: number): number {
    const norm = this.#normsByOrdinal()[ordinal] ?? 0;
    return sum(terms, (term) => {
      const frequency = termFrequency(term.postings, ordinal);
      return frequency === 0 ? 0 : termFactor(term) * termWeight(frequency, norm);
    });
  }

  #emptyScores(): Float64Array {
    if (this.#scores.length < this.#end) this.#scores = new Float64Array(this.#lengths.length);
    else this.#scores.fill(0, 0, this.#end);
    return this.#scores;
  }

  #normsByOrdinal(): Float64Array {
    if (this.#norms !== undefined) return this.#norms;
    const averageLength = this.#totalLength / this.#size;
    const norms = new Float64Array(this.#end);
    for (let i = 0; i < norms.length; i++) {
      norms[i] = lengthNorm(this.#lengths[i] ?? 0, averageLength, this.#bm25);
    }
    this.#norms = norms;
    return norms;
  }

  /** Least norm that any passage can have. */
  get #minNorm(): number {
    return lengthNorm(0, 1, this.#bm25);
  }
}

function termFactor({
  queryFrequency,
  inverseDocumentFrequency,
}: Pick<QueryTerm, 'queryFrequency' | 'inverseDocumentFrequency'>): number {
  return queryFrequency * inverseDocumentFrequency;
}

/** How often a passage holds the term; 0 if it does not. */
function termFrequency(postings: Postings, ordinal: number): number {
  return 1 + postings.findIndex((ordinals) => ordinals !== undefined && holds(ordinals, ordinal));
}

/** Whether a number stands in an ascending list. */
function holds(ascending: readonly number[], value: number): boolean {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return ascending[low] === value;
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

/** Every distinct term in its order of appearance, and how often it stands there. */
export function countTerms(terms: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

/** Keeps the k largest of many values: a binary heap with the smallest of them on top. */
class LargestValues {
  readonly #heap: number[] = [];
  readonly #k: number;

  constructor(k: number) {
    this.#k = k;
  }

  /** The k-th largest value so far; 0 while there are fewer. */
  get floor(): number {
    return this.#heap.length < this.#k ? 0 : (this.#heap[0] ?? 0);
  }

  /** Looks at one more value. */
  add(value: number): void {
    const heap = this.#heap;
    if (value <= this.floor) return;
    if (heap.length < this.#k) {
      let i = heap.push(value) - 1;
      for (let parent = (i - 1) >> 1; i > 0 && (heap[parent] ?? 0) > value; parent = (i - 1) >> 1) {
        heap[i] = heap[parent] ?? 0;
        i = parent;
      }
      heap[i] = value;
      return;
    }
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if ((heap[child + 1] ?? Infinity) < (heap[child] ?? Infinity)) child++;
      if ((heap[child] ?? Infinity) >= value) break;
      heap[i] = heap[child] ?? 0;
      i = child;
    }
    heap[i] = value;
  }
}

import { termWeight } from './bm25.js';
import { LargestValues } from './largest-values.js';
import { maxTermFrequency, SPARSE, type FormPostings, type FrequencyCounter } from './term-postings.js';

/** A question term as it is added up: it adds factor · {@link termWeight} to a passage. */
export interface AddedTerm {
  readonly forms: readonly FormPostings[];
  readonly passageFrequency: number;
  readonly factor: number;
}

export interface CandidateOptions {
  readonly topK: number;
  /** Passages are numbered below this. */
  readonly end: number;
  /** Length norms, by ordinal. */
  readonly norms: Float64Array;
  /** The least of them. */
  readonly minNorm: number;
  /** Only these passages are candidates. */
  readonly isCandidate: (ordinal: number) => boolean;
}

/** Sums in another order differ by rounding; no more than this share of a score. */
const ROUNDING = 1e-12;

/** Looking a passage up in a list takes about as long as adding up so many of its postings. */
const LOOKUP_COST = 8;

/** Finds the passages that may score best. Its memory is used again by the next search. */
export class MaxScore {
  readonly #counter: FrequencyCounter;
  /** By ordinal; 0 for all but those that are touched. */
  #scores = new Float64Array(0);
  /** The passages whose score is not 0. */
  #touched = new Uint32Array(0);
  #touchedCount = 0;

  constructor(counter: FrequencyCounter) {
    this.#counter = counter;
  }

  /**
   * Every passage that may be among the best by Σ factor · weight, and others. Terms are added up from the one that can add most to the one
   * that can add least; once the rest cannot lift a passage over the best that there are, the rest, which are the long lists of
   * common words, are looked up for those that are left alone, who become fewer with every term
   * (MaxScore: Turtle and Flood 1995, "Query evaluation: strategies and optimizations").
   */
  candidates(terms: readonly AddedTerm[], options: CandidateOptions): readonly number[] {
    this.#reset(options.end);
    const bounded = terms
      .map((term) => ({
        term,
        bound: term.factor * termWeight(maxTermFrequency(term.forms), options.minNorm),
      }))
      .sort((a, b) => b.bound - a.bound);
    let unread = bounded.reduce((sum, { term }) => sum + term.passageFrequency, 0);
    let left: readonly number[] | undefined;
    bounded.forEach(({ term, bound }, i) => {
      const rest = bounded.slice(i).reduce((sum, other) => sum + other.bound, 0);
      // Looking for the best so far pays only if it saves more.
      if (left === undefined && this.#touchedCount < unread) {
        const floor = this.#floor(options);
        if (rest < floor * (1 - ROUNDING)) left = this.#atLeast(floor - rest, options, unread / LOOKUP_COST);
      }
      if (left === undefined) {
        this.#counter.count(term.forms, options.end);
        this.#add(term.factor, options.norms);
      } else {
        this.#counter.countAmong(left, term.forms, options.end);
        this.#add(term.factor, options.norms);
        left = this.#contenders(left, rest - bound, options.topK);
      }
      unread -= term.passageFrequency;
    });
    return left ?? this.#atLeast(this.#floor(options), options, Infinity) ?? [];
  }

  #reset(end: number): void {
    if (this.#scores.length < end) {
      this.#scores = new Float64Array(2 * end);
      this.#touched = new Uint32Array(2 * end);
    } else if (this.#touchedCount > end * SPARSE) {
      this.#scores.fill(0, 0, end);
    } else {
      for (let i = 0; i < this.#touchedCount; i++) this.#scores[this.#touched[i] ?? 0] = 0;
    }
    this.#touchedCount = 0;
  }

  /** The k-th best of the scores; 0 if there are fewer. */
  #floor({ topK, isCandidate }: CandidateOptions): number {
    const best = new LargestValues(topK);
    const [scores, touched, count] = [this.#scores, this.#touched, this.#touchedCount];
    let floor = 0;
    for (let i = 0; i < count; i++) {
      const ordinal = touched[i] ?? 0;
      const score = scores[ordinal] ?? 0;
      if (score <= floor || !isCandidate(ordinal)) continue;
      best.add(score);
      floor = best.floor;
    }
    return floor;
  }

  /** The passages that score at least this much, but for rounding, in order; nothing if there are more than so many. */
  #atLeast(floor: number, { isCandidate }: CandidateOptions, most: number): readonly number[] | undefined {
    const least = floor - floor * ROUNDING;
    const [scores, touched, count] = [this.#scores, this.#touched, this.#touchedCount];
    const found: number[] = [];
    for (let i = 0; i < count; i++) {
      const ordinal = touched[i] ?? 0;
      if ((scores[ordinal] ?? 0) < least || !isCandidate(ordinal)) continue;
      if (found.length >= most) return undefined;
      found.push(ordinal);
    }
    return found.sort((a, b) => a - b);
  }

  /** Adds what a term counts in the passages in which it was counted. */
  #add(factor: number, norms: Float64Array): void {
    const [scores, touched, counter] = [this.#scores, this.#touched, this.#counter];
    let count = this.#touchedCount;
    for (const ordinal of counter.ordinals) {
      const score = scores[ordinal] ?? 0;
      if (score === 0) touched[count++] = ordinal;
      scores[ordinal] = score + factor * termWeight(counter.frequency(ordinal), norms[ordinal] ?? 0);
    }
    this.#touchedCount = count;
  }

  /** Those of the passages that can still be among the best, when this much may be added to each. */
  #contenders(ordinals: readonly number[], rest: number, topK: number): readonly number[] {
    const best = new LargestValues(topK);
    for (const ordinal of ordinals) best.add(this.#scores[ordinal] ?? 0);
    const least = best.floor * (1 - ROUNDING) - rest;
    return ordinals.filter((ordinal) => (this.#scores[ordinal] ?? 0) >= least);
  }
}

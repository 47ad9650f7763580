import { termWeight } from './bm25.js';
import { LargestValues } from './largest-values.js';
import { Stretch, STRETCH, type Norms } from './stretch.js';
import {
  countPostings,
  cursorsOf,
  maxTermFrequency,
  type FormPostings,
  type PostingsCursor,
} from './term-postings.js';

/** A question term as it is added up: it adds factor · {@link termWeight} to a passage. */
export interface AddedTerm {
  readonly forms: readonly FormPostings[];
  readonly factor: number;
}

export interface CandidateOptions extends Norms {
  readonly topK: number;
  /** Passages are numbered below this. */
  readonly end: number;
  /** The least of the length norms. */
  readonly minNorm: number;
  /** Only these passages are candidates. */
  readonly isCandidate: (ordinal: number) => boolean;
}

/** Sums in single precision differ from exact ones by no more than this share, with a thousand terms or fewer. */
const ROUNDING = 1e-4;

/** A list of so few postings in a stretch is added up rather than looked at who needs it. */
const SHORT = STRETCH / 32;

/** Looking a passage up in a list takes about as long as adding up so many postings. */
const LOOKUP_COST = 1;

/** Lists of so many postings together are read first, to learn what is needed. */
const FEW_POSTINGS = 1 << 15;

interface BoundedTerm extends AddedTerm {
  /** The most that the term can add to a passage. */
  readonly bound: number;
  /** How many there are in all its lists. */
  readonly postings: number;
}

interface OpenTerm {
  readonly factor: number;
  /** The most that this term and all after it can add. */
  readonly rest: number;
  /** Of each form its lists, in one of which at most a passage stands. */
  readonly forms: readonly (readonly PostingsCursor[])[];
  /** Those of all forms. */
  readonly lists: readonly PostingsCursor[];
  /** On average. */
  readonly postingsInStretch: number;
}

/** Finds the passages that may score best. Its memory is used again by the next search. */
export class MaxScore {
  readonly #stretch = new Stretch();

  /**
   * Every passage that may be among the best by Σ factor · weight, and others, in ascending order. Passages are looked at a stretch at a time.
   * Of the terms, from the one that can add most to the one that can add least, those are added up without which a passage cannot
   * come to the k-th best so far; the others, which are the long lists of common words, are looked up for the passages that
   * still can (MaxScore: Turtle and Flood 1995, "Query evaluation: strategies and optimizations"). What the best by the rarest terms
   * come to with all terms says from the start what is needed.
   */
  candidates(terms: readonly AddedTerm[], options: CandidateOptions): readonly number[] {
    const ordered = terms
      .map((term) => ({
        ...term,
        bound: term.factor * termWeight(maxTermFrequency(term.forms), options.minNorm),
        postings: countPostings(term.forms),
      }))
      .sort((a, b) => b.bound - a.bound);
    let sum = 0;
    const few = ordered.filter(({ postings }) => (sum += postings) <= FEW_POSTINGS);
    const isAll = few.length === ordered.length;
    const floor = few.length === 0 || isAll ? 0 : floorOf(this.#best(few, options, 0), ordered, options);
    return this.#best(ordered, options, floor);
  }

  /** The candidates among the passages that score at least the floor. */
  #best(ordered: readonly BoundedTerm[], options: CandidateOptions, floor: number): readonly number[] {
    const open = openTerms(ordered, options.end);
    const best = new LargestValues(options.topK);
    const found: { readonly ordinal: number; readonly score: number }[] = [];
    let needed = atLeast(floor);
    for (let start = 0; start < options.end; start += STRETCH) {
      this.#stretch.begin(start);
      for (const ordinal of this.#inStretch(open, needed, options)) {
        const score = this.#stretch.score(ordinal);
        best.add(score);
        found.push({ ordinal, score });
      }
      needed = Math.max(needed, atLeast(best.floor));
    }
    return found.filter(({ score }) => score >= needed).map(({ ordinal }) => ordinal);
  }

  /** The passages of the stretch that come to what is needed. */
  #inStretch(open: readonly OpenTerm[], needed: number, options: CandidateOptions): readonly number[] {
    const stretch = this.#stretch;
    const { isCandidate, topK } = options;
    let left: readonly number[] | undefined;
    open.forEach((term, t) => {
      const { factor, forms, lists, rest, postingsInStretch } = term;
      if (left === undefined && rest < needed && postingsInStretch > SHORT) {
        left = stretch.atLeast(needed - rest).filter(isCandidate);
      }
      if (left === undefined || left.length * lists.length * LOOKUP_COST > postingsInStretch) {
        stretch.add(factor, lists, forms.length > 1, options);
      } else {
        for (const ordinal of left) stretch.raise(ordinal, lookUp(term, ordinal, options));
      }
      const least = needed - (open[t + 1]?.rest ?? 0);
      left = left?.filter((ordinal) => stretch.score(ordinal) >= least);
    });
    if (left !== undefined) return left;
    // Nothing is known yet of other stretches.
    const least = needed > 0 ? needed : atLeast(stretch.kthBest(topK, isCandidate));
    return stretch.atLeast(least).filter(isCandidate);
  }
}

function openTerms(ordered: readonly BoundedTerm[], end: number): OpenTerm[] {
  return ordered.map(({ factor, forms: formPostings, postings }, i) => {
    const forms = formPostings.map(cursorsOf);
    return {
      ...{ factor, forms, lists: forms.flat() },
      rest: ordered.slice(i).reduce((sum, { bound }) => sum + bound, 0),
      postingsInStretch: (postings * STRETCH) / end,
    };
  });
}

/** The k-th best of the full scores of some passages, which ascend. */
function floorOf(
  ordinals: readonly number[],
  terms: readonly BoundedTerm[],
  options: CandidateOptions,
): number {
  const open = openTerms(terms, options.end);
  const best = new LargestValues(options.topK);
  for (const ordinal of ordinals) {
    best.add(open.reduce((sum, term) => sum + lookUp(term, ordinal, options), 0));
  }
  return best.floor;
}

/** What a term adds to a passage. */
function lookUp({ forms, factor }: OpenTerm, ordinal: number, { lengths, norms }: Norms): number {
  let frequency = 0;
  for (const lists of forms) {
    for (const list of lists) {
      if (!list.advanceTo(ordinal)) continue;
      frequency += list.frequency;
      break;
    }
  }
  return frequency === 0 ? 0 : factor * termWeight(frequency, norms[lengths[ordinal] ?? 0] ?? 0);
}

/** What a score must come to so as not to be below another, but for rounding. */
function atLeast(score: number): number {
  return score * (1 - ROUNDING);
}

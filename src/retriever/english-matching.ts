import type { Bm25Parameters } from './bm25.js';

/** How a term that the index does not know is taken for one that it knows. */
export interface SpellingOptions {
  /** Shorter terms are not looked for. */
  readonly minimumLength: number;
  /** From this length on two errors are allowed, below it one. */
  readonly twoErrorsFrom: number;
  /** Terms taken at most, of those with the fewest errors. */
  readonly candidates: number;
}

const BM25: Bm25Parameters = Object.freeze({ k1: 0.9, b: 0.75 });

const QUESTION_WORDS: ReadonlySet<string> = new Set(
  'who whom whose what which when where why how do does did'.split(' '),
);

const SPELLING: SpellingOptions = Object.freeze({ minimumLength: 4, twoErrorsFrom: 8, candidates: 3 });

/**
 * What `matching: 'english'` adds to plain BM25. Chosen one by one on 34 articles of SQuAD 2.0 train (4,979 questions); the gains are of
 * recall@1 over all 21,081 paragraphs, alone, with 95% intervals. On the development set, on which nothing was chosen, all together find
 * the paragraph first for 85.3% of the questions instead of 79.8% (bench/retrieval-quality/README.md).
 */
export const ENGLISH_MATCHING = Object.freeze({
  /** k1 1.2, b 0.75 before; +0.8 [0.4, 1.2]. The window adds to every term's weight, which leaves less for repetitions to say. */
  bm25: BM25,
  /** What makes a sentence a question and says nothing of its subject: +1.7 [1.1, 2.4]. All function words: +0.9 [0.1, 1.6]. */
  questionWords: QUESTION_WORDS,
  /** An occurrence of another form counts half: 0.4 alone, +2.8 [2.0, 3.6]; in full, which is plain stemming, +2.0 [1.1, 3.0]. */
  otherForms: 0.5,
  /** +3.3 [2.6, 4.0]. Figures stay within 0.8 from 6 to 20 terms and from 0.3 to 0.6. */
  window: Object.freeze({
    /** Successive terms of a passage. */
    length: 10,
    /** What the idf of the question terms within it count. */
    weight: 0.4,
    /** The best passages by BM25, which are looked at again. */
    passages: 100,
  }),
  /** With a typing error in every question +9.3 [7.4, 11.1]; as written +0.4 [0.1, 0.7]. */
  spelling: SPELLING,
});

/** The terms of a question that are searched: all but question words; all if there are no others. */
export function contentTerms(terms: readonly string[]): readonly string[] {
  const content = terms.filter((term) => !ENGLISH_MATCHING.questionWords.has(term));
  return content.length > 0 ? content : terms;
}

import { received, VerbatimError } from '../core/errors.js';
import { checkBm25Parameters, DEFAULT_BM25, type Bm25Parameters } from './bm25.js';
import { ENGLISH_MATCHING } from './english-matching.js';

/**
 * How a question's terms are looked for:
 * - `english`: without question words; other forms of an English word (*walked* for *walks*) count half; terms that stand near each
 *   other count more; a term that the index does not know is taken for the nearest spellings that it knows.
 * - `exact`: plain BM25 of every term just as it is written; for other languages, and to compare with other engines.
 */
export type Matching = 'english' | 'exact';

export interface RankingOptions {
  /** How a question's terms are looked for. @defaultValue `'english'` */
  readonly matching?: Matching;
  /** @defaultValue k1 0.9, b 0.75 for `english` matching; k1 1.2, b 0.75 for `exact` */
  readonly bm25?: Partial<Bm25Parameters>;
}

export interface Ranking {
  readonly matching: Matching;
  readonly bm25: Bm25Parameters;
}

/** @throws VerbatimError `invalid-option` for a matching that there is not, and for parameters out of range. */
export function checkRanking({ matching = 'english', bm25 }: RankingOptions = {}): Ranking {
  // Callers in JavaScript may give anything.
  if (!(['english', 'exact'] as readonly unknown[]).includes(matching)) {
    throw new VerbatimError(
      'invalid-option',
      `Expected matching to be "english" or "exact", got ${received(matching)}.`,
    );
  }
  return {
    matching,
    bm25: checkBm25Parameters(bm25, matching === 'english' ? ENGLISH_MATCHING.bm25 : DEFAULT_BM25),
  };
}

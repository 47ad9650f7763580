import { porter2 } from '../analysis/porter2.js';
import { QUESTION_AND_AUXILIARY_WORDS } from '../analysis/stop-words.js';
import { bestWindow } from '../proximity.js';
import type { Configuration } from '../ranker.js';
import { DEFAULT_SPELLING } from '../spelling-fallback.js';
import { BASELINE, PRODUCT, TEXT_ALONE, TITLE_IN_TEXT, type Idea } from './configurations.js';

/** What was chosen on the tuning articles. */
const KEPT = Object.freeze({
  bm25f: { k1: 0.9, fields: [{ weight: 1, b: 0.75 }] },
  stopWords: QUESTION_AND_AUXILIARY_WORDS,
  conflation: Object.freeze({ key: porter2, weight: 0.5 }),
  proximity: bestWindow(0.4, 10),
});

/** What was chosen, but for the spelling fallback, over title and text as in the product. */
export const KEPT_CONFIGURATION: Configuration = Object.freeze({ ...TITLE_IN_TEXT, ...KEPT });

/** Exact BM25 and what was chosen, on questions that nothing was chosen on. */
export const BEFORE_AND_AFTER: readonly [Idea, Idea] = [
  {
    name: 'Before and after',
    baseline: PRODUCT,
    variations: [
      { name: 'kept', configuration: KEPT_CONFIGURATION },
      {
        name: 'kept, with the spelling fallback',
        configuration: { ...KEPT_CONFIGURATION, spelling: DEFAULT_SPELLING },
      },
    ],
  },
  {
    name: 'Before and after, without titles',
    baseline: BASELINE,
    variations: [{ name: 'kept, text', configuration: { ...TEXT_ALONE, ...KEPT } }],
  },
];

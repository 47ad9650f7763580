import { ENGLISH_MATCHING } from '../../../src/retriever/english-matching.js';
import { porter2 } from '../../../src/retriever/porter2.js';
import { bestWindow } from '../proximity.js';
import type { Configuration } from '../ranker.js';
import { BASELINE, PRODUCT, TEXT_ALONE, TITLE_IN_TEXT, type Idea } from './configurations.js';

const { bm25, questionWords, otherForms, window, spelling } = ENGLISH_MATCHING;

/** What was chosen on the tuning articles: the product's english matching. */
const KEPT = Object.freeze({
  bm25f: { k1: bm25.k1, fields: [{ weight: 1, b: bm25.b }] },
  stopWords: questionWords,
  conflation: Object.freeze({ key: porter2, weight: otherForms }),
  proximity: bestWindow(window.weight, window.length),
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
        configuration: { ...KEPT_CONFIGURATION, spelling },
      },
    ],
  },
  {
    name: 'Before and after, without titles',
    baseline: BASELINE,
    variations: [{ name: 'kept, text', configuration: { ...TEXT_ALONE, ...KEPT } }],
  },
];

import { porter2 } from '../../../src/retriever/porter2.js';
import { baseForm } from '../analysis/irregular-forms.js';
import { inflectionStem } from '../analysis/light-stemmers.js';
import { QUESTION_AND_AUXILIARY_WORDS, QUESTION_PHRASE_WORDS } from '../analysis/stop-words.js';
import { bestWindow, orderedPairs } from '../proximity.js';
import type { Configuration } from '../ranker.js';
import { PRODUCT, TITLE_IN_TEXT, type Idea } from './configurations.js';

const stopWords = QUESTION_AND_AUXILIARY_WORDS;
const conflation = { key: porter2, weight: 0.5 };
const proximity = bestWindow(0.4, 10);
const stopped: Configuration = { ...TITLE_IN_TEXT, stopWords };
const stemmed: Configuration = { ...stopped, conflation };
const together: Configuration = { ...stemmed, proximity };

/** What pays alone, one after the other and with each part exchanged. */
export const combining: Idea = {
  name: 'Together',
  baseline: PRODUCT,
  variations: [
    { name: 'question words, do does did left out', configuration: stopped },
    { name: '… and Porter2 0.5', configuration: stemmed },
    { name: '… and best window 10 × 0.4', configuration: together },
    { name: 'without the stop list', configuration: { ...TITLE_IN_TEXT, conflation, proximity } },
    { name: 'without stemming', configuration: { ...stopped, proximity } },
    { name: 'longer stop list', configuration: { ...together, stopWords: QUESTION_PHRASE_WORDS } },
    {
      name: 'inflections 0.5',
      configuration: { ...together, conflation: { key: inflectionStem, weight: 0.5 } },
    },
    {
      name: 'Porter2, irregular forms 0.5',
      configuration: { ...together, conflation: { key: (term) => porter2(baseForm(term)), weight: 0.5 } },
    },
    ...[6, 10, 15, 20].flatMap((window) =>
      [0.3, 0.6].map((weight) => ({
        name: `best window ${window} × ${weight}`,
        configuration: { ...together, proximity: bestWindow(weight, window) },
      })),
    ),
    { name: 'ordered pairs × 0.4', configuration: { ...together, proximity: orderedPairs(0.4) } },
    {
      name: 'k1 0.9',
      configuration: { ...together, bm25f: { k1: 0.9, fields: [{ weight: 1, b: 0.75 }] } },
    },
    { name: 'text alone', configuration: { ...together, layout: 'text' } },
    {
      name: 'title beside text, weight 1, b 0.5',
      configuration: {
        ...together,
        layout: 'title beside text',
        bm25f: {
          k1: 1.2,
          fields: [
            { weight: 1, b: 0.5 },
            { weight: 1, b: 0.75 },
          ],
        },
      },
    },
  ],
};

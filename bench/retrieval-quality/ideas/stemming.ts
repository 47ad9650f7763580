import { porter2 } from '../../../src/retriever/porter2.js';
import { baseForm } from '../analysis/irregular-forms.js';
import { inflectionStem, sStem } from '../analysis/light-stemmers.js';
import { BASELINE, TEXT_ALONE, type Idea } from './configurations.js';

const KEYS: readonly (readonly [name: string, key: (term: string) => string])[] = [
  ['S-stemmer', sStem],
  ['irregular forms', baseForm],
  ['inflections', inflectionStem],
  ['inflections, irregular forms', (term) => inflectionStem(baseForm(term))],
  ['Porter2', porter2],
  ['Porter2, irregular forms', (term) => porter2(baseForm(term))],
];

/** Forms of one word count as one term, fully or less than the question's own form. */
export const stemming: Idea = {
  name: 'Stemming',
  baseline: BASELINE,
  variations: KEYS.flatMap(([name, key]) =>
    [1, 0.7, 0.4].map((weight) => ({
      name: `${name}, other forms count ${weight}`,
      configuration: { ...TEXT_ALONE, conflation: { key, weight } },
    })),
  ),
};

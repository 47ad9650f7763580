import {
  FUNCTION_WORDS,
  LUCENE_STOP_WORDS,
  QUESTION_AND_AUXILIARY_WORDS,
  QUESTION_PHRASE_WORDS,
  QUESTION_WORDS,
} from '../analysis/stop-words.js';
import { BASELINE, TEXT_ALONE, type Idea } from './configurations.js';

const LISTS: readonly (readonly [name: string, words: ReadonlySet<string>])[] = [
  ['question words', QUESTION_WORDS],
  ['question words, do does did', QUESTION_AND_AUXILIARY_WORDS],
  ['… and many much name kind type', QUESTION_PHRASE_WORDS],
  ["Lucene's stop words", LUCENE_STOP_WORDS],
  ['function words', FUNCTION_WORDS],
];

/** Terms left out of the question; the index keeps them. */
export const stopLists: Idea = {
  name: 'Stop lists',
  baseline: BASELINE,
  variations: LISTS.map(([name, stopWords]) => ({ name, configuration: { ...TEXT_ALONE, stopWords } })),
};

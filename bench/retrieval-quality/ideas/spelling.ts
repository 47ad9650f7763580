import { ENGLISH_MATCHING, type SpellingOptions } from '../../../src/retriever/english-matching.js';
import type { Setting } from '../data.js';
import { misspellAll } from '../typing-errors.js';
import { BASELINE, TEXT_ALONE, type Idea } from './configurations.js';
import { KEPT_CONFIGURATION } from './kept.js';

const SEED = 20;
const { spelling: chosen } = ENGLISH_MATCHING;

const OPTIONS: readonly (readonly [name: string, spelling: SpellingOptions])[] = [
  ['the commonest of the nearest', { ...chosen, candidates: 1 }],
  ['the 3 commonest of the nearest', chosen],
  ['one error only', { ...chosen, twoErrorsFrom: Infinity }],
  ['terms of 5 letters or more', { ...chosen, minimumLength: 5 }],
];

/** Question terms that no unit holds are taken for the nearest that some unit holds. */
export const spelling: Idea = {
  name: 'Spelling fallback',
  baseline: BASELINE,
  variations: OPTIONS.map(([name, options]) => ({
    name,
    configuration: { ...TEXT_ALONE, spelling: options },
  })),
};

/** The fallback beside what is kept, where forms of a word are known already. */
export const spellingBesideKept: Idea = {
  name: 'Spelling fallback beside what is kept',
  baseline: { name: 'kept', configuration: KEPT_CONFIGURATION },
  variations: OPTIONS.slice(0, 2).map(([name, options]) => ({
    name,
    configuration: { ...KEPT_CONFIGURATION, spelling: options },
  })),
};

/** The setting with one typing error in each question; questions that offer no place for one are left out. */
export function misspelt(setting: Setting): Setting {
  const texts = misspellAll(
    setting.questions.map(({ text }) => text),
    SEED,
  );
  return {
    ...setting,
    name: `${setting.name}, misspelt`,
    questions: setting.questions.flatMap((question, i) => {
      const text = texts[i];
      return text === undefined ? [] : [{ ...question, text }];
    }),
  };
}

import type { SpellingOptions } from '../../src/retriever/english-matching.js';
import { SpellingIndex } from '../../src/retriever/spelling.js';
import { unitFrequency, type LexicalIndex } from './lexical-index.js';

const spellings = new WeakMap<LexicalIndex, SpellingIndex>();

/** Index terms that an unknown term may have been meant to be, the likeliest first. */
export function correct(index: LexicalIndex, unknown: string, options: SpellingOptions): number[] {
  let spelling = spellings.get(index);
  if (spelling === undefined) {
    spelling = new SpellingIndex();
    for (const term of index.terms) spelling.add(term);
    spellings.set(index, spelling);
  }
  const idOf = (term: string): number => index.termIds.get(term) ?? -1;
  return spelling.correct(unknown, (term) => unitFrequency(index, idOf(term)), options).map(idOf);
}

import { headingPath, type Passage } from '../core/passage.js';
import { analyze } from './analyze.js';

/** The terms that a passage is found by: those of its title, its headings and its text. */
export function searchedTerms(passage: Pick<Passage, 'title' | 'headings' | 'text'>): string[] {
  return analyze([...headingPath(passage), passage.text].join('\n'));
}

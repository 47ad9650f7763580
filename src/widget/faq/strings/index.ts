import { ARABIC } from './ar.js';
import { GERMAN } from './de.js';
import { ENGLISH } from './en.js';
import { FRENCH } from './fr.js';
import type { FaqLanguage } from './types.js';

export { fill, type FaqLanguage, type FaqStrings } from './types.js';

const languages = new Map<string, FaqLanguage>([
  ['en', ENGLISH],
  ['de', GERMAN],
  ['fr', FRENCH],
  ['ar', ARABIC],
]);

/** Adds a language, or replaces one. @param tag - BCP 47, such as `nl` or `pt-BR`. */
export function registerLanguage(tag: string, language: FaqLanguage): void {
  languages.set(tag.toLowerCase(), language);
}

/** The language that fits best: the tag itself, else without its last parts, else English. */
export function languageOf(tag: string): FaqLanguage & { readonly tag: string } {
  const parts = tag.toLowerCase().split('-');
  for (; parts.length > 0; parts.pop()) {
    const found = languages.get(parts.join('-'));
    if (found !== undefined) return { ...found, tag: parts.join('-') };
  }
  return { ...ENGLISH, tag: 'en' };
}

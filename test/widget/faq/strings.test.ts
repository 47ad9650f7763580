import { describe, expect, it } from 'vitest';
import { formatsOf } from '../../../src/widget/faq/format.js';
import {
  fill,
  languageOf,
  registerLanguage,
  type FaqStrings,
} from '../../../src/widget/faq/strings/index.js';

/** Every text by its name: `errors.busy`. */
function flat(strings: object, prefix = ''): [string, string][] {
  return Object.entries(strings).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'string'
      ? [[prefix + name, value] as [string, string]]
      : flat(value as object, `${name}.`),
  );
}

const gaps = (text: string): string[] => Array.from(text.matchAll(/\{\w+\}/g), ([gap]) => gap).sort();

describe('the interface text', () => {
  const english = flat(languageOf('en').strings);

  it.each(['de', 'fr', 'ar'])('says in %s all that it says in English, with the same gaps', (tag) => {
    const { strings, tag: found } = languageOf(tag);
    expect(found).toBe(tag);
    const own = new Map(flat(strings));
    expect([...own.keys()]).toEqual(english.map(([name]) => name));
    for (const [name, text] of english) {
      expect(gaps(own.get(name) ?? ''), name).toEqual(gaps(text));
      expect(own.get(name), name).not.toBe('');
    }
  });

  it('is that of the nearest language there is', () => {
    expect(languageOf('de-AT').tag).toBe('de');
    expect(languageOf('AR').direction).toBe('rtl');
    expect(languageOf('ja').tag).toBe('en');
    expect(languageOf('').tag).toBe('en');
    const strings = { ...languageOf('en').strings, ask: 'Vraag' } satisfies FaqStrings;
    registerLanguage('nl-BE', { direction: 'ltr', strings });
    expect(languageOf('nl-be').strings.ask).toBe('Vraag');
    expect(languageOf('nl').tag).toBe('en');
  });

  it('fills its gaps, and leaves those that nothing is for', () => {
    expect(fill('{read} of {count}', { read: 1, count: 10 })).toBe('1 of 10');
    expect(fill('{other}', {})).toBe('{other}');
  });

  it('writes numbers and times as the language does', () => {
    expect(formatsOf('en').duration(0.2)).toBe('1 second');
    expect(formatsOf('en').duration(89)).toBe('89 seconds');
    expect(formatsOf('de').duration(600)).toBe('10 Minuten');
    expect(formatsOf('fr').percent(0.834)).toMatch(/^83\s%$/);
  });
});

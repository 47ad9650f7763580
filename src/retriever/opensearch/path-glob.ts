import { received, VerbatimError } from '../../core/errors.js';

/** What picomatch gives a meaning that is not translated: classes, alternatives, groups, escapes, quotes, and ** beside a name. */
const UNTRANSLATED = /^!|[[\]{}()|\\"]|[^/]\*\*|\*\*[^/]/u;
/** What is left of the characters with a meaning in regular expressions. */
const SPECIAL = /[.+^$]/gu;

/**
 * Translates a glob of document ids into a regular expression of Lucene, which matches whole values: `?` is one
 * character, `*` any run of them without `/`, `**` any number of whole folders. The result is a JavaScript expression too.
 *
 * @throws VerbatimError `invalid-option` for any other pattern.
 */
export function globToLucene(glob: string): string {
  const found = UNTRANSLATED.exec(glob)?.[0];
  if (found !== undefined) {
    throw new VerbatimError(
      'invalid-option',
      `Expected filter.path to use no pattern but *, ? and ** for whole folders with OpenSearch, got ${received(found)} in ${received(glob)}.`,
    );
  }
  const segments = glob
    .replace(/^\.\//u, '')
    .split('/')
    .filter((segment, i, all) => segment !== '**' || all[i - 1] !== '**');
  const last = segments.length - 1;
  return segments
    .map((segment, i) => {
      if (segment !== '**') return (i > 0 && segments[i - 1] !== '**' ? '/' : '') + translate(segment);
      if (i < last) return i === 0 ? '(.*/)?' : '/(.*/)?';
      if (i === 0) return '.*';
      // As in picomatch: a/** finds a itself, but */** only what is inside a folder.
      return segments[i - 1]?.endsWith('*') === true ? '/.*' : '(/.*)?';
    })
    .join('');
}

function translate(segment: string): string {
  // A star alone stands for a name, which has at least one character.
  if (segment === '*') return '[^/]+';
  return segment.replace(SPECIAL, '\\$&').replaceAll('*', '[^/]*').replaceAll('?', '[^/]');
}

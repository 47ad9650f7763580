import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import { globToLucene } from '../../src/retriever/opensearch/path-glob.js';
import { errorOf } from '../support/error-of.js';

const matches = (glob: string, id: string): boolean =>
  new RegExp(`^(?:${globToLucene(glob)})$`, 'su').test(id);

describe('globToLucene', () => {
  it.each([
    ['*.md', '[^/]*\\.md'],
    ['guides/*', 'guides/[^/]+'],
    ['guides/**', 'guides(/.*)?'],
    ['**/faq?.md', '(.*/)?faq[^/]\\.md'],
    ['a/**/b', 'a/(.*/)?b'],
    ['**', '.*'],
    ['c++/$x^', 'c\\+\\+/\\$x\\^'],
  ])('%s is %s', (glob, expression) => {
    expect(globToLucene(glob)).toBe(expression);
  });

  it('finds what the embedded filter finds', () => {
    // picomatch reads some runs of + and $ as patterns; they are left to the examples.
    const letters = ['a', 'b', '.', '-', ' ', '#', '~', '@', '&'];
    const name = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 4 });
    const segment = fc.oneof(
      fc.constant('**'),
      fc.string({ unit: fc.constantFrom(...letters, '*', '?'), minLength: 1, maxLength: 4 }),
    );
    const isName = (part: string): boolean => part !== '' && part !== '.' && part !== '..';
    fc.assert(
      fc.property(
        fc.array(
          segment.filter((part) => isName(part) && !/\*\*./u.test(part) && !/.\*\*/u.test(part)),
          { minLength: 1, maxLength: 4 },
        ),
        fc.array(name.filter(isName), { minLength: 1, maxLength: 4 }),
        (segments, names) => {
          const glob = segments.join('/');
          const id = names.join('/');
          expect(matches(glob, id)).toBe(picomatch.isMatch(id, glob, { dot: true }));
        },
      ),
      { numRuns: 5000 },
    );
  });

  it.each(['[ab].md', '{a,b}', '!a', '+(a)', 'a\\*', '"a"', 'a|b', 'a**', '**.md', '***'])(
    'refuses %s',
    async (glob) => {
      const error = await errorOf(() => globToLucene(glob));
      expect(error.code).toBe('invalid-option');
      expect(error.message).toContain(
        'Expected filter.path to use no pattern but *, ? and ** for whole folders',
      );
    },
  );
});

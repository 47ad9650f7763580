import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sourceLink, type LinkTarget } from '../../src/core/source-link.js';

const target = (quote: string, rest: Partial<LinkTarget> = {}): LinkTarget => ({
  quote,
  before: '',
  after: '',
  ...rest,
});
const link = (quote: string, rest?: Partial<LinkTarget>): string | undefined =>
  sourceLink('https://x.org/a', target(quote, rest));
const decoded = (quote: string, rest?: Partial<LinkTarget>): string =>
  decodeURIComponent(link(quote, rest)?.split(':~:text=')[1] ?? '');

describe('sourceLink', () => {
  it('points to the page where the source has pages', () => {
    expect(sourceLink('file:///a.pdf#old', target('two years', { page: 7, fragment: 'x' }))).toBe(
      'file:///a.pdf#page=7',
    );
  });

  it('points to the quote, in its section if that is known', () => {
    expect(link('two years')).toBe('https://x.org/a#:~:text=two%20years');
    expect(link('two years', { fragment: 'set-up/größe' })).toBe(
      'https://x.org/a#set-up%2Fgr%C3%B6%C3%9Fe:~:text=two%20years',
    );
  });

  it('encodes what has a meaning in the syntax', () => {
    expect(link('a-b, c & d: 100% "x"')).toBe(
      'https://x.org/a#:~:text=a%2Db%2C%20c%20%26%20d%3A%20100%25%20%22x%22',
    );
  });

  it('replaces the uri’s own fragment by the section, and keeps it where there is none', () => {
    const uri = 'https://x.org/#/docs/1:~:text=old';
    expect(sourceLink(uri, target('q', { fragment: 's' }))).toBe('https://x.org/#s:~:text=q');
    expect(sourceLink(uri, target('q'))).toBe('https://x.org/#/docs/1:~:text=q');
  });

  it('gives a long quote, and one over several lines, by its first and last words', () => {
    const long = `The warranty of the hub lasts two years, ${'and so on '.repeat(10)}until it ends at last.`;
    expect(decoded(long)).toBe('The warranty of the,it ends at last.');
    expect(decoded('one two\nthree')).toBe('one,three');
    expect(decoded('1. item\n2. item')).toBe('1. item,2. item');
  });

  it('keeps a long quote whole if it is one word', () => {
    expect(decoded('x'.repeat(150))).toBe('x'.repeat(150));
  });

  it('adds words of context where the quote stands twice in the passage', () => {
    const before = 'Parts last two years.\nThe whole hub lasts ';
    const after = ', as said. The end.';
    expect(decoded('two years', { before, after })).toBe('whole hub lasts-,two years,-, as said. The');
    expect(decoded('two years', { before: 'two years or ', after: '' })).toBe('two years or-,two years');
    expect(decoded('two years', { before: 'Once ', after })).toBe('two years');
  });

  it('takes context from the quote’s own paragraph alone', () => {
    expect(decoded('two', { before: 'one\n\n', after: '\n\ntwo' })).toBe('two');
  });

  it.each(['', '  ', 'javascript:alert(1)', ' java\nscript:alert(1)', 'data:text/html,x', 'kb:7'])(
    'gives no link for the uri %j',
    (uri) => {
      expect(sourceLink(uri, target('q'))).toBeUndefined();
    },
  );

  it('links to relative addresses, and to a document as a whole for an empty quote', () => {
    expect(sourceLink('docs/a.html', target('q'))).toBe('docs/a.html#:~:text=q');
    expect(link(' ')).toBe('https://x.org/a');
    expect(link('', { fragment: 's' })).toBe('https://x.org/a#s');
  });

  it('never splits a surrogate pair, and survives a broken one', () => {
    expect(decoded('x \ud83d y')).toBe('x \ufffd y');
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.string({ unit: 'grapheme', maxLength: 30 }),
        (quote, around) => {
          const found = link(quote, { before: around + quote, after: around }) ?? '';
          expect(found).toMatch(/^https:\/\/x\.org\/a(?:#:~:text=[^\s#]+)?$/);
          expect(found).not.toContain('%EF%BF%BD');
        },
      ),
    );
  });
});

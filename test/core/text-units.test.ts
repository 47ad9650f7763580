import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWordAligner, splitSentences, splitWords } from '../../src/core/text-units.js';

const sentencesOf = (text: string): string[] =>
  splitSentences(text).map(({ start, end }) => text.slice(start, end));

describe('splitSentences', () => {
  it('splits at the end of sentences and leaves the white space out', () => {
    expect(sentencesOf('One is here.  Two follows! Three?')).toEqual([
      'One is here.',
      'Two follows!',
      'Three?',
    ]);
  });

  it('does not split after abbreviations and initials', () => {
    expect(sentencesOf('Dr. Curie met J. J. Thomson, e.g. in Paris. They talked.')).toEqual([
      'Dr. Curie met J. J. Thomson, e.g. in Paris.',
      'They talked.',
    ]);
  });

  it('reads a hard-wrapped line on into the next, but not a list item or a short line', () => {
    const wrapped =
      'This line is long enough to have been wrapped by an editor\r\nand goes on here. Then ends.';
    expect(sentencesOf(wrapped)).toEqual([wrapped.slice(0, wrapped.indexOf(' Then')), 'Then ends.']);
    expect(sentencesOf('Name\nValue')).toEqual(['Name', 'Value']);
    expect(sentencesOf('This line is long enough to have been wrapped by an editor\n- an item')).toHaveLength(
      2,
    );
  });

  it('covers every character that is not white space, in order and without overlap, for any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'B', '.', '!', ' ', '\n', '\r\n', 'é', '😀', 'Dr.', '- ') }),
        (text) => {
          let position = 0;
          for (const { start, end } of splitSentences(text)) {
            expect(text.slice(position, start).trim()).toBe('');
            expect(end).toBeGreaterThan(start);
            position = end;
          }
          expect(text.slice(position).trim()).toBe('');
        },
      ),
    );
  });

  it('takes linear time on a long line without any break', () => {
    expect(splitSentences('word '.repeat(200_000))).toHaveLength(1);
  });
});

describe('splitWords', () => {
  it('splits at white space of any kind', () => {
    const text = ' a\u00a0b\r\nc';
    expect(splitWords(text).map(({ start, end }) => text.slice(start, end))).toEqual(['a', 'b', 'c']);
  });
});

describe('createWordAligner', () => {
  const aligned = (text: string, part: string): string => {
    const start = text.indexOf(part);
    const span = createWordAligner(text)({ start, end: start + part.length });
    return text.slice(span.start, span.end);
  };

  it('grows to whole words, numbers and contractions', () => {
    expect(aligned('The warranty ends.', 'arran')).toBe('warranty');
    expect(aligned('It costs $1,000.00 now.', '000')).toBe('1,000.00');
    expect(aligned('We don’t know.', 'don')).toBe('don’t');
  });

  it('lets a word end before a possessive s, but not before another contraction', () => {
    expect(aligned("Alfred Wegener's theory", 'Wegener')).toBe('Wegener');
    expect(aligned('Alfred Wegener’s theory', 'egener')).toBe('Wegener');
    expect(aligned("It won't go", 'wo')).toBe("won't");
  });

  it('takes the combining marks of the last letter along', () => {
    expect(aligned('au cafe\u0301 noir', 'cafe')).toBe('cafe\u0301');
  });

  it('leaves punctuation outside', () => {
    expect(aligned('(two years)', 'two years')).toBe('two years');
  });
});

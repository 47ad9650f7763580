import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CodePointOffsets } from '../../src/core/offsets.js';

describe('CodePointOffsets', () => {
  it('counts a character above U+FFFF as one code point and two UTF-16 units', () => {
    const offsets = new CodePointOffsets('a😀b');
    expect([0, 1, 2, 3].map((index) => offsets.toUtf16(index))).toEqual([0, 1, 3, 4]);
    expect([0, 1, 3, 4].map((offset) => offsets.toCodePoint(offset))).toEqual([0, 1, 2, 3]);
  });

  it('takes an offset inside a surrogate pair as the start of the pair', () => {
    expect(new CodePointOffsets('😀😀').toCodePoint(3)).toBe(1);
  });

  it('gives the length for an index beyond the text', () => {
    expect(new CodePointOffsets('a😀').toUtf16(99)).toBe(3);
  });

  it('agrees with counting the characters one by one, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const offsets = new CodePointOffsets(text);
        let utf16 = 0;
        Array.from(text).forEach((character, index) => {
          expect(offsets.toUtf16(index)).toBe(utf16);
          expect(offsets.toCodePoint(utf16)).toBe(index);
          utf16 += character.length;
        });
        expect(offsets.toUtf16(Array.from(text).length)).toBe(text.length);
      }),
    );
  });
});

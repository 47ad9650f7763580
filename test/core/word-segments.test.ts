import { describe, expect, it } from 'vitest';
import { wordSegments } from '../../src/core/word-segments.js';

const TEXT = 'limits.max_message_bytes, a.b 3.x v2.x e.g. U.S. 4.5 a:b can’t node.js. д.е x.ä́.z end.';

describe('the words of a text', () => {
  it('are those of UAX #29: a full stop or colon between letters parts no word', () => {
    const words = wordSegments(TEXT)
      .all()
      .filter(({ isWord }) => isWord)
      .map(({ start, end }) => TEXT.slice(start, end));
    expect(words).toEqual(
      'limits.max_message_bytes a.b 3 x v2 x e.g U.S 4.5 a:b can’t node.js д.е x.ä́.z end'.split(' '),
    );
  });

  it('are found from any of their letters, and from what joins them', () => {
    const segments = wordSegments(TEXT);
    for (const segment of segments.all()) {
      for (let offset = segment.start; offset < segment.end; offset++) {
        expect(segments.containing(offset), String(offset)).toEqual(segment);
      }
    }
    expect(segments.containing(TEXT.length)).toBeUndefined();
    expect(segments.containing(-1)).toBeUndefined();
    expect(wordSegments('').all()).toEqual([]);
  });

  it('cover the text, as Node.js parts it', () => {
    const expected = Array.from(new Intl.Segmenter('en', { granularity: 'word' }).segment(TEXT), (part) => ({
      start: part.index,
      end: part.index + part.segment.length,
      isWord: part.isWordLike,
    }));
    expect(wordSegments(TEXT).all()).toEqual(expected);
  });
});

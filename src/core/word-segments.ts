import type { Span } from './span.js';

const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

/** What stands between the letters of one word by UAX #29, but parts words in Chromium, which changed the rules for domain names. */
const JOINT = /[.:\ufe55\uff0e\uff1a]/;
const LETTER_BEFORE = /(?=\p{L})[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]\p{M}*$/u;
const LETTER_AFTER = /^(?=\p{L})[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u;
/** UTF-16 code units in which a letter with its marks stands. */
const LETTER_LENGTH = 8;

/** A word, or what stands between two. */
export interface WordSegment extends Span {
  readonly isWord: boolean;
}

/** The words of a text. */
export interface WordSegments {
  /** The segment in which an offset lies; undefined outside the text. */
  containing(offset: number): WordSegment | undefined;
  /** All segments, in order. */
  all(): WordSegment[];
}

/** Words by UAX #29 (`Intl.Segmenter`), the same in Node.js and in Chromium for Latin, Greek and Cyrillic letters. */
export function wordSegments(text: string): WordSegments {
  const segments = segmenter.segment(text);
  const isJoint = (offset: number): boolean =>
    JOINT.test(text.charAt(offset)) &&
    LETTER_BEFORE.test(text.slice(Math.max(0, offset - LETTER_LENGTH), offset)) &&
    LETTER_AFTER.test(text.slice(offset + 1, offset + LETTER_LENGTH));
  const containing = (offset: number): WordSegment | undefined => {
    const found = segments.containing(offset);
    if (found === undefined) return undefined;
    let { index: start } = found;
    let end = start + found.segment.length;
    let isWord = found.isWordLike ?? false;
    if (isJoint(start) && end === start + 1) {
      start = segments.containing(start - 1)?.index ?? start;
      end = endOf(segments.containing(end)) ?? end;
      isWord = true;
    }
    while (isWord && isJoint(start - 1)) start = segments.containing(start - 2)?.index ?? start - 1;
    while (isWord && isJoint(end)) end = endOf(segments.containing(end + 1)) ?? end + 1;
    return { start, end, isWord };
  };
  return {
    containing,
    all() {
      const found: WordSegment[] = [];
      for (let offset = 0, next; (next = containing(offset)) !== undefined; offset = next.end)
        found.push(next);
      return found;
    },
  };
}

function endOf(segment: Intl.SegmentData | undefined): number | undefined {
  return segment && segment.index + segment.segment.length;
}

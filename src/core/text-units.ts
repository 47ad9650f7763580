import type { Span } from './span.js';
import { wordSegments } from './word-segments.js';

const sentenceSegmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Abbreviations after which UAX #29 ends a sentence wherever a capital follows, although none ends. */
const ABBREVIATION =
  /(?:^|[\s(["'“‘])(?:[A-Z]|(?:Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|Rev|Gen|Col|Lt|Sgt|Capt|Gov|Sen|Rep|Hon|vs|No|Nos|Vol|Fig|Eq|Ch|Sec|Art|approx|ca|cf|etc|al|Inc|Ltd|Co|Corp|Mt|Ft|e\.g|i\.e|U\.S|U\.K|U\.N|a\.m|p\.m))\.$/;

const LONGEST_ABBREVIATION = 9;

/** A line that continues the one before it: the one before is long, and this one opens no list item, table or heading. */
const WRAPPED_LINE_LENGTH = 50;
const OPENS_BLOCK = /^[ \t]*(?:[-*+•|#>]|\d{1,3}[.)])[ \t]/;

/**
 * The sentences of a text, in order, without the white space between them.
 *
 * Sentence boundaries are those of UAX #29 (`Intl.Segmenter`), except that common abbreviations and initials do
 * not end a sentence, and that a hard-wrapped line goes on in the next one.
 */
export function splitSentences(text: string): Span[] {
  const sentences: Span[] = [];
  let open: { start: number; end: number } | undefined;
  for (const { segment, index } of sentenceSegmenter.segment(joinWrappedLines(text))) {
    const trimmed = segment.trimEnd();
    if (trimmed.trimStart() === '') continue;
    const end = index + trimmed.length;
    const endsLine = /[\n\r\u2028\u2029]/.test(segment.slice(trimmed.length));
    open =
      open === undefined
        ? { start: index + (segment.length - segment.trimStart().length), end }
        : { start: open.start, end };
    if (endsLine || !ABBREVIATION.test(trimmed.slice(-LONGEST_ABBREVIATION))) {
      sentences.push(open);
      open = undefined;
    }
  }
  if (open !== undefined) sentences.push(open);
  return sentences;
}

/** Turns the line breaks inside wrapped paragraphs into spaces, one for one, so that offsets stay. */
function joinWrappedLines(text: string): string {
  const breaks = Array.from(text.matchAll(/\r\n|\n|\r/g));
  let joined = '';
  let lineStart = 0;
  breaks.forEach((match, i) => {
    const line = text.slice(lineStart, match.index);
    const nextStart = match.index + match[0].length;
    const next = text.slice(nextStart, breaks[i + 1]?.index ?? text.length);
    const wrapped =
      line.trimEnd().length >= WRAPPED_LINE_LENGTH && next.trim() !== '' && !OPENS_BLOCK.test(next);
    joined += line + (wrapped ? ' '.repeat(match[0].length) : match[0]);
    lineStart = nextStart;
  });
  return joined + text.slice(lineStart);
}

/** The words of a text by white space: what "a passage of about 100 words" counts. */
export function splitWords(text: string): Span[] {
  return Array.from(text.matchAll(/\S+/g), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
}

const POSSESSIVE = /^['’]s$/i;

/**
 * Prepares a text for growing spans to the word boundaries of UAX #29 around them, so that they never begin or end inside
 * a word or number. Before a possessive 's a word may end. The result takes and gives UTF-16 spans of the text.
 */
export function createWordAligner(text: string): (span: Span) => Span {
  const segments = wordSegments(text);
  return (span) => {
    const first = segments.containing(span.start);
    const last = segments.containing(span.end - 1);
    const rest = last?.isWord === true ? text.slice(span.end, last.end) : '';
    return {
      start: first?.isWord === true ? first.start : span.start,
      end: POSSESSIVE.test(rest) ? span.end : span.end + rest.length,
    };
  };
}

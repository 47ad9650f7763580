/** A line of text on a page. Coordinates are those of PDF: points, upwards. */
export interface PdfLine {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly baseline: number;
  readonly height: number;
}

/** How much further apart than usual two lines are that are not of one paragraph. */
const PARAGRAPH_GAP = 1.3;
/** How much larger or smaller the letters of a heading are. */
const SIZE_CHANGE = 1.15;
/** How much of the page's widest line a paragraph's last line leaves empty, where a sentence ends with it. */
const SHORT_LINE = 0.8;

const ENDS_SENTENCE = /[.!?:]["'”’)\]]*$/;
const OPENS_ITEM = /^(?:[•▪◦‣·–*-]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s/;
const HYPHENATED = /\p{Ll}-$/u;
const GOES_ON = /^\p{Ll}/u;

/**
 * Joins the lines of a page to paragraphs. A new one begins where the lines are further apart than usual on the page, where the size
 * of the letters changes, with an item of a list, at the top of another column, and after a short line that ends a sentence.
 *
 * @param isCompound - true for words with a hyphen, in lower case, that keep it at the end of a line.
 */
export function joinLines(lines: readonly PdfLine[], isCompound: (word: string) => boolean): string[] {
  const leading = medianLeading(lines);
  const width = Math.max(0, ...lines.map((line) => line.right - line.left));
  const paragraphs: string[] = [];
  let previous: PdfLine | undefined;
  for (const line of lines) {
    const last = paragraphs.at(-1);
    if (last === undefined || previous === undefined || parts(previous, line, leading, width)) {
      paragraphs.push(line.text);
    } else {
      paragraphs[paragraphs.length - 1] = joinWords(last, line.text, isCompound);
    }
    previous = line;
  }
  return paragraphs;
}

function parts(previous: PdfLine, line: PdfLine, leading: number, width: number): boolean {
  const larger = Math.max(previous.height, line.height);
  const smaller = Math.min(previous.height, line.height);
  const down = previous.baseline - line.baseline;
  const endsSentence = ENDS_SENTENCE.test(previous.text);
  return (
    OPENS_ITEM.test(line.text) ||
    larger > SIZE_CHANGE * smaller ||
    down > PARAGRAPH_GAP * leading ||
    // Upwards is the next column, where a sentence may go on.
    (down < 0 && (endsSentence || !GOES_ON.test(line.text))) ||
    (endsSentence && previous.right - previous.left < SHORT_LINE * width)
  );
}

function medianLeading(lines: readonly PdfLine[]): number {
  const gaps = lines
    .map((line, i) => (lines[i - 1]?.baseline ?? line.baseline) - line.baseline)
    .filter((gap) => gap > 0)
    .sort((a, b) => a - b);
  return gaps[gaps.length >> 1] ?? Infinity;
}

/**
 * Joins what stands on both sides of a line's end. A soft hyphen is a hyphenation and goes. A hyphen between lower-case letters is
 * one, too, unless the document writes the word with it elsewhere (`read-only`). Anything else is parted by a space; after a hyphen
 * that is kept (`COVID-` / `19`) by nothing.
 */
function joinWords(before: string, after: string, isCompound: (word: string) => boolean): string {
  if (before.endsWith('\u00ad')) return before.slice(0, -1) + after;
  if (HYPHENATED.test(before) && GOES_ON.test(after)) {
    const word = `${/[\p{L}\p{N}]*-$/u.exec(before)?.[0] ?? ''}${/^[\p{L}\p{N}]*/u.exec(after)?.[0] ?? ''}`;
    return (isCompound(word.toLowerCase()) ? before : before.slice(0, -1)) + after;
  }
  return /[\p{L}\p{N}]-$/u.test(before) ? before + after : `${before} ${after}`;
}

import { VerbatimError } from '../core/errors.js';
import { looksLikeHtml, readHtmlText } from './html-text.js';
import { isVerbatim, SourceTextBuilder, type SourcePiece, type SourceText } from './source-text.js';

/** Which value a text is of. */
export type ValueSource = Pick<SourcePiece, 'field' | 'item' | 'from'>;

/** The text of one stored value: as it is, or what a browser would show of it. */
export function valueText(value: string, source: ValueSource, html: boolean | 'detect'): SourceText {
  const builder = new SourceTextBuilder();
  const sink = {
    append: (text: string, sourceStart: number, sourceEnd: number): void =>
      builder.append(text, { ...source, sourceStart, sourceEnd }),
    separate: (separator: string): void => builder.separate(separator),
  };
  if (html === false || (html === 'detect' && !looksLikeHtml(value))) sink.append(value, 0, value.length);
  else {
    try {
      readHtmlText(value, sink);
    } catch (error) {
      // So many elements are no text for a search result to show: as if there were none.
      if (!VerbatimError.isInstance(error)) throw error;
      return { text: '', pieces: [] };
    }
  }
  return builder.build();
}

/** Texts one below the other; empty ones leave no trace. */
export function joinTexts(texts: readonly SourceText[]): SourceText {
  let joined = '';
  const pieces: SourcePiece[] = [];
  for (const { text, pieces: own } of texts) {
    if (text.trim() === '') continue;
    if (joined !== '') joined += '\n\n';
    const by = joined.length;
    pieces.push(...own.map((piece) => ({ ...piece, start: piece.start + by, end: piece.end + by })));
    joined += text;
  }
  return { text: joined, pieces };
}

/** What is left of a text if only this part of its one value is taken. */
export function clipText({ text, pieces }: SourceText, from: number, to: number): SourceText {
  const inside = pieces
    .filter(({ sourceStart, sourceEnd }) => sourceStart < to && sourceEnd > from)
    .map((piece) => {
      if (!isVerbatim(piece)) return piece;
      const [before, after] = [Math.max(0, from - piece.sourceStart), Math.max(0, piece.sourceEnd - to)];
      return {
        ...piece,
        start: piece.start + before,
        end: piece.end - after,
        sourceStart: piece.sourceStart + before,
        sourceEnd: piece.sourceEnd - after,
      };
    });
  const [start, end] = [inside[0]?.start ?? 0, inside.at(-1)?.end ?? 0];
  return {
    text: text.slice(start, end),
    pieces: inside.map((piece) => ({ ...piece, start: piece.start - start, end: piece.end - start })),
  };
}

import type { Span } from '../core/span.js';

/** Where a stretch of a hit's text comes from. What lies between two pieces, such as an empty line, stands in no field. */
export interface SourcePiece extends Span {
  /** The field's name. */
  readonly field: string;
  /** Which of the field's values, from 0: a field may hold a list. */
  readonly item: number;
  /** `field`: the offsets index the stored value; `highlight`: the fragment that the engine sent, with its marks. */
  readonly from: 'field' | 'highlight';
  /** UTF-16 offsets into that value. As long as the stretch of text, or one character of it written otherwise: `&amp;`. */
  readonly sourceStart: number;
  readonly sourceEnd: number;
}

/** A part of one stored value: `fieldValues(document, field)[item].slice(start, end)`. */
export interface SourceSpan extends Span {
  readonly field: string;
  readonly item: number;
  readonly from: 'field' | 'highlight';
}

/** A text with where it comes from. */
export interface SourceText {
  readonly text: string;
  /** Ascending; they do not overlap. */
  readonly pieces: readonly SourcePiece[];
}

/**
 * Where a quote stands in what the engine stores. A citation's offsets index the hit's text; this gives the offsets to mark it in the
 * stored field, markup and character references included.
 *
 * @returns undefined if the span comes from more than one value, or from none.
 *
 * @example
 * const stored = sourceSpan(hit, citation);
 * if (stored !== undefined) fieldValues(document, stored.field)[stored.item]?.slice(stored.start, stored.end);
 */
export function sourceSpan({ pieces }: Pick<SourceText, 'pieces'>, span: Span): SourceSpan | undefined {
  const inside = pieces.filter(({ start, end }) => start < span.end && end > span.start);
  const [first, last] = [inside[0], inside.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const { field, item, from } = first;
  if (last.field !== field || last.item !== item || last.from !== from) return undefined;
  const [before, after] = [Math.max(0, span.start - first.start), Math.max(0, last.end - span.end)];
  return {
    ...{ field, item, from },
    start: first.sourceStart + (isVerbatim(first) ? before : 0),
    end: last.sourceEnd - (isVerbatim(last) ? after : 0),
  };
}

/** Whether each character of the stretch is one of the source. */
export function isVerbatim({ start, end, sourceStart, sourceEnd }: SourcePiece): boolean {
  return end - start === sourceEnd - sourceStart;
}

/** Makes a text of stretches of stored values. */
export class SourceTextBuilder {
  #text = '';
  readonly #pieces: SourcePiece[] = [];

  get length(): number {
    return this.#text.length;
  }

  /** Adds what stands in no field. */
  separate(separator: string): void {
    if (this.#text !== '') this.#text += separator;
  }

  append(text: string, source: Omit<SourcePiece, 'start' | 'end'>): void {
    if (text === '') return;
    const start = this.#text.length;
    this.#text += text;
    this.#pieces.push({ start, end: this.#text.length, ...source });
  }

  build(): SourceText {
    return { text: this.#text, pieces: this.#pieces };
  }
}

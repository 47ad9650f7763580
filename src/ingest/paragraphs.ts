import type { Span } from '../core/span.js';

/** A paragraph of plain text: UTF-16 offsets into the source, and its first line, from 1. */
export interface PlainParagraph extends Span {
  readonly line: number;
}

/** The paragraphs of plain text: separated by empty lines, never white space alone. */
export function splitParagraphs(source: string): PlainParagraph[] {
  const paragraphs: PlainParagraph[] = [];
  let line = 1;
  let position = 0;
  for (const gap of [...source.matchAll(/(?:[^\S\r\n]*(?:\r\n|\n|\r(?!\n))){2,}/g), undefined]) {
    const end = gap?.index ?? source.length;
    const paragraph = source.slice(position, end);
    if (paragraph.trim() !== '') paragraphs.push({ start: position, end, line });
    if (gap !== undefined) {
      position = end + gap[0].length;
      line += countLineBreaks(paragraph) + countLineBreaks(gap[0]);
    }
  }
  return paragraphs;
}

function countLineBreaks(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}

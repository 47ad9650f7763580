import type { SourceDocument } from '../core/document.js';
import { DocumentBuilder, type DocumentIdentity } from './document-builder.js';

/** Reads plain text: paragraphs are separated by empty lines, and every character stays as it is within them. */
export function readPlainText(source: string, identity: DocumentIdentity): SourceDocument {
  const builder = new DocumentBuilder();
  let line = 1;
  let position = 0;
  for (const gap of [...source.matchAll(/(?:[^\S\r\n]*(?:\r\n|\n|\r(?!\n))){2,}/g), undefined]) {
    const paragraph = source.slice(position, gap?.index ?? source.length);
    if (paragraph.trim() !== '') {
      builder.openBlock('paragraph', []);
      builder.append(paragraph, line);
    }
    if (gap !== undefined) {
      position = gap.index + gap[0].length;
      line += countLineBreaks(paragraph) + countLineBreaks(gap[0]);
    }
  }
  return builder.build(identity);
}

function countLineBreaks(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}

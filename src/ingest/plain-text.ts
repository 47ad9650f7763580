import type { SourceDocument } from '../core/document.js';
import { DocumentBuilder, type DocumentIdentity } from './document-builder.js';
import { splitParagraphs } from './paragraphs.js';

/** Reads plain text: paragraphs are separated by empty lines, and every character stays as it is within them. */
export function readPlainText(source: string, identity: DocumentIdentity): SourceDocument {
  const builder = new DocumentBuilder(identity.id);
  for (const { start, end, line } of splitParagraphs(source)) {
    builder.openBlock('paragraph', []);
    builder.append(source.slice(start, end), { line });
  }
  return builder.build(identity);
}

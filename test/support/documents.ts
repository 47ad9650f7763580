import type { SourceDocument } from '../../src/core/document.js';
import type { Passage } from '../../src/core/passage.js';
import { readMarkdown } from '../../src/ingest/index.js';

export function markdown(id: string, source: string): SourceDocument {
  return readMarkdown(source, { id, title: '', uri: `https://example.com/${id}` });
}

/** A passage that is a whole document. */
export function passageOf(documentId: string, text: string): Passage {
  return {
    id: `${documentId}#0-${text.length}`,
    documentId,
    title: '',
    uri: '',
    headings: [],
    start: 0,
    end: text.length,
    text,
    anchors: [],
  };
}

import type { SourceDocument } from '../../src/core/document.js';
import { readMarkdown } from '../../src/ingest/index.js';

export function markdown(id: string, source: string): SourceDocument {
  return readMarkdown(source, { id, title: '', uri: `https://example.com/${id}` });
}

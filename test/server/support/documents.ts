import type { SourceDocument } from '../../../src/core/document.js';
import { readMarkdown } from '../../../src/ingest/index.js';

const SOURCES = {
  'guides/warranty.md': `---
tags: [warranty]
date: 2026-03-01
---
# Warranty

## How long is the warranty?

The warranty on every lamp lasts two years from the date of delivery.

## How do I claim?

Send the lamp and the receipt to the workshop in Bergen.
`,
  'guides/returns.md': `---
tags: [orders]
date: 2025-01-15
---
# Returns

Returns are free for 30 days. After that you pay the postage yourself.
`,
  'colours.md': '# Colours\n\nThe lamp comes in blue, green and 😀 yellow.\n',
};

/** Three documents of a lamp maker, in the order of their ids. */
export function lampDocuments(): SourceDocument[] {
  return Object.entries(SOURCES)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, source]) => readMarkdown(source, { id, title: '', uri: `https://lamps.example/${id}` }));
}

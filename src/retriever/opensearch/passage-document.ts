import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Passage } from '../../core/passage.js';
import { searchedTerms } from '../searched-terms.js';

/** OpenSearch accepts ids of at most so many bytes. */
const MAX_ID_BYTES = 512;
/** Lucene's whitespace tokenizer cuts longer terms into pieces. */
const MAX_TERM_LENGTH = 255;
const DAY = /^\d{4}-\d{2}-\d{2}/u;

/** A passage as it comes back from the index. */
export const passageSchema: z.ZodType<Passage> = z.object({
  id: z.string(),
  documentId: z.string(),
  title: z.string(),
  uri: z.string(),
  metadata: z.exactOptional(
    z.object({ tags: z.exactOptional(z.array(z.string())), date: z.exactOptional(z.string()) }),
  ),
  headings: z.array(z.string()),
  text: z.string(),
  start: z.int(),
  end: z.int(),
  anchors: z.array(
    z.object({
      start: z.int(),
      line: z.exactOptional(z.int()),
      page: z.exactOptional(z.int()),
      fragment: z.exactOptional(z.string()),
    }),
  ),
});

/** Fields that are searched and filtered by, and not stored: they follow from the passage. */
export const DERIVED_FIELDS = ['searched', 'day', 'instant'] as const;

/** The engine's key of a passage. It depends on nothing else, so that sending a passage twice stores it once. */
export function documentKey(passageId: string): string {
  return Buffer.byteLength(passageId) <= MAX_ID_BYTES
    ? passageId
    : `sha256:${createHash('sha256').update(passageId).digest('hex')}`;
}

/**
 * A passage as it is indexed. `searched` holds the terms of our own analysis, so that both engines see the same ones; `day` and
 * `instant` hold its date as a calendar day and a point in time, as the embedded filter compares them.
 */
export function passageDocument(passage: Passage): Record<string, unknown> {
  const { id, documentId, title, uri, metadata, headings, text, start, end, anchors } = passage;
  const day = DAY.exec(metadata?.date ?? '')?.[0];
  const instant = Date.parse(metadata?.date ?? '');
  return {
    ...{ id, documentId, title, uri, headings, text, start, end, anchors },
    ...(metadata === undefined ? {} : { metadata }),
    searched: searchedTerms(passage).map(engineTerm).join(' '),
    ...(day === undefined ? {} : { day }),
    ...(Number.isNaN(instant) ? {} : { instant }),
  };
}

/** A term as the engine holds it: what is too long is cut, never inside a surrogate pair. */
export function engineTerm(term: string): string {
  if (term.length <= MAX_TERM_LENGTH) return term;
  return term.slice(0, MAX_TERM_LENGTH).replace(/[\uD800-\uDBFF]$/u, '');
}

import picomatch from 'picomatch';
import type { DocumentMetadata } from '../core/document.js';
import { received, VerbatimError } from '../core/errors.js';

/** Which documents are searched; a document must meet every condition that is given. */
export interface DocumentCriteria {
  /** At least one of these tags, as they are spelt. */
  readonly tags?: readonly string[];
  /** A glob that the document's id matches: `guides/**`, `*.md`. `**` also crosses folders. */
  readonly path?: string;
  /** Dated on this ISO 8601 date or later; a document without a date is left out. */
  readonly from?: string;
  /** Dated on this ISO 8601 date or earlier; a document without a date is left out. */
  readonly to?: string;
}

/** Criteria, or a test of one's own by document id (only where documents are held in this process). */
export type DocumentFilter = DocumentCriteria | ((documentId: string) => boolean);

const ISO_DATE = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * Makes a test of a filter.
 *
 * @throws VerbatimError `invalid-option` for an empty list of tags, an empty path, or a date that is none.
 */
export function documentTest(
  filter: DocumentFilter,
): (documentId: string, metadata: DocumentMetadata | undefined) => boolean {
  if (typeof filter === 'function') return (documentId) => filter(documentId);
  const { tags, path, from, to } = checkCriteria(filter);
  const wantedTags = tags === undefined ? undefined : new Set(tags);
  const matches = path === undefined ? undefined : picomatch(path, { dot: true });
  return (documentId, metadata) =>
    (matches?.(documentId) ?? true) &&
    (wantedTags === undefined || (metadata?.tags?.some((tag) => wantedTags.has(tag)) ?? false)) &&
    isWithin(metadata?.date, from, to);
}

/** @throws VerbatimError `invalid-option` for an empty list of tags, an empty path, or a date that is none. */
export function checkCriteria(criteria: DocumentCriteria): DocumentCriteria {
  const { tags, path, from, to } = criteria;
  if (tags?.length === 0)
    throw new VerbatimError('invalid-option', 'Expected filter.tags to name at least one tag, got none.');
  if (path?.trim() === '')
    throw new VerbatimError('invalid-option', `Expected filter.path to be a glob, got ${received(path)}.`);
  for (const [name, date] of Object.entries({ from, to })) {
    if (date !== undefined && (!ISO_DATE.test(date) || Number.isNaN(Date.parse(date)))) {
      throw new VerbatimError(
        'invalid-option',
        `Expected filter.${name} to be an ISO 8601 date such as 2026-11-21, got ${received(date)}.`,
      );
    }
  }
  return criteria;
}

/** Compares days: a bound holds for the whole of its day unless it names a time. */
function isWithin(date: string | undefined, from: string | undefined, to: string | undefined): boolean {
  if (from === undefined && to === undefined) return true;
  if (date === undefined) return false;
  const fits = (bound: string): number =>
    bound.includes('T')
      ? Math.sign(Date.parse(date) - Date.parse(bound))
      : Math.sign(date.slice(0, 10).localeCompare(bound));
  return (from === undefined || fits(from) >= 0) && (to === undefined || fits(to) <= 0);
}

import type { DocumentMetadata } from '../core/document.js';

const ISO_DATE = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Tags and date as a source gives them, checked.
 *
 * @param tags - a list, or one string with `;` or `,` between the tags; anything else gives none.
 * @param date - kept if it is an ISO 8601 day, with or without a time (`2026-11-21`, `2026-11-21T09:30:00Z`); else left out.
 * @returns undefined if neither is left.
 */
export function readMetadata(tags: unknown, date: unknown): DocumentMetadata | undefined {
  const kept = readTags(tags);
  const day = typeof date === 'string' ? date.trim() : '';
  const metadata = {
    ...(kept.length === 0 ? {} : { tags: kept }),
    ...(isDate(day) ? { date: day } : {}),
  };
  return Object.keys(metadata).length === 0 ? undefined : metadata;
}

function readTags(tags: unknown): string[] {
  const list: unknown[] = typeof tags === 'string' ? tags.split(/[;,]/) : Array.isArray(tags) ? tags : [];
  const trimmed = list.filter((tag) => typeof tag === 'string').map((tag) => tag.trim());
  return [...new Set(trimmed)].filter((tag) => tag !== '');
}

function isDate(text: string): boolean {
  const day = ISO_DATE.exec(text)?.[1];
  if (day === undefined || Number.isNaN(Date.parse(text))) return false;
  // Date.parse takes the 30th of February for the 2nd of March.
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

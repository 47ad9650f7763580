import type { DocumentCriteria } from '../../retriever/document-filter.js';

/** What the plain rule or the fusion profile decides by, where the server's own limit is not wanted. */
export type Rule = 'profile' | 'threshold' | 'minConfidence';

/** All that a link to a question holds. */
export interface Question {
  readonly question: string;
  readonly topK?: number;
  readonly threshold?: number;
  readonly minConfidence?: number;
  readonly filter?: DocumentCriteria;
}

/** A question of a link, and what of the link was no use. */
export interface LinkedQuestion {
  readonly question: Question;
  readonly leftOut: readonly string[];
}

const NUMBERS = { k: 'topK', threshold: 'threshold', minConfidence: 'minConfidence' } as const;
const FILTERS = { path: 'path', from: 'from', to: 'to' } as const;

/** The part of an address after `#`: a server's log, or a proxy's, never sees it. */
export function toFragment({ question, filter = {}, ...numbers }: Question): string {
  const fields = new URLSearchParams({ q: question });
  for (const [name, key] of Object.entries(NUMBERS)) {
    const value = numbers[key];
    if (value !== undefined) fields.set(name, String(value));
  }
  for (const [name, key] of Object.entries(FILTERS)) {
    const value = filter[key];
    if (value !== undefined) fields.set(name, value);
  }
  for (const tag of filter.tags ?? []) fields.append('tag', tag);
  return `#${fields.toString()}`;
}

/** Undefined for an address without a question. */
export function fromFragment(fragment: string): LinkedQuestion | undefined {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''));
  const question = fields.get('q');
  if (question === null) return undefined;
  const leftOut: string[] = [];
  const numbers: Partial<Record<(typeof NUMBERS)[keyof typeof NUMBERS], number>> = {};
  for (const [name, key] of Object.entries(NUMBERS)) {
    const text = fields.get(name);
    if (text === null) continue;
    const number = Number(text);
    if (text.trim() === '' || !Number.isFinite(number)) leftOut.push(`${name}=${text}`);
    else numbers[key] = number;
  }
  const given = Object.entries(FILTERS).flatMap(([name, key]) => {
    const value = fields.get(name);
    return value === null || value === '' ? [] : [[key, value] as const];
  });
  const tags = fields.getAll('tag').filter((tag) => tag !== '');
  const filter: DocumentCriteria = { ...Object.fromEntries(given), ...(tags.length === 0 ? {} : { tags }) };
  const hasFilter = Object.keys(filter).length > 0;
  return { question: { question, ...numbers, ...(hasFilter ? { filter } : {}) }, leftOut };
}

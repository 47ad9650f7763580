import { VerbatimError } from '../../core/errors.js';
import { checkCriteria, type DocumentFilter } from '../document-filter.js';
import { globToLucene } from './path-glob.js';

/** OpenSearch returns no more passages at once (`index.max_result_window`). */
export const MAX_TOP_K = 10_000;

type Clause = Record<string, unknown>;

/** A search for passages that hold at least one of the terms, best first, equal scores by document id, then position. */
export function searchBody(
  queryFrequencies: ReadonlyMap<string, number>,
  filter: readonly Clause[],
  topK: number,
  explain: boolean,
): Record<string, unknown> {
  return {
    size: topK,
    explain,
    // Counting every match would keep the engine from skipping those that cannot be among the best.
    track_total_hits: false,
    query: {
      bool: {
        should: Array.from(queryFrequencies, ([term, boost]) => ({
          term: { searched: { value: term, boost } },
        })),
        minimum_should_match: 1,
        filter,
      },
    },
    sort: ['_score', 'documentId', 'start', 'end'],
  };
}

/**
 * Translates a filter into clauses.
 *
 * @throws VerbatimError `invalid-option` for a function, which cannot be sent to an engine, and for criteria out of range.
 */
export function filterClauses(filter: DocumentFilter | undefined): Clause[] {
  if (filter === undefined) return [];
  if (typeof filter === 'function') {
    throw new VerbatimError(
      'invalid-option',
      'Expected filter to be criteria (tags, path, from, to): a function cannot be sent to OpenSearch.',
    );
  }
  const { tags, path, from, to } = checkCriteria(filter);
  return [
    ...(tags === undefined ? [] : [{ terms: { 'metadata.tags': tags } }]),
    ...(path === undefined ? [] : [{ regexp: { documentId: { value: globToLucene(path), flags: 'NONE' } } }]),
    ...(from === undefined ? [] : [dateClause(from, 'gte')]),
    ...(to === undefined ? [] : [dateClause(to, 'lte')]),
  ];
}

/** A bound without a time is compared with the day as the document writes it; one with a time, with the instant. */
function dateClause(bound: string, operator: 'gte' | 'lte'): Clause {
  return bound.includes('T')
    ? { range: { instant: { [operator]: Date.parse(bound) } } }
    : { range: { day: { [operator]: bound } } };
}

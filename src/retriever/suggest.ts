import { headingPath, type RetrievedPassage } from '../core/passage.js';
import { analyze } from './analyze.js';
import type { Retriever } from './types.js';

/** What a visitor who has typed so much may want to ask. */
export interface Suggestion {
  readonly text: string;
  /** A title or heading that ends with a question mark is a `question`. */
  readonly kind: 'question' | 'heading' | 'title';
  /** Where it stands. */
  readonly documentId: string;
  readonly title: string;
  readonly uri: string;
}

export const DEFAULT_SUGGESTIONS = 6;

/** Words that the last one, which may still be being typed, is taken for. */
const COMPLETIONS = 5;
/** Passages whose titles and headings are looked at. */
const PASSAGES = 50;
/** Of the words typed, so many must stand in what is suggested. */
const LEAST_SHARE = 0.5;

const QUESTION_MARK = /[?？؟]\s*$/u;

/**
 * Titles, headings and questions of the sources that hold the words typed so far: questions first, then those with more of the words, then
 * those found first.
 *
 * @param typed - the beginning of a question; its last word may be unfinished.
 * @param options - `limit`: 6 if not given.
 */
export async function suggest(
  retriever: Retriever,
  typed: string,
  { limit = DEFAULT_SUGGESTIONS, signal }: { readonly limit?: number; readonly signal?: AbortSignal },
): Promise<Suggestion[]> {
  const terms = analyze(typed);
  const last = terms.at(-1);
  if (last === undefined) return [];
  const completed = (await retriever.complete?.(last, COMPLETIONS)) ?? [];
  const searched = [...terms.slice(0, -1), ...(completed.length === 0 ? [last] : completed)];
  const passages = await retriever.retrieve(searched.join(' '), {
    topK: PASSAGES,
    ...(signal === undefined ? {} : { signal }),
  });
  return Array.from(distinctHeadings(passages).values(), (suggestion) => ({
    suggestion,
    share: shareOf(terms, suggestion.text),
  }))
    .filter(({ share }) => share >= LEAST_SHARE)
    .sort((a, b) => rank(a.suggestion) - rank(b.suggestion) || b.share - a.share)
    .slice(0, limit)
    .map(({ suggestion }) => suggestion);
}

/** Every title and heading above the passages, once, the innermost of a passage first. */
function distinctHeadings(passages: readonly RetrievedPassage[]): Map<string, Suggestion> {
  const found = new Map<string, Suggestion>();
  for (const passage of passages) {
    const { documentId, title, uri } = passage;
    for (const text of headingPath(passage).reverse()) {
      const key = analyze(text).join(' ');
      if (key === '' || found.has(key)) continue;
      const kind = QUESTION_MARK.test(text) ? 'question' : text === title ? 'title' : 'heading';
      found.set(key, { text, kind, documentId, title, uri });
    }
  }
  return found;
}

function rank({ kind }: Suggestion): number {
  return kind === 'question' ? 0 : 1;
}

/** The share of the typed terms that stand in a text; every one may be the beginning of a word: the typing may go on in the middle. */
function shareOf(terms: readonly string[], text: string): number {
  const words = analyze(text);
  const standing = terms.filter((term) => words.some((word) => word.startsWith(term)));
  return standing.length / terms.length;
}

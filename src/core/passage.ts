import type { DocumentMetadata, SourceAnchor } from './document.js';
import type { Span } from './span.js';

/** The retrieval unit: a contiguous slice of one document. `text === document.text.slice(start, end)`. */
export interface Passage extends Span {
  /** `documentId#start-end`. */
  readonly id: string;
  readonly documentId: string;
  readonly title: string;
  readonly uri: string;
  readonly metadata?: DocumentMetadata;
  /** Headings above the passage, outermost first. */
  readonly headings: readonly string[];
  readonly text: string;
  /** Where the passage stands in the source; `start` is a document offset. Empty where the source has no lines or pages. */
  readonly anchors: readonly SourceAnchor[];
}

/** A passage that is a whole document: a hit of another engine, a paragraph of a data set. */
export function wholePassage(
  documentId: string,
  text: string,
  source: { readonly title?: string; readonly uri?: string } = {},
): Passage {
  const { title = '', uri = '' } = source;
  const span = { start: 0, end: text.length };
  return {
    id: `${documentId}#0-${text.length}`,
    documentId,
    title,
    uri,
    headings: [],
    ...span,
    text,
    anchors: [],
  };
}

/** Title and headings of a passage, outermost first, none twice: what is searched and read together with its text. */
export function headingPath(passage: Pick<Passage, 'title' | 'headings'>): string[] {
  return [...new Set([passage.title, ...passage.headings])].filter((heading) => heading !== '');
}

/** A passage that a retriever found. */
export interface RetrievedPassage extends Passage {
  /** The retriever's raw score, larger is better; comparable only within one result list. */
  readonly score: number;
  /** Position in the result list, from 1. */
  readonly rank: number;
  /** What each question term added to the score, where `explain` was asked for. */
  readonly explanation?: readonly TermContribution[];
}

/** One question term's part of a BM25 score. The contributions of a passage add up to its score. */
export interface TermContribution {
  readonly term: string;
  /** How often the term stands in the question. */
  readonly queryFrequency: number;
  /** How often it stands in the passage and its headings. */
  readonly termFrequency: number;
  /** In how many passages it stands. */
  readonly passageFrequency: number;
  readonly inverseDocumentFrequency: number;
  readonly contribution: number;
}

/** Reading order for equal scores: by document id (code-unit order), then by position. */
export function comparePosition(
  a: { readonly documentId: string; readonly start: number; readonly end: number },
  b: { readonly documentId: string; readonly start: number; readonly end: number },
): number {
  if (a.documentId !== b.documentId) return a.documentId < b.documentId ? -1 : 1;
  return a.start - b.start || a.end - b.end;
}

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

/** One question term's part of a score. The contributions of a passage add up to its score. */
export interface TermContribution {
  /** The question's term, or the commonest of those that it was taken for. */
  readonly term: string;
  /** What the question has instead, where no passage holds any form of that. */
  readonly correctedFrom?: string;
  /** How often the term stands in the question. */
  readonly queryFrequency: number;
  /** How often it stands in the passage and its headings; 0 where only other forms of it do. */
  readonly termFrequency: number;
  /** Other terms of the passage that count as it: forms of the word, half each, and further corrections. */
  readonly forms?: readonly FormFrequency[];
  /** In how many passages it, or anything that counts as it, stands. */
  readonly passageFrequency: number;
  readonly inverseDocumentFrequency: number;
  /** Its part of BM25, and of the window. */
  readonly contribution: number;
  /** What of it is there because the term stands in the passage's best window. */
  readonly windowContribution?: number;
}

/** Another form of a question term, and how often it stands in a passage. */
export interface FormFrequency {
  readonly term: string;
  readonly termFrequency: number;
}

/** Reading order for equal scores: by document id (code-unit order), then by position. */
export function comparePosition(
  a: { readonly documentId: string; readonly start: number; readonly end: number },
  b: { readonly documentId: string; readonly start: number; readonly end: number },
): number {
  if (a.documentId !== b.documentId) return a.documentId < b.documentId ? -1 : 1;
  return a.start - b.start || a.end - b.end;
}

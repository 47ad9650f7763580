import type { Span } from './span.js';

/** What a block of text is; a passage never begins or ends inside a table row or a list item if it can be avoided. */
export type BlockKind = 'heading' | 'paragraph' | 'list-item' | 'table-row' | 'code';

/** A stretch of the document's text that belongs together. Blocks are in order and do not overlap. */
export interface Block extends Span {
  readonly kind: BlockKind;
  /** Headings above the block, outermost first; a heading's own text is not in its own path. */
  readonly headings: readonly string[];
}

/** From this offset on (until the next anchor), the text stands on this line or page of the source. */
export interface SourceAnchor {
  /** UTF-16 offset into the document's text. */
  readonly start: number;
  /** Line of the source file, from 1. */
  readonly line?: number;
  /** Page of the source file, from 1. */
  readonly page?: number;
  /** Fragment identifier of the section in the source: an element's id, a heading's slug. */
  readonly fragment?: string;
}

/** What a source says about itself, to filter by. */
export interface DocumentMetadata {
  readonly tags?: readonly string[];
  /** ISO 8601 date (`2026-11-21`), with or without a time. */
  readonly date?: string;
}

/** A whole source as ingested. Every offset of a passage or citation indexes `text`. */
export interface SourceDocument {
  /** Unique in its corpus; for a file, its path relative to the corpus, with `/`. */
  readonly id: string;
  readonly title: string;
  /** Where a reader can open the source. */
  readonly uri: string;
  readonly metadata?: DocumentMetadata;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** Ascending by `start`. */
  readonly anchors: readonly SourceAnchor[];
}

/** The last anchor at or before the offset, or undefined where there is none. */
export function anchorAt(anchors: readonly SourceAnchor[], offset: number): SourceAnchor | undefined {
  let low = 0;
  let high = anchors.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const anchor = anchors[middle];
    if (anchor !== undefined && anchor.start <= offset) low = middle + 1;
    else high = middle;
  }
  return anchors[low - 1];
}

/** The anchors that hold for a slice of the text: the one in force at its start, and those inside. */
export function anchorsWithin(anchors: readonly SourceAnchor[], span: Span): SourceAnchor[] {
  const first = anchorAt(anchors, span.start);
  const inside = anchors.filter((anchor) => anchor.start > span.start && anchor.start < span.end);
  return first === undefined ? inside : [first, ...inside];
}

import type { Span } from './span.js';

/**
 * Where an answer stands. One JSON shape everywhere. Offsets are UTF-16 code units into the document's text:
 * `document.text.slice(start, end) === quote`.
 */
export interface Citation extends Span {
  readonly documentId: string;
  readonly title: string;
  readonly uri: string;
  /** Opens the source at the quote, where a uri can say where: at its page or section, with the quote marked. */
  readonly link?: string;
  /** Headings above the quote, outermost first. */
  readonly headings: readonly string[];
  /** Page of the source, from 1, where it has pages. */
  readonly page?: number;
  /** Line of the source file, from 1, where it has lines. */
  readonly line?: number;
  readonly quote: string;
  /** The sentence around the quote, as document offsets, and its text. */
  readonly sentence: Span & { readonly text: string };
}

import { analyze } from '../../../src/retriever/analyze.js';
import { DEFAULT_BM25 } from '../../../src/retriever/bm25.js';
import type { Configuration } from '../ranker.js';

/** A configuration with a name, a row of a table. */
export interface Variation {
  readonly name: string;
  readonly configuration: Configuration;
}

/** Variations on a baseline, a table. */
export interface Idea {
  readonly name: string;
  readonly baseline: Variation;
  readonly variations: readonly Variation[];
}

const { k1, b } = DEFAULT_BM25;

/** Plain exact BM25 of the text alone: bench/retrieve/brute-force.ts. */
export const TEXT_ALONE: Configuration = Object.freeze({
  analyze,
  layout: 'text',
  bm25f: { k1, fields: [{ weight: 1, b }] },
});

/** Plain exact BM25 of title and text as one field: the product's exact matching. */
export const TITLE_IN_TEXT: Configuration = Object.freeze({ ...TEXT_ALONE, layout: 'title in text' });

export const BASELINE: Variation = { name: 'exact BM25, text', configuration: TEXT_ALONE };
export const PRODUCT: Variation = { name: 'exact BM25, title in text', configuration: TITLE_IN_TEXT };

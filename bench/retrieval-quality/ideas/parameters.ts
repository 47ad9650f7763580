import { BASELINE, TEXT_ALONE, TITLE_IN_TEXT, type Idea } from './configurations.js';
import { KEPT_CONFIGURATION } from './kept.js';

/** BM25's two parameters. */
export const parameters: Idea = {
  name: 'k1 and b',
  baseline: BASELINE,
  variations: [0.6, 0.9, 1.2, 1.5, 2].flatMap((k1) =>
    [0.4, 0.6, 0.75, 0.9].map((b) => ({
      name: `k1 ${k1}, b ${b}`,
      configuration: { ...TEXT_ALONE, bm25f: { k1, fields: [{ weight: 1, b }] } },
    })),
  ),
};

/** The same beside what is kept, where the window's bonus adds to every term's weight. */
export const parametersBesideKept: Idea = {
  name: 'k1 and b beside what is kept',
  baseline: {
    name: 'kept, k1 1.2, b 0.75',
    configuration: { ...KEPT_CONFIGURATION, bm25f: TITLE_IN_TEXT.bm25f },
  },
  variations: [
    [0.9, 0.75],
    [0.6, 0.75],
    [0.9, 0.6],
  ].map(([k1 = 1.2, b = 0.75]) => ({
    name: `k1 ${k1}, b ${b}`,
    configuration: { ...KEPT_CONFIGURATION, bm25f: { k1, fields: [{ weight: 1, b }] } },
  })),
};

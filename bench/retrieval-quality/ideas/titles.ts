import { BASELINE, PRODUCT, TEXT_ALONE, type Idea } from './configurations.js';

/** The article's title: left out, before the text, or a field of its own. */
export const titles: Idea = {
  name: 'Titles',
  baseline: BASELINE,
  variations: [
    PRODUCT,
    ...[0.1, 0.2, 0.3, 0.5, 1, 2].flatMap((weight) =>
      [0, 0.5].map((b) => ({
        name: `BM25F, title's weight ${weight} and b ${b}`,
        configuration: {
          ...TEXT_ALONE,
          layout: 'title beside text' as const,
          bm25f: {
            k1: 1.2,
            fields: [
              { weight, b },
              { weight: 1, b: 0.75 },
            ],
          },
        },
      })),
    ),
  ],
};

import { BASELINE, TEXT_ALONE, type Idea } from './configurations.js';

/** One round of pseudo-relevance feedback. */
export const expanding: Idea = {
  name: 'Pseudo-relevance feedback',
  baseline: BASELINE,
  variations: [
    { units: 3, terms: 5, weight: 0.1 },
    { units: 5, terms: 5, weight: 0.1 },
    { units: 5, terms: 10, weight: 0.1 },
    { units: 5, terms: 10, weight: 0.2 },
    { units: 10, terms: 10, weight: 0.2 },
    { units: 10, terms: 10, weight: 0.4 },
  ].map((feedback) => ({
    name: `${feedback.units} units, ${feedback.terms} terms, weight ${feedback.weight}`,
    configuration: { ...TEXT_ALONE, feedback },
  })),
};

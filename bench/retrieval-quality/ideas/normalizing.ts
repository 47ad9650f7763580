import * as normalizations from '../analysis/normalizations.js';
import { BASELINE, TEXT_ALONE, type Idea } from './configurations.js';

/** Numbers, acronyms, compounds and spellings made alike. */
export const normalizing: Idea = {
  name: 'Numbers, acronyms, compounds',
  baseline: BASELINE,
  variations: Object.entries(normalizations).map(([name, analyze]) => ({
    name,
    configuration: { ...TEXT_ALONE, analyze },
  })),
};

import type { RetrievedPassage } from '../core/passage.js';
import type { PassageReading } from '../reader/types.js';
import { describeAnswers } from './candidate-features.js';
import { groupAnswers } from './candidates.js';
import { fusionScore } from './fusion.js';
import type { FusionProfile } from './profile.js';

/** Passages read before it is asked whether they are enough; the same on every machine, so that answers are. */
export const PASSAGES_AT_ONCE = 2;

/**
 * Whether the best candidate of the passages read so far scores so much that no further passage is going to change the
 * answer, or whether it is given. The more has been read, the less that has to be.
 */
export function isEnough(
  question: string,
  readings: readonly PassageReading<RetrievedPassage>[],
  profile: FusionProfile,
): boolean {
  const enough = profile.enoughScores?.[Math.ceil(readings.length / PASSAGES_AT_ONCE) - 1];
  if (enough === undefined) return false;
  const passages = readings.map(({ passage }) => passage);
  return describeAnswers(question, groupAnswers(readings), passages).some(
    ({ features }) => fusionScore(features, profile) >= enough,
  );
}

/** A confidence in words. */
export type ConfidenceLevel = 'high' | 'good' | 'fair' | 'low';

/** From which confidence on. They are calibrated: of the answers that are called `high`, four in five or more are right. */
const LEAST: readonly (readonly [ConfidenceLevel, number])[] = [
  ['high', 0.8],
  ['good', 0.5],
  ['fair', 0.25],
];

export function confidenceLevel(confidence: number): ConfidenceLevel {
  return LEAST.find(([, least]) => confidence >= least)?.[0] ?? 'low';
}

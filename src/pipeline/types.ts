import type { Citation } from '../core/citation.js';
import type { RetrievedPassage } from '../core/passage.js';
import type { PassageReading, ScoredSpan, TokenScore } from '../reader/types.js';
import type { Feature } from './candidate-features.js';
import type { AggregationProfile } from './profile.js';

/** The four numbers of a candidate. The first three are raw logits; only the last is a probability. */
export interface CandidateScores {
  /** Span score: start logit + end logit. */
  readonly score: number;
  /** The same at [CLS], minimum over the passage's windows. */
  readonly nullScore: number;
  /** score − nullScore. */
  readonly margin: number;
  /** Calibrated probability that the answer is correct, 0 to 1. */
  readonly confidence: number;
}

/** One number's part of a score. The contributions and the intercept add up to it. */
export interface FeatureContribution {
  readonly feature: Feature;
  readonly value: number;
  readonly weight: number;
  readonly contribution: number;
}

/** An answer that some passage gives, with every place where it was found. */
export interface Candidate extends CandidateScores {
  readonly answer: string;
  /** The best place first; the numbers above are this place's. */
  readonly citations: readonly Citation[];
  /** What a fusion profile ranks by, and of what it is made, where `explain` was asked for. */
  readonly fusionScore?: number;
  readonly features?: readonly FeatureContribution[];
  /** With a fusion profile: how far giving this answer pays, 0 to 1; it should from about one half on. */
  readonly answerability?: number;
  /** Of what ln(answerability / (1 − answerability)) is made, where `explain` was asked for. */
  readonly answerabilityFeatures?: readonly FeatureContribution[];
}

/** What became of one retrieved passage. */
export interface PassageDecision {
  readonly rank: number;
  readonly retrievalScore: number;
  readonly passage: RetrievedPassage;
  readonly bestSpan: string;
  readonly score: number;
  readonly nullScore: number;
  readonly margin: number;
  /** False if nullScore − score > threshold. */
  readonly kept: boolean;
  /** The passage's spans, best first: what `bestSpan` was chosen from. Offsets index the passage's text. */
  readonly spans: readonly ScoredSpan[];
  readonly windowCount: number;
  /** Start and end logits over the passage's best context window, where the reader tells. */
  readonly tokens?: readonly TokenScore[];
}

interface ResultBase {
  /** The rule that decided. */
  readonly aggregation: 'null-score' | 'fusion';
  /** A passage is dropped, and an answer withheld, iff nullScore − score is greater. */
  readonly threshold: number;
  /** With a fusion profile, an answer is withheld, too, iff its confidence is lower. */
  readonly minConfidence?: number;
  /** And iff its answerability is lower. */
  readonly minAnswerability?: number;
  /** How many passages were read, and how many of them were dropped. */
  readonly passagesRead: number;
  readonly passagesDropped: number;
  /** Every passage's numbers, where `explain` was asked for. */
  readonly explanation?: readonly PassageDecision[];
  /** The rule with all its numbers, where `explain` was asked for: with the explanation's readings, `aggregate` decides the same again. */
  readonly profile?: AggregationProfile;
}

/** Words that stand in a source, with their citations. */
export interface Answer extends ResultBase, Candidate {
  readonly kind: 'answer';
  /** Whether another answer is nearly as well supported and says something else: then look at the alternatives. */
  readonly conflicting: boolean;
  /** Other answers, best first. */
  readonly alternatives: readonly Candidate[];
}

/** `no-passages`: retrieval found nothing to read; `no-support`: no candidate passed the limits. */
export type NoAnswerReason = 'no-passages' | 'no-support';

/** An honest "no answer": a value, never an exception and never an empty string. */
export interface NoAnswer extends ResultBase {
  readonly kind: 'no-answer';
  readonly reason: NoAnswerReason;
  /** The best of the candidates that were rejected; null without passages. */
  readonly bestRejected: Candidate | null;
}

export type AnswerResult = Answer | NoAnswer;

/** What is known of a question before its result is: the passages that were found, then each of them as it has been read. */
export type AnswerProgress =
  | { readonly stage: 'retrieved'; readonly passages: readonly RetrievedPassage[] }
  | { readonly stage: 'read'; readonly reading: PassageReading<RetrievedPassage> };

import type { Citation } from '../core/citation.js';
import type { RetrievedPassage } from '../core/passage.js';

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

/** An answer that some passage gives, with every place where it was found. */
export interface Candidate extends CandidateScores {
  readonly answer: string;
  /** The best place first; the numbers above are this place's. */
  readonly citations: readonly Citation[];
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
}

interface ResultBase {
  /** A passage is dropped, and an answer withheld, iff nullScore − score is greater. */
  readonly threshold: number;
  /** How many passages were read, and how many of them were dropped. */
  readonly passagesRead: number;
  readonly passagesDropped: number;
  /** Every passage's numbers, where `explain` was asked for. */
  readonly explanation?: readonly PassageDecision[];
}

/** Words that stand in a source, with their citations. */
export interface Answer extends ResultBase, Candidate {
  readonly kind: 'answer';
  /** Other answers, best first. */
  readonly alternatives: readonly Candidate[];
}

/** `no-passages`: retrieval found nothing to read; `no-support`: every passage's null score beat its best span. */
export type NoAnswerReason = 'no-passages' | 'no-support';

/** An honest "no answer": a value, never an exception and never an empty string. */
export interface NoAnswer extends ResultBase {
  readonly kind: 'no-answer';
  readonly reason: NoAnswerReason;
  /** The best of the candidates that were rejected; null without passages. */
  readonly bestRejected: Candidate | null;
}

export type AnswerResult = Answer | NoAnswer;

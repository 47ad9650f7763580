import type { Citation } from '../core/citation.js';
import type { Passage, RetrievedPassage } from '../core/passage.js';
import type { Span } from '../core/span.js';
import type { GoldAnswer, LabelledQuestion } from '../ingest/index.js';
import type { AnswerResult, Candidate } from '../pipeline/index.js';
import { goldSpansIn, holdsGoldAnswer, type ParagraphPlace } from './gold-passages.js';
import type { RelevantRank } from './retrieval-metrics.js';
import type { JudgedQuestion } from './scored-question.js';
import { scorePrediction } from './squad-metrics.js';

/** The candidate that a question got as its answer or, if that was withheld, would have got. */
export interface EvaluatedCandidate {
  readonly text: string;
  /** Null score − span score: it is withheld iff this is greater than the threshold. */
  readonly scoreDifference: number;
  /** What it scores if it is given, 0 or 1 and 0 to 1. */
  readonly exact: number;
  readonly f1: number;
  readonly citation: Citation;
  /** The passage that it was read in. */
  readonly passage: {
    readonly text: string;
    /** UTF-16 spans of the passage's text: the candidate, and the gold answers that are known to stand there. */
    readonly span: Span;
    readonly gold: readonly Span[];
  };
}

/** A labelled question with what was predicted for it: one record, from which every figure is computed. */
export interface EvaluatedQuestion extends JudgedQuestion {
  readonly question: string;
  /** Gold answers, as UTF-16 spans of the paragraph; empty if it is unanswerable. */
  readonly answers: readonly GoldAnswer[];
  /** Text of its own paragraph. */
  readonly paragraph: string;
  /** The answer that was given; `""` for none. */
  readonly predicted: string;
  /** The threshold that decided so. */
  readonly threshold: number;
  /** The least confidence that decided so, where a fusion profile did. */
  readonly minConfidence?: number;
  /** The least answerability that decided so, and the best candidate's. */
  readonly minAnswerability?: number;
  readonly answerability?: number;
  /** null if no passage offered one. */
  readonly best: EvaluatedCandidate | null;
  /** null if nothing was retrieved: the question was read with its own paragraph. */
  readonly retrieval: RetrievalOutcome | null;
}

/** What retrieval found for one question. */
export interface RetrievalOutcome {
  /** Rank of the first retrieved passage that holds a gold answer at its place; null if none does. */
  readonly relevantRank: RelevantRank;
  /** Whether some gold answer's text stands in the passages that were read, at its place or elsewhere. */
  readonly answerRead: boolean;
}

/** A result, and what it is judged by. */
export interface ResultToJudge {
  readonly label: LabelledQuestion;
  /** Text of the question's own paragraph. */
  readonly paragraph: string;
  /** With its explanation, which holds the passages that were read. */
  readonly result: AnswerResult;
  /** What was retrieved, if anything was. */
  readonly retrieved?: readonly RetrievedPassage[] | undefined;
  /**
   * Where the paragraph stands in the corpus. Without it a passage is relevant iff a gold answer's text stands in it, which
   * flatters retrieval: "1932" stands in many passages.
   */
  readonly place: ParagraphPlace | undefined;
}

/** Compares a result with the label, by the official rules. */
export function judgeResult({
  label,
  paragraph,
  result,
  retrieved,
  place,
}: ResultToJudge): EvaluatedQuestion {
  const gold = label.answers.map(({ text }) => text);
  const answerable = gold.length > 0;
  const predicted = result.kind === 'answer' ? result.answer : '';
  const candidate = result.kind === 'answer' ? result : result.bestRejected;
  const passagesRead = (result.explanation ?? []).map(({ passage }) => passage);
  const best = candidate && judgeCandidate(candidate, label, passagesRead, place);
  const isRelevant = (passage: Passage): boolean =>
    place === undefined
      ? holdsGoldAnswer(passage.text, label)
      : goldSpansIn(passage, label, place).length > 0;
  return {
    id: label.id,
    article: label.title,
    answerable,
    ...scorePrediction({ gold, predicted }),
    confidence: candidate?.confidence ?? 0,
    correct: answerable && best?.exact === 1,
    question: label.question,
    answers: label.answers,
    paragraph,
    predicted,
    threshold: result.threshold,
    ...(result.minConfidence === undefined ? {} : { minConfidence: result.minConfidence }),
    ...(result.minAnswerability === undefined ? {} : { minAnswerability: result.minAnswerability }),
    ...(candidate?.answerability === undefined ? {} : { answerability: candidate.answerability }),
    best,
    retrieval:
      retrieved === undefined
        ? null
        : {
            relevantRank: retrieved.find(isRelevant)?.rank ?? null,
            answerRead: passagesRead.some(({ text }) => holdsGoldAnswer(text, label)),
          },
  };
}

function judgeCandidate(
  { answer, score, nullScore, citations }: Candidate,
  label: LabelledQuestion,
  passages: readonly Passage[],
  place: ParagraphPlace | undefined,
): EvaluatedCandidate | null {
  const [citation] = citations;
  if (citation === undefined) return null;
  const { documentId, sentence } = citation;
  const passage = passages.find(
    (read) => read.documentId === documentId && read.start <= citation.start && citation.end <= read.end,
  ) ?? { documentId, ...sentence };
  return {
    text: answer,
    scoreDifference: nullScore - score,
    ...scorePrediction({ gold: label.answers.map(({ text }) => text), predicted: answer }),
    citation,
    passage: {
      text: passage.text,
      span: { start: citation.start - passage.start, end: citation.end - passage.start },
      gold: place === undefined ? [] : goldSpansIn(passage, label, place),
    },
  };
}

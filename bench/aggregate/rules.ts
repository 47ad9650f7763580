import { scorePrediction, type JudgedQuestion } from '../../src/evaluation/index.js';
import type { ReadQuestion } from '../../src/evaluation/tuning/index.js';
import { logistic } from '../../src/core/logistic.js';
import { aggregate, type AggregationProfile } from '../../src/pipeline/index.js';

/** What a rule makes of a question: its best candidate, how sure it is, and whether it says it. */
export interface Verdict {
  readonly candidate: string;
  readonly confidence: number;
  readonly answered: boolean;
}

export type Rule = (question: ReadQuestion) => Verdict;

/** This project's aggregator with a profile. */
export function ruleOf(profile: AggregationProfile): Rule {
  return ({ question, readings }) => {
    const result = aggregate(readings, profile, { question: question.question, alternatives: 0 });
    const best = result.kind === 'answer' ? result : result.bestRejected;
    return {
      candidate: best === null ? '' : best.answer,
      confidence: best?.confidence ?? 0,
      answered: result.kind === 'answer',
    };
  };
}

/** The span with the highest raw score wins, and is always said (transformers.js, Elasticsearch, passage by passage). */
export const bestSpanWins: Rule = ({ readings }) => {
  const [best] = readings.flatMap(({ spans }) => spans.slice(0, 1)).sort((a, b) => b.score - a.score);
  return {
    candidate: best?.text ?? '',
    confidence: best === undefined ? 0 : logistic(best.score / 8),
    answered: best !== undefined,
  };
};

/** Haystack's ExtractiveReader: at most this many answers are kept, and its fixed calibration factor. */
const HAYSTACK_TOP_K = 20;
const HAYSTACK_CALIBRATION_FACTOR = 0.1;

/**
 * Haystack's rule on this project's logits: the probability of a span is the logistic function of a tenth of its score, that of
 * "no answer" the product of the complements over the kept answers; the larger of the two is said. Null scores are not looked at.
 */
export const haystackRule: Rule = ({ readings }) => {
  const kept = readings
    .flatMap(({ spans }) => spans)
    .sort((a, b) => b.score - a.score)
    .slice(0, HAYSTACK_TOP_K)
    .map(({ text, score }) => ({ text, probability: logistic(HAYSTACK_CALIBRATION_FACTOR * score) }));
  const none = kept.reduce((product, { probability }) => product * (1 - probability), 1);
  const [best] = kept;
  return {
    candidate: best?.text ?? '',
    confidence: best?.probability ?? 0,
    answered: best !== undefined && best.probability >= none,
  };
};

/** What a rule's verdicts are worth. */
export function judge(questions: readonly ReadQuestion[], rule: Rule): JudgedQuestion[] {
  return questions.map((item) => {
    const { id, title, answers } = item.question;
    const { candidate, confidence, answered } = rule(item);
    const gold = answers.map(({ text }) => text);
    return {
      id,
      article: title,
      answerable: gold.length > 0,
      ...scorePrediction({ gold, predicted: answered ? candidate : '' }),
      confidence,
      correct: gold.length > 0 && scorePrediction({ gold, predicted: candidate }).exact === 1,
    };
  });
}

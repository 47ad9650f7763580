import { received, requireInteger, requireNumber, VerbatimError } from '../../core/errors.js';
import {
  answerabilityOf,
  confidenceOf,
  FEATURES,
  PROFILE_FORMAT,
  type AnswerabilityInput,
  type LinearModel,
  type StoredProfile,
} from '../../pipeline/index.js';
import type { ModelManifest } from '../../reader/index.js';
import { fitPlatt } from '../platt.js';
import { tuningExample, type TuningExample } from './examples.js';
import { fitAnswerability } from './fit-answerability.js';
import { fitCalibration } from './fit-calibration.js';
import { fitEnough } from './fit-enough.js';
import { fitFusion, pickBest, shareWeights, type BestCandidate, type FusionWeights } from './fit-fusion.js';
import { fitLimit, tunedFigures, type Decision, type Target, type TunedFigures } from './fit-limit.js';
import type { ReadQuestion } from './read-questions.js';

export interface TuneOptions {
  /** The reader that made the readings. */
  readonly model: Pick<ModelManifest, 'id' | 'revision'>;
  /** How many passages were read for each question. */
  readonly topK: number;
  /** Says in the profile what it was fitted on. */
  readonly fittedOn: string;
  /** Share of unanswerable questions to expect, above 0 and below 1. @defaultValue 0.5 */
  readonly unanswerableShare?: number;
  /** `null-score` fits the plain rule. @defaultValue `fusion` if the questions are enough for it */
  readonly aggregation?: 'fusion' | 'null-score';
  /** Answer as much as possible with at least this share of the answers right. By default the best F1 is sought. */
  readonly targetPrecision?: number;
  /** Answer at least this share of the questions, the surest ones. */
  readonly targetCoverage?: number;
  /** Parts that the articles are dealt into for cross-validation, at least 2. @defaultValue 5 */
  readonly folds?: number;
}

export interface TunedProfile {
  readonly profile: StoredProfile;
  /** What the profile does with questions of articles that it was not fitted on, weighted to the share. */
  readonly crossValidated: TunedFigures;
  /** The plain null-score rule, fitted and judged in the same way. */
  readonly nullScore: TunedFigures;
}

/** Fewer of a kind say nothing: the standard error of a share of 30 is 9 points. */
export const LEAST_QUESTIONS = 30;
/** Ten of the rarer kind for each parameter of the candidates' scores (Peduzzi et al. 1996). */
export const LEAST_QUESTIONS_FOR_FUSION = 10 * (FEATURES.length + 1);

/**
 * Fits a profile by cross-validation over articles: calibration, answerability and limits are fitted on questions whose articles
 * the weights have not seen, then the weights on all. For the best F1 answerability decides; for a precision or a coverage
 * confidence does, which ranks answers better by how often they are right.
 *
 * @throws VerbatimError `tuning-set-unfit` if there are too few questions of a kind, or articles; `tuning-target-unreached`;
 * `invalid-option`.
 */
export function tuneProfile(questions: readonly ReadQuestion[], options: TuneOptions): TunedProfile {
  const target = targetOf(options);
  const unanswerableShare = requireNumber('unanswerableShare', options.unanswerableShare ?? 0.5, 0.01, 0.99);
  const folds = requireInteger('folds', options.folds ?? 5, 2);
  const set = prepareSet(questions, unanswerableShare, folds);
  const examples = set.map(({ example }) => example);
  const rarer = requireEnough(examples);
  const aggregation = options.aggregation ?? (rarer < LEAST_QUESTIONS_FOR_FUSION ? 'null-score' : 'fusion');

  const nullScore = crossValidate(set, target, () => decisionByMargin);
  const origin = {
    format: PROFILE_FORMAT,
    model: { id: options.model.id, revision: options.model.revision },
    topK: options.topK,
    unanswerableShare,
    fittedOn: options.fittedOn,
    questions: set.length,
  };
  if (aggregation === 'null-score') {
    const decisions = set.map(decisionByMargin);
    const read = decisions.filter(({ score }) => score > -Infinity);
    const calibration = fitPlatt(
      read.map(({ score, exact }) => ({ score, correct: exact === 1 })),
      read.map(({ weight }) => weight * read.length),
    );
    const profile = { ...origin, aggregation, threshold: rounded(-fitLimit(decisions, target)), calibration };
    return { profile, crossValidated: nullScore, nullScore };
  }

  const picked = pickUnseen(set, unanswerableShare);
  const calibration = fitCalibration(picked);
  const answerability = fitAnswerability(picked);
  const byConfidence = (item: Picked): Decision =>
    decisionOf(item, ({ logProbability }) => confidenceOf(logProbability, calibration));
  const limits =
    target.kind === 'f1'
      ? { minConfidence: 0, minAnswerability: limitOf(picked.map(byAnswerability(answerability)), target) }
      : { minConfidence: limitOf(picked.map(byConfidence), target), minAnswerability: 0 };
  const rule = { answerability, calibration, ...limits };
  const differencesOfRight = picked.flatMap(({ best }) =>
    best?.candidate.exact === 1 ? [-best.candidate.features.margin] : [],
  );
  return {
    profile: {
      ...origin,
      aggregation,
      // No right answer of the set stood in a passage whose null score was further ahead.
      threshold: Math.ceil(Math.max(0, ...differencesOfRight)),
      ...fitFusion(
        examples,
        set.map(({ weight }) => weight),
      ),
      ...rule,
      ...fitEnough(picked, rule),
    },
    crossValidated: crossValidate(picked, target, (others) =>
      target.kind === 'f1' ? byAnswerability(fitAnswerability(others)) : byConfidence,
    ),
    nullScore,
  };
}

/** A question of the set that is tuned on. */
interface Item extends ReadQuestion {
  readonly example: TuningExample;
  readonly weight: number;
  /** Number of the fold that its article is in. */
  readonly fold: number;
}

/** With the best candidate by weights that were fitted without its fold. */
interface Picked extends Item {
  readonly fusion: FusionWeights;
  readonly best: BestCandidate | undefined;
}

function prepareSet(questions: readonly ReadQuestion[], unanswerableShare: number, folds: number): Item[] {
  const examples = questions.map(({ question, readings }) => tuningExample(question, readings));
  const weights = shareWeights(examples, unanswerableShare);
  const foldOf = dealArticles(examples, folds);
  return questions.flatMap((question, i) => {
    const example = examples[i];
    return example === undefined
      ? []
      : [{ ...question, example, weight: weights[i] ?? 0, fold: foldOf.get(example.article) ?? 0 }];
  });
}

function pickUnseen(set: readonly Item[], unanswerableShare: number): Picked[] {
  const folds = [...new Set(set.map(({ fold }) => fold))];
  return folds.flatMap((fold) => {
    const others = set.filter((item) => item.fold !== fold).map(({ example }) => example);
    const fusion = fitFusion(others, shareWeights(others, unanswerableShare));
    return set
      .filter((item) => item.fold === fold)
      .map((item) => ({ ...item, fusion, best: pickBest(item.example, fusion) }));
  });
}

function targetOf({ targetPrecision, targetCoverage }: TuneOptions): Target {
  if (targetPrecision !== undefined && targetCoverage !== undefined) {
    throw new VerbatimError(
      'invalid-option',
      `Expected one of targetPrecision and targetCoverage, got both (${received(targetPrecision)} and ${received(targetCoverage)}).`,
    );
  }
  if (targetPrecision !== undefined)
    return { kind: 'precision', value: requireNumber('targetPrecision', targetPrecision, 0, 1) };
  if (targetCoverage !== undefined)
    return { kind: 'coverage', value: requireNumber('targetCoverage', targetCoverage, 0, 1) };
  return { kind: 'f1' };
}

/** The number of questions of the rarer kind. */
function requireEnough(examples: readonly TuningExample[]): number {
  const answerable = examples.filter((example) => example.answerable).length;
  const unanswerable = examples.length - answerable;
  const articles = new Set(examples.map(({ article }) => article)).size;
  if (Math.min(answerable, unanswerable) < LEAST_QUESTIONS) {
    throw new VerbatimError(
      'tuning-set-unfit',
      `Expected at least ${LEAST_QUESTIONS} answerable and ${LEAST_QUESTIONS} unanswerable questions to tune on, got ${answerable} and ${unanswerable}.`,
    );
  }
  if (articles < 2) {
    throw new VerbatimError(
      'tuning-set-unfit',
      `Expected questions of at least 2 articles, so that what is fitted on some is checked on others, got ${articles}.`,
    );
  }
  return Math.min(answerable, unanswerable);
}

/**
 * Deals articles into folds of like size, the largest first, each into the smallest fold so far; by title where equal.
 * Article → fold.
 */
function dealArticles(examples: readonly TuningExample[], folds: number): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { article } of examples) sizes.set(article, (sizes.get(article) ?? 0) + 1);
  const articles = [...sizes].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const filled = new Array<number>(Math.min(folds, articles.length)).fill(0);
  return new Map(
    articles.map(([article, size]) => {
      const fold = filled.indexOf(Math.min(...filled));
      filled[fold] = (filled[fold] ?? 0) + size;
      return [article, fold];
    }),
  );
}

/** The plain rule: the candidate with the largest margin. */
function decisionByMargin({ example, weight }: Item): Decision {
  const [first] = example.candidates;
  const score = first?.features.margin ?? -Infinity;
  return { score, exact: first?.exact ?? 0, f1: first?.f1 ?? 0, answerable: example.answerable, weight };
}

function decisionOf({ example, weight, best }: Picked, scoreOf: (best: BestCandidate) => number): Decision {
  const { exact, f1 } = best?.candidate ?? { exact: 0, f1: 0 };
  const score = best === undefined ? -Infinity : scoreOf(best);
  return { score, exact, f1, answerable: example.answerable, weight };
}

function byAnswerability(model: LinearModel<AnswerabilityInput>): (item: Picked) => Decision {
  return (item) => decisionOf(item, ({ candidate }) => answerabilityOf(candidate.features, model));
}

/** Each fold is decided by the rule and the limit that are fitted on the others. */
function crossValidate<T extends { readonly fold: number }>(
  items: readonly T[],
  target: Target,
  fitRule: (others: readonly T[]) => (item: T) => Decision,
): TunedFigures {
  const folds = [...new Set(items.map(({ fold }) => fold))];
  const judged = folds.flatMap((fold) => {
    const others = items.filter((item) => item.fold !== fold);
    const decide = fitRule(others);
    const limit = fitLimit(others.map(decide), target);
    return items.filter((item) => item.fold === fold).map((item) => ({ decision: decide(item), limit }));
  });
  return tunedFigures(
    judged.map(({ decision }) => decision),
    (i) => judged[i]?.limit ?? Infinity,
  );
}

/** The limit on a number from 0 to 1. */
function limitOf(decisions: readonly Decision[], target: Target): number {
  return Math.min(1, Math.max(0, rounded(fitLimit(decisions, target))));
}

function rounded(value: number): number {
  return Number(value.toFixed(5));
}

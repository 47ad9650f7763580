import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { received, VerbatimError } from '../core/errors.js';
import type { ModelManifest } from '../reader/index.js';
import {
  ANSWERABILITY_INPUTS,
  FEATURES,
  type AnswerabilityInput,
  type Feature,
} from './candidate-features.js';

/** Format of a profile's file: 2 decides by answerability, which 1 did not hold. */
export const PROFILE_FORMAT = 2 as const;

const plattSchema = z.object({ slope: z.number(), intercept: z.number() });
const betaSchema = z.object({
  slope: z.number().min(0),
  complementSlope: z.number().min(0),
  intercept: z.number(),
});

/** What a profile was fitted with and on: it says nothing of another reader. */
const originSchema = z.object({
  format: z.literal(PROFILE_FORMAT),
  model: z.object({ id: z.string(), revision: z.string() }),
  /** How many passages were read. */
  topK: z.int().min(1),
  /** Share of unanswerable questions that it was fitted for. */
  unanswerableShare: z.number().gt(0).lt(1),
  fittedOn: z.string(),
  questions: z.int().min(1),
});

const nullScoreSchema = z.object({
  aggregation: z.literal('null-score'),
  threshold: z.number(),
  calibration: plattSchema,
});

const fusionSchema = z.object({
  aggregation: z.literal('fusion'),
  threshold: z.number(),
  intercept: z.number(),
  weights: numberEach(FEATURES),
  answerability: z.object({ intercept: z.number(), weights: numberEach(ANSWERABILITY_INPUTS) }),
  calibration: betaSchema,
  minConfidence: z.number().min(0).max(1),
  minAnswerability: z.number().min(0).max(1),
  enoughScores: z.array(z.number()).optional(),
});

function numberEach<Name extends string>(names: readonly Name[]): z.ZodObject<Record<Name, z.ZodNumber>> {
  return z.object(Object.fromEntries(names.map((name) => [name, z.number()])) as Record<Name, z.ZodNumber>);
}

const profileSchema = z.discriminatedUnion('aggregation', [
  originSchema.extend(nullScoreSchema.shape),
  originSchema.extend(fusionSchema.shape),
]);

/** confidence = 1 / (1 + exp(−(slope · x + intercept))). */
export interface Calibration {
  readonly slope: number;
  readonly intercept: number;
}

/**
 * Beta calibration (Kull et al. 2017) of a probability P: confidence = 1 / (1 + exp(−(slope · ln P − complementSlope · ln(1 − P) +
 * intercept))). Both slopes are 0 or more, so that it never turns an order round; with equal ones it is Platt scaling of the log odds.
 */
export interface BetaCalibration {
  readonly slope: number;
  readonly complementSlope: number;
  readonly intercept: number;
}

/** The plain rule: rank by margin, answer iff null score − best span score is at most the threshold. */
export interface NullScoreProfile {
  readonly aggregation: 'null-score';
  /** A passage is dropped iff nullScore − best span score is greater. */
  readonly threshold: number;
  /** Platt scaling of the margin. */
  readonly calibration: Calibration;
}

/** intercept + Σ weight · input. */
export interface LinearModel<Name extends string> {
  readonly intercept: number;
  readonly weights: Readonly<Record<Name, number>>;
}

/**
 * A multinomial logit over the candidates of a question and "none of them" (McFadden 1974): a candidate's score is linear in
 * its features, P(candidate) = exp(score) / (1 + Σ exp(scores)), and its confidence is that probability, calibrated.
 *
 * The candidate with the highest score is the answer iff it is sure enough and answerable enough. The two differ: an answer that
 * is only partly right is worth giving, but no exact match.
 */
export interface FusionProfile extends LinearModel<Feature> {
  readonly aggregation: 'fusion';
  /** A passage is dropped before anything else iff nullScore − best span score is greater. */
  readonly threshold: number;
  /**
   * Logistic regression whose value is gain / (gain + loss): what giving the best candidate is expected to add to F1 if the question
   * can be answered, beside what it costs if it cannot.
   */
  readonly answerability: LinearModel<AnswerabilityInput>;
  readonly calibration: BetaCalibration;
  /** An answer is withheld iff its confidence is lower, 0 to 1: what a precision or a coverage is reached by. */
  readonly minConfidence: number;
  /** An answer is withheld iff its answerability is lower, 0 to 1: what the best F1 is reached by. */
  readonly minAnswerability: number;
  /**
   * Reading stops once a candidate scores this much: the first number counts after the first round of passages, the next after the
   * next. No later passage has changed an answer beyond it, nor whether it was given.
   */
  readonly enoughScores?: readonly number[] | undefined;
}

/** How readings become a decision. */
export type AggregationProfile = NullScoreProfile | FusionProfile;

/** A profile as it stands in its JSON file. */
export type StoredProfile = z.infer<typeof profileSchema>;

/** A profile beside a model's weights, fitted to the embedded BM25. */
export const PROFILE_FILE = 'profile.json';

/** For models whose confidence nobody has fitted: FARM's expit(margin / 8), which is no calibrated probability. */
const UNCALIBRATED = Object.freeze({ slope: 1 / 8, intercept: 0 });

/** The plain rule with what a model's manifest says; without a threshold, run_qa's default of 0. */
export function profileOf({
  nullScoreDifferenceThreshold,
  calibration,
}: Pick<ModelManifest, 'nullScoreDifferenceThreshold' | 'calibration'>): NullScoreProfile {
  const { slope, intercept } = calibration ?? UNCALIBRATED;
  return {
    aggregation: 'null-score',
    threshold: nullScoreDifferenceThreshold?.value ?? 0,
    calibration: { slope, intercept },
  };
}

/**
 * Reads a profile that `verbatim tune` wrote, for a reader.
 *
 * @throws VerbatimError `profile-invalid` if it cannot be read, holds a number that is none, or was fitted with another model
 * or another revision of it.
 */
export async function readProfile(
  file: string,
  model: Pick<ModelManifest, 'id' | 'revision'>,
): Promise<StoredProfile> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new VerbatimError(
      'profile-invalid',
      `Cannot read the profile ${received(file)}: ${reason}.`,
      error,
    );
  }
  return parseProfile(json, file, model);
}

/** Checks a parsed profile; `name` names it in errors. */
export function parseProfile(
  json: unknown,
  name: string,
  model: Pick<ModelManifest, 'id' | 'revision'>,
): StoredProfile {
  const parsed = profileSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    if (issue?.path[0] === 'format') {
      const { format } = json as { format?: unknown };
      throw new VerbatimError(
        'profile-invalid',
        `${name} has the profile format ${received(format)}; this version reads ${PROFILE_FORMAT}: tune again.`,
      );
    }
    throw new VerbatimError(
      'profile-invalid',
      `${name} is no profile of this version: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}.`,
    );
  }
  const fitted = parsed.data.model;
  if (fitted.id !== model.id || fitted.revision !== model.revision) {
    throw new VerbatimError(
      'profile-invalid',
      `${name} was fitted with the model ${fitted.id} (revision ${fitted.revision}), not with ${model.id} (revision ${model.revision}); tune again.`,
    );
  }
  return parsed.data;
}

import { z } from 'zod';
import { questionText } from '../../wire/question.js';
import type { ServerLimits } from '../deps.js';

/** The shapes of Hugging Face's question-answering task and of Azure ML's. Fields that they may add are passed over. */

const MIN_SEQUENCE = 128;
const DEFAULT_SEQUENCE = 384;
const DEFAULT_STRIDE = 128;

/** Tokens that neighbouring windows may share: a third at most, or a long context could be read a hundred times over. */
export function strideWithin(maxSequenceLength: number | null | undefined): number {
  return Math.min(DEFAULT_STRIDE, Math.floor((maxSequenceLength ?? DEFAULT_SEQUENCE) / 3));
}

export interface Parameters {
  readonly top_k?: number | null | undefined;
  readonly doc_stride?: number | null | undefined;
  readonly max_answer_len?: number | null | undefined;
  readonly max_seq_len?: number | null | undefined;
  readonly max_question_len?: number | null | undefined;
  readonly handle_impossible_answer?: boolean | null | undefined;
  readonly align_to_words?: boolean | null | undefined;
}

export interface QuestionInContext {
  readonly question: string;
  readonly context: string;
}

export interface HuggingFaceRequest {
  readonly inputs: QuestionInContext | readonly QuestionInContext[];
  readonly parameters?: Parameters | null | undefined;
}

export interface ScoreRequest {
  readonly inputs: { readonly question: readonly string[]; readonly context: readonly string[] };
  readonly parameters?: Parameters | null | undefined;
}

export interface HostedInferenceSchemas {
  readonly huggingFaceRequest: z.ZodType<HuggingFaceRequest>;
  readonly scoreRequest: z.ZodType<ScoreRequest>;
}

const parameters = z
  .looseObject({
    top_k: z.int().min(1).max(20).nullish().describe('answers at most; more than 1 gives a list'),
    doc_stride: z
      .int()
      .min(0)
      .max(DEFAULT_STRIDE)
      .nullish()
      .describe('tokens that neighbouring windows share'),
    max_answer_len: z.int().min(1).max(512).nullish(),
    max_seq_len: z.int().min(MIN_SEQUENCE).max(512).nullish(),
    max_question_len: z.int().min(1).max(64).nullish(),
    handle_impossible_answer: z
      .boolean()
      .nullish()
      .describe('true: an abstention is the answer ""; false: the best span, however bad'),
    align_to_words: z.boolean().nullish(),
  })
  .refine(({ doc_stride, max_seq_len }) => (doc_stride ?? 0) <= strideWithin(max_seq_len), {
    path: ['doc_stride'],
    error: 'expected at most a third of max_seq_len',
  })
  .nullish();

export function hostedInferenceSchemas(limits: ServerLimits): HostedInferenceSchemas {
  const question = questionText(limits.questionCharacters);
  const context = z.string().min(1);
  const pair = z.looseObject({ question, context });
  return {
    huggingFaceRequest: z.looseObject({
      inputs: z.union([pair, z.array(pair).min(1).max(limits.batch)]),
      parameters,
    }),
    scoreRequest: z.looseObject({
      inputs: z
        .looseObject({
          question: z.array(question).min(1).max(limits.batch),
          context: z.array(context).min(1).max(limits.batch),
        })
        .refine((inputs) => inputs.question.length === inputs.context.length, {
          error: 'expected as many contexts as questions',
        }),
      parameters,
    }),
  };
}

export const hostedAnswer = z.strictObject({
  answer: z.string(),
  score: z.number().min(0).max(1),
  start: z.int().min(0).describe('code points, as Python counts'),
  end: z.int().min(0),
});
export const hostedAnswers = z.union([hostedAnswer, z.array(z.union([hostedAnswer, z.array(hostedAnswer)]))]);
export const scoreResponse = z.array(hostedAnswer);

import { z } from 'zod';
import type { DocumentCriteria } from '../../retriever/index.js';
import { filter } from '../../wire/filter.js';
import { questionText } from '../../wire/question.js';
import type { ServerLimits } from '../deps.js';

/** When to answer, and what to tell of it: see `DecideOptions`. */
export interface DecisionFields {
  readonly threshold?: number;
  readonly minConfidence?: number;
  readonly explain?: boolean;
  readonly alternatives?: number;
}

/** What is searched, and how: see `AskOptions`. */
export interface AskFields extends DecisionFields {
  readonly topK?: number;
  readonly filter?: DocumentCriteria;
}

export interface AnswerRequest extends AskFields {
  readonly question: string;
}

export interface BatchRequest extends AskFields {
  readonly questions: readonly string[];
}

/** Request bodies whose bounds are the server's limits. */
export interface QuestionSchemas {
  readonly answerRequest: z.ZodType<AnswerRequest>;
  readonly batchRequest: z.ZodType<BatchRequest>;
}

/** The two belong to different rules. */
const oneLimit = { not: { required: ['threshold', 'minConfidence'] } };

export const decisionFields = {
  threshold: z
    .number()
    .exactOptional()
    .describe('decides by the plain rule: no answer iff null score − span score is greater'),
  minConfidence: z
    .number()
    .min(0)
    .max(1)
    .exactOptional()
    .describe('decides by the fusion profile: no answer below this confidence'),
  explain: z.boolean().exactOptional().describe("adds every passage's numbers"),
  alternatives: z.int().min(0).max(20).exactOptional().describe('other answers at most, 3 by default'),
};

export function questionSchemas(limits: ServerLimits): QuestionSchemas {
  const question = questionText(limits.questionCharacters);
  // Among many, an empty one is answered by a problem in its place.
  const batched = z.string().max(limits.questionCharacters);
  const askFields = {
    topK: z.int().min(1).max(limits.passages).exactOptional().describe('passages to read, 10 by default'),
    filter: filter.exactOptional(),
    ...decisionFields,
  };
  return {
    answerRequest: z.strictObject({ question, ...askFields }).meta(oneLimit),
    batchRequest: z
      .strictObject({ questions: z.array(batched).min(1).max(limits.batch), ...askFields })
      .meta(oneLimit),
  };
}

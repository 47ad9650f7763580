import { z } from 'zod';
import type { HitFields } from '../../engines/index.js';
import type { SearchHit } from '../../pipeline/index.js';
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

/** Either passages, or documents and what their fields are for. */
export interface ReadRequest extends DecisionFields {
  readonly question: string;
  readonly passages?: readonly SearchHit[];
  readonly documents?: readonly Readonly<Record<string, unknown>>[];
  readonly fields?: DocumentFields;
  readonly topK?: number;
}

export type DocumentFields = Pick<HitFields, 'textField' | 'titleField' | 'uriField' | 'idField' | 'html'>;

/** Request bodies whose bounds are the server's limits. */
export interface QuestionSchemas {
  readonly answerRequest: z.ZodType<AnswerRequest>;
  readonly batchRequest: z.ZodType<BatchRequest>;
  readonly readRequest: z.ZodType<ReadRequest>;
}

/** The two belong to different rules. */
const oneLimit = { not: { required: ['threshold', 'minConfidence'] } };

const decisionFields = {
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

const fieldName = z.string().min(1).max(500);
const documentFields: z.ZodType<DocumentFields> = z.strictObject({
  textField: z.union([fieldName, z.array(fieldName).min(1).max(20)]),
  titleField: fieldName.exactOptional(),
  uriField: fieldName.exactOptional(),
  idField: fieldName.exactOptional().describe("a document's position, from 0, if none is named"),
  html: z.union([z.boolean(), z.literal('detect')]).exactOptional(),
});

/** Said for readers of the schema; checked by `isEither`. */
const passagesOrDocuments = {
  oneOf: [
    {
      required: ['passages'],
      not: { anyOf: [{ required: ['documents'] }, { required: ['fields'] }, { required: ['topK'] }] },
    },
    { required: ['documents', 'fields'], not: { required: ['passages'] } },
  ],
};

function isEither({ passages, documents, fields, topK }: Partial<ReadRequest>): boolean {
  return passages === undefined
    ? documents !== undefined && fields !== undefined
    : documents === undefined && fields === undefined && topK === undefined;
}

export function questionSchemas(limits: ServerLimits): QuestionSchemas {
  const question = questionText(limits.questionCharacters);
  // Among many, an empty one is answered by a problem in its place.
  const batched = z.string().max(limits.questionCharacters);
  const askFields = {
    topK: z.int().min(1).max(limits.passages).exactOptional().describe('passages to read, 10 by default'),
    filter: filter.exactOptional(),
    ...decisionFields,
  };
  const hit = z.strictObject({
    id: z.string().min(1).max(2048),
    text: z.string(),
    title: z.string().exactOptional(),
    uri: z.string().exactOptional(),
    score: z.number().exactOptional().describe("the search engine's"),
  });
  return {
    answerRequest: z.strictObject({ question, ...askFields }).meta(oneLimit),
    batchRequest: z
      .strictObject({ questions: z.array(batched).min(1).max(limits.batch), ...askFields })
      .meta(oneLimit),
    readRequest: z
      .strictObject({
        question,
        passages: z.array(hit).max(limits.passages).exactOptional(),
        documents: z
          .array(z.record(z.string(), z.unknown()))
          .exactOptional()
          .describe('instead of passages: documents as a search engine stores them, best first'),
        fields: documentFields.exactOptional().describe("what the documents' fields are for"),
        topK: askFields.topK.describe('documents to read, 10 by default'),
        ...decisionFields,
      })
      .refine(isEither, 'expected either passages, or documents with fields')
      .meta({ allOf: [oneLimit, passagesOrDocuments] }),
  };
}

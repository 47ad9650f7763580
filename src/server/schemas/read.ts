import { z } from 'zod';
import type { SearchHit } from '../../pipeline/index.js';
import type { ServerLimits } from '../deps.js';
import { documentBody, type DocumentBody } from './documents.js';
import { decisionFields, questionText, type DecisionFields } from './questions.js';

/** Passages of another engine, or a document to find them in. */
export interface ReadRequest extends DecisionFields {
  readonly question: string;
  readonly passages?: readonly SearchHit[];
  readonly document?: DocumentBody;
  readonly topK?: number;
}

export interface ReadSchemas {
  readonly readRequest: z.ZodType<ReadRequest>;
}

export function readSchemas({ passages, questionCharacters }: ServerLimits): ReadSchemas {
  const hit = z.strictObject({
    id: z.string().min(1).max(2048),
    text: z.string(),
    title: z.string().exactOptional(),
    uri: z.string().exactOptional(),
    score: z.number().exactOptional().describe("the search engine's"),
  });
  const readRequest = z
    .strictObject({
      question: questionText(questionCharacters),
      passages: z.array(hit).max(passages).exactOptional(),
      document: documentBody.exactOptional().describe('read for this question only; nothing of it is kept'),
      topK: z
        .int()
        .min(1)
        .max(passages)
        .exactOptional()
        .describe('passages of the document to read, 10 by default'),
      ...decisionFields,
    })
    .refine((body) => (body.passages === undefined) !== (body.document === undefined), {
      error: 'expected exactly one of passages and document',
    })
    .refine((body) => body.topK === undefined || body.document !== undefined, {
      error: 'expected topK only with a document: of passages all are read',
      path: ['topK'],
    })
    .meta({
      oneOf: [
        { required: ['passages'], not: { anyOf: [{ required: ['document'] }, { required: ['topK'] }] } },
        { required: ['document'], not: { required: ['passages'] } },
      ],
      // The two belong to different rules.
      not: { required: ['threshold', 'minConfidence'] },
    });
  return { readRequest };
}

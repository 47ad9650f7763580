import { z } from 'zod';
import type { SearchHit } from '../../pipeline/index.js';
import type { ServerLimits } from '../deps.js';
import { documentBody, type DocumentBody } from './documents.js';
import { questionText } from '../../wire/question.js';
import { decisionFields, type DecisionFields } from './questions.js';

/** Reading markup holds the server's thread up, for about a second here. Larger documents belong into an index. */
const MAX_DOCUMENT_CHARACTERS = 300_000;

function isReadable({ text = '', markdown = '', html = '' }: DocumentBody): boolean {
  return Math.max(text.length, markdown.length, html.length) <= MAX_DOCUMENT_CHARACTERS;
}

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
      document: documentBody.exactOptional().describe('of at most 300,000 characters; nothing of it is kept'),
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
    .refine((body) => body.document === undefined || isReadable(body.document), {
      error: `expected a document of at most ${MAX_DOCUMENT_CHARACTERS.toLocaleString('en')} characters; index larger ones`,
      path: ['document'],
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

import { z } from 'zod';
import type { HitFields } from '../../engines/index.js';
import type { SearchHit } from '../../pipeline/index.js';
import { questionText } from '../../wire/question.js';
import type { ServerLimits } from '../deps.js';
import { documentBody, type DocumentBody } from './documents.js';
import { decisionFields, type DecisionFields } from './questions.js';

/** Reading markup holds the server's thread up, for about a second here. Larger documents belong into an index. */
const MAX_DOCUMENT_CHARACTERS = 300_000;

function isReadable({ text = '', markdown = '', html = '' }: DocumentBody): boolean {
  return Math.max(text.length, markdown.length, html.length) <= MAX_DOCUMENT_CHARACTERS;
}

/** Passages of another engine, documents as it stores them, with what their fields are for, or one document to find passages in. */
export interface ReadRequest extends DecisionFields {
  readonly question: string;
  readonly passages?: readonly SearchHit[];
  readonly documents?: readonly Readonly<Record<string, unknown>>[];
  readonly fields?: DocumentFields;
  readonly document?: DocumentBody;
  readonly topK?: number;
}

export type DocumentFields = Pick<HitFields, 'textField' | 'titleField' | 'uriField' | 'idField' | 'html'>;

export interface ReadSchemas {
  readonly readRequest: z.ZodType<ReadRequest>;
}

const fieldName = z.string().min(1).max(500);
const documentFields: z.ZodType<DocumentFields> = z.strictObject({
  textField: z.union([fieldName, z.array(fieldName).min(1).max(20)]),
  titleField: fieldName.exactOptional(),
  uriField: fieldName.exactOptional(),
  idField: fieldName.exactOptional().describe("a document's position, from 0, if none is named"),
  html: z.union([z.boolean(), z.literal('detect')]).exactOptional(),
});

const SOURCES = ['passages', 'documents', 'document'] as const;

const without = (...names: readonly string[]): object => ({
  not: { anyOf: names.map((name) => ({ required: [name] })) },
});

/** Said for readers of the schema; checked by the refinements. */
const oneSource = {
  oneOf: [
    { required: ['passages'], ...without('documents', 'fields', 'document', 'topK') },
    { required: ['documents', 'fields'], ...without('passages', 'document') },
    { required: ['document'], ...without('passages', 'documents', 'fields') },
  ],
  // The two belong to different rules.
  not: { required: ['threshold', 'minConfidence'] },
};

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
      documents: z
        .array(z.record(z.string(), z.unknown()))
        .exactOptional()
        .describe('instead of passages: documents as a search engine stores them, best first'),
      fields: documentFields.exactOptional().describe("what the documents' fields are for"),
      document: documentBody.exactOptional().describe('of at most 300,000 characters; nothing of it is kept'),
      topK: z
        .int()
        .min(1)
        .max(passages)
        .exactOptional()
        .describe('documents, or passages of the document, to read; 10 by default'),
      ...decisionFields,
    })
    .refine((body) => SOURCES.filter((source) => body[source] !== undefined).length === 1, {
      error: 'expected exactly one of passages, documents and document',
    })
    .refine((body) => (body.documents === undefined) === (body.fields === undefined), {
      error: 'expected documents and fields together: they say where the text is',
      path: ['fields'],
    })
    .refine((body) => body.topK === undefined || body.passages === undefined, {
      error: 'expected topK only with documents or a document: of passages all are read',
      path: ['topK'],
    })
    .refine((body) => body.document === undefined || isReadable(body.document), {
      error: `expected a document of at most ${MAX_DOCUMENT_CHARACTERS.toLocaleString('en')} characters; index larger ones`,
      path: ['document'],
    })
    .meta(oneSource);
  return { readRequest };
}

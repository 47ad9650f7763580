import { z } from 'zod';
import { tag, MAX_TAGS } from '../../wire/filter.js';

const LONE_SURROGATE = /\p{Surrogate}/u;

/** An opaque key. What looks like a path is none; control characters would only ever stand there by mistake. */
export const documentId = z
  .string()
  .min(1)
  .max(2048)
  // Written out: not every reader of the OpenAPI document knows Unicode's categories.
  .regex(/^[^\u0000-\u001f\u007f-\u009f]*$/, 'expected an id without control characters')
  .refine((id) => !LONE_SURROGATE.test(id), { error: 'expected well-formed Unicode' });

/** Exactly one of these is what a document is made of. */
const CONTENTS = ['text', 'markdown', 'html'] as const;

const fields = {
  title: z.string().max(1000).exactOptional().describe('by default the first heading'),
  uri: z.string().max(4000).exactOptional().describe('where a reader can open the source'),
  tags: z.array(tag).max(MAX_TAGS).exactOptional(),
  date: z
    .union([z.iso.date(), z.iso.datetime({ offset: true })])
    .exactOptional()
    .describe('ISO 8601'),
  text: z.string().min(1).exactOptional(),
  markdown: z.string().min(1).exactOptional(),
  html: z.string().min(1).exactOptional(),
};

/** A document as clients give it. */
export interface DocumentBody {
  readonly title?: string;
  readonly uri?: string;
  readonly tags?: readonly string[];
  readonly date?: string;
  readonly text?: string;
  readonly markdown?: string;
  readonly html?: string;
}

const hasOneContent = (body: DocumentBody): boolean =>
  CONTENTS.filter((name) => body[name] !== undefined).length === 1;
const oneContent = { error: 'expected exactly one of text, markdown and html' };
/** The same in JSON Schema, which zod cannot derive from a test. */
const oneContentSchema = { oneOf: CONTENTS.map((name) => ({ required: [name] })) };

export const documentBody: z.ZodType<DocumentBody> = z
  .strictObject(fields)
  .refine(hasOneContent, oneContent)
  .meta(oneContentSchema);

/** A line of a stream of documents. */
export const documentLine: z.ZodType<DocumentBody & { readonly id: string }> = z
  .strictObject({ id: documentId, ...fields })
  .refine(hasOneContent, oneContent)
  .meta(oneContentSchema);

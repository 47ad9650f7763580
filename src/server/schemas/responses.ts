import { z } from 'zod';
import { answer, metadata, noAnswer, retrievedPassage } from '../../wire/result.js';
import { problem } from './problem.js';

export const batchResponse = z.strictObject({
  results: z
    .array(
      z.discriminatedUnion('kind', [
        answer,
        noAnswer,
        z.strictObject({ kind: z.literal('problem'), problem }),
      ]),
    )
    .describe('one for each question, in their order'),
});

const highlight = z.strictObject({ start: z.int().min(0), end: z.int().min(0) });

export const searchResponse = z.strictObject({
  passages: z.array(
    retrievedPassage.extend({
      highlights: z
        .array(highlight)
        .describe("where words of the question stand: UTF-16 offsets into the passage's own text"),
    }),
  ),
  offset: z.int().min(0),
  next: z.int().exactOptional().describe('offset of the next page; absent on the last'),
});

export const suggestResponse = z.strictObject({
  suggestions: z.array(
    z.strictObject({
      text: z.string(),
      kind: z.enum(['question', 'heading', 'title']).describe('a title or heading that asks is a question'),
      documentId: z.string(),
      title: z.string(),
      uri: z.string(),
    }),
  ),
});

export const documentSummary = z.strictObject({
  id: z.string(),
  title: z.string(),
  uri: z.string(),
  metadata: metadata.exactOptional(),
  passages: z.int().min(0),
});

export const documentList = z.strictObject({
  documents: z.array(documentSummary),
  next: z.string().exactOptional().describe('give it as "after" for the next page; absent on the last'),
});

export const documentResponse = z.strictObject({
  id: z.string(),
  title: z.string(),
  uri: z.string(),
  metadata: metadata.exactOptional(),
  text: z.string().describe('what the offsets of citations index'),
});

const count = z.int().min(0);

export const documentChange = z.strictObject({
  id: z.string(),
  added: count,
  changed: count,
  removed: count,
  unchanged: count,
});

/** A line of the answer to a stream of documents. */
export const streamLine = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('committed'), line: z.int().min(1), id: z.string() }),
  z.strictObject({ status: z.literal('refused'), line: z.int().min(1), problem }),
  z.strictObject({
    status: z.literal('done'),
    added: count,
    changed: count,
    unchanged: count,
    refused: count,
  }),
]);

export const feedbackResponse = z.strictObject({ answerId: z.string(), receivedAt: z.iso.datetime() });

export const infoResponse = z.strictObject({
  name: z.literal('verbatim-qa'),
  version: z.string(),
  model: z.strictObject({ id: z.string(), revision: z.string().exactOptional() }),
  index: z.strictObject({ documents: count, passages: count, version: count }).exactOptional(),
  limits: z.record(z.string(), z.int()),
});

export const healthResponse = z.strictObject({ status: z.enum(['alive', 'ready']) });

import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { received, requireInteger, VerbatimError } from '../../core/errors.js';
import type { Span } from '../../core/span.js';
import { metadata } from '../../wire/result.js';
import type { McpContext } from '../deps.js';
import { READ_ONLY, refusal, runTool, toolResult } from '../tool-result.js';

/** UTF-16 code units that are given at once: a whole manual would crowd everything else out of a model's memory. */
const MOST_AT_ONCE = 20_000;

const offset = z.int().min(0);

const input = z.strictObject({
  id: z.string().min(1).max(2048).describe('documentId of a citation or a passage'),
  start: offset.exactOptional().describe('UTF-16 offset into the text, as citations have it; 0 by default'),
  end: offset
    .exactOptional()
    .describe(`first offset that is not given; by default and at most ${MOST_AT_ONCE} after start`),
});

const output = z.object({
  id: z.string(),
  title: z.string(),
  uri: z.string(),
  metadata: metadata.exactOptional(),
  length: offset.describe('of the whole text, in UTF-16 code units'),
  start: offset,
  end: offset,
  text: z.string().describe('the text from start to end'),
});

export function registerReadDocument(server: McpServer, context: McpContext): void {
  server.registerTool(
    'read_document',
    {
      title: 'Read a document',
      description:
        'Gives the text of a document, or a part of it around a citation: offsets are those of citations and passages.',
      inputSchema: input,
      outputSchema: output,
      annotations: READ_ONLY,
    },
    ({ id, ...wanted }, ctx) =>
      runTool(context, ctx, async ({ documents }) => {
        const document = await documents.get(id);
        if (document === undefined) {
          return refusal(
            'document-not-found',
            `There is no document ${received(id)}; citations and passages name theirs in documentId.`,
          );
        }
        const { title, uri, metadata, text } = document;
        const span = spanOf(text, wanted);
        const part = text.slice(span.start, span.end);
        const more = span.end < text.length ? `\n\n[Goes on at offset ${span.end} of ${text.length}.]` : '';
        return toolResult(
          {
            id,
            title,
            uri,
            ...(metadata === undefined ? {} : { metadata }),
            length: text.length,
            ...span,
            text: part,
          },
          part + more,
        );
      }),
  );
}

/** @throws VerbatimError `invalid-option` for offsets outside the text, the wrong way round, too far apart or inside a character. */
function spanOf(text: string, wanted: { readonly start?: number; readonly end?: number }): Span {
  const start = requireInteger('start', wanted.start ?? 0, 0, text.length);
  const last = Math.min(text.length, start + MOST_AT_ONCE);
  const end =
    wanted.end === undefined
      ? last - (isInsideCharacter(text, last) ? 1 : 0)
      : requireInteger('end', wanted.end, start, last);
  for (const [name, value] of Object.entries({ start, end })) {
    // Half a surrogate pair is no text that every client can read.
    if (isInsideCharacter(text, value)) {
      throw new VerbatimError(
        'invalid-option',
        `Expected ${name} to be the offset of a character, got ${value}, which is in the middle of one.`,
      );
    }
  }
  return { start, end };
}

function isInsideCharacter(text: string, offset: number): boolean {
  return offset > 0 && (text.codePointAt(offset - 1) ?? 0) > 0xffff;
}

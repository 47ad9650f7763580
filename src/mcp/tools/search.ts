import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { requireQuestion } from '../../core/question.js';
import { filter } from '../../wire/filter.js';
import { LONGEST_QUESTION, MOST_PASSAGES, questionText } from '../../wire/question.js';
import { retrievedPassage } from '../../wire/result.js';
import type { McpContext } from '../deps.js';
import { renderPassages } from '../render.js';
import { READ_ONLY, runTool, toolResult } from '../tool-result.js';

const input = z.strictObject({
  question: questionText(LONGEST_QUESTION).describe('a question, or words to look for'),
  topK: z.int().min(1).max(MOST_PASSAGES).exactOptional().describe('passages at most, 10 by default'),
  filter: filter.exactOptional().describe('which documents are searched'),
});

const output = z.object({ passages: z.array(retrievedPassage).describe('the best first') });

export function registerSearch(server: McpServer, context: McpContext): void {
  server.registerTool(
    'search',
    {
      title: 'Find passages in the documents',
      description:
        'Finds passages that share words with a question (BM25), the best first, without reading them for an answer.',
      inputSchema: input,
      outputSchema: output,
      annotations: READ_ONLY,
    },
    ({ question, ...options }, ctx) =>
      runTool(context, ctx, async ({ verbatim }, signal) => {
        const { topK } = context.defaults;
        const passages = await verbatim.retriever.retrieve(requireQuestion(question), {
          ...(topK === undefined ? {} : { topK }),
          ...options,
          signal,
        });
        return toolResult({ passages }, renderPassages(passages));
      }),
  );
}

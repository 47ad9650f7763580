import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { AskOptions } from '../../pipeline/index.js';
import { filter } from '../../wire/filter.js';
import { LONGEST_QUESTION, MOST_PASSAGES, questionText } from '../../wire/question.js';
import { answer, noAnswer } from '../../wire/result.js';
import type { McpContext } from '../deps.js';
import { progressOptions } from '../progress.js';
import { renderAnswer } from '../render.js';
import { READ_ONLY, runTool, toolResult } from '../tool-result.js';

const input = z.strictObject({
  question: questionText(LONGEST_QUESTION).describe('one question, in full'),
  topK: z.int().min(1).max(MOST_PASSAGES).exactOptional().describe('passages to read, 10 by default'),
  threshold: z
    .number()
    .exactOptional()
    .describe('no answer iff null score − span score is greater; lower is stricter. Seldom needed'),
  filter: filter.exactOptional().describe('which documents are searched'),
});

/** As over HTTP, less the id that feedback would name. */
const output = z.discriminatedUnion('kind', [
  answer.omit({ answerId: true }),
  noAnswer.omit({ answerId: true }),
]);

export function registerAnswer(server: McpServer, context: McpContext): void {
  server.registerTool(
    'answer',
    {
      title: 'Answer a question from the documents',
      description:
        'Answers one question with the exact words of a document, their place and a confidence, or says that the documents hold no ' +
        'answer. Nothing is generated: quote the answer as it is and cite its source. "No answer" means that none was found to be ' +
        'supported, not that there is none: `search` shows what was found.',
      inputSchema: input,
      outputSchema: output,
      annotations: READ_ONLY,
    },
    ({ question, ...options }, ctx) =>
      runTool(context, ctx, async ({ verbatim }, signal) => {
        const result = await verbatim.ask(question, {
          ...limits(context.defaults, options),
          ...progressOptions(ctx, context.onError),
          signal,
        });
        return toolResult(result, renderAnswer(result));
      }),
  );
}

/** A threshold takes the place of a least confidence: the two belong to different rules. */
function limits(
  { minConfidence, ...defaults }: McpContext['defaults'],
  options: Pick<AskOptions, 'topK' | 'threshold' | 'filter'>,
): AskOptions {
  const isRuled = options.threshold !== undefined || minConfidence === undefined;
  return { ...defaults, ...options, ...(isRuled ? {} : { minConfidence }) };
}

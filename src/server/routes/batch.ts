import type { AskOptions } from '../../pipeline/index.js';
import { problemOf, type Problem } from '../http/problem.js';
import { defineRoute, type Call, type Route } from '../http/route.js';
import type { Schemas } from '../schemas/index.js';
import type { BatchRequest } from '../schemas/questions.js';
import { batchResponse } from '../schemas/responses.js';
import type { ServerContext } from '../server-context.js';
import { present } from './present.js';

/** Enough to keep the reader's threads busy, few enough to let others in between. */
const AT_ONCE = 4;

type BatchItem = ReturnType<typeof present> | { readonly kind: 'problem'; readonly problem: Problem };

/** POST /v1/answer/batch */
export function batchRoute(context: ServerContext, schemas: Schemas): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/answer/batch',
    scope: 'read',
    summary: 'Answers many questions with the same options',
    description: 'A question that cannot be answered gives a problem in its place; the others are answered.',
    body: schemas.batchRequest,
    responses: {
      200: {
        description: 'A result or problem for each question',
        content: { 'application/json': batchResponse },
      },
    },
    handle: async (call) => {
      const { questions, ...options } = call.body;
      context.observers.metrics.batch(questions.length);
      const results = await context.answers.inSlot(() => answerAll(context, call, questions, options));
      call.res.setHeader('Cache-Control', 'no-store');
      call.res.json({ results });
    },
  });
}

async function answerAll(
  context: ServerContext,
  call: Call<BatchRequest>,
  questions: readonly string[],
  options: AskOptions,
): Promise<BatchItem[]> {
  const results: BatchItem[] = [];
  const waiting = questions.entries();
  const answerNext = async (): Promise<void> => {
    for (const [i, question] of waiting) results[i] = await answerOne(context, call, question, options);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, answerNext));
  return results;
}

async function answerOne(
  { answers }: ServerContext,
  { signal, exchange }: Call<BatchRequest>,
  question: string,
  options: AskOptions,
): Promise<BatchItem> {
  try {
    return present(answers.known(question, options) ?? (await answers.ask(question, options, { signal })));
  } catch (error) {
    // The whole request has ended.
    signal.throwIfAborted();
    exchange.report(error);
    return { kind: 'problem', problem: problemOf(error, exchange.requestId).body };
  }
}

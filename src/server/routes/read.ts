import { answerResponse } from '../../wire/result.js';
import { defineRoute, type Route } from '../http/route.js';
import type { Schemas } from '../schemas/index.js';
import type { ServerContext } from '../server-context.js';
import { noteAnswer, noteQuestion } from './notes.js';
import { present } from './present.js';

/** POST /v1/read */
export function readRoute({ deps, answers }: ServerContext, schemas: Schemas): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/read',
    scope: 'read',
    summary: 'Answers a question from passages that another search engine found',
    description: "Citations' offsets index the passages' texts.",
    body: schemas.readRequest,
    responses: {
      200: {
        description: 'An answer, or an honest "no answer"',
        content: { 'application/json': answerResponse },
      },
    },
    handle: async (call) => {
      const { question, passages, ...options } = call.body;
      noteQuestion(call, deps, question);
      const given = await answers.inSlot(() =>
        answers.read(question, passages, options, { signal: call.signal }),
      );
      noteAnswer(call, given, false);
      call.res.setHeader('Cache-Control', 'no-store');
      call.res.json(present(given));
    },
  });
}

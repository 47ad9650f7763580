import { hitsFromDocuments } from '../../engines/index.js';
import type { SearchHit } from '../../pipeline/index.js';
import { answerResponse } from '../../wire/result.js';
import { defineRoute, type Route } from '../http/route.js';
import type { Schemas } from '../schemas/index.js';
import type { ReadRequest } from '../schemas/questions.js';
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
    description:
      "Citations' offsets index the passages' texts. Of documents, as a search pipeline sends them, the text fields are read.",
    body: schemas.readRequest,
    responses: {
      200: {
        description: 'An answer, or an honest "no answer"',
        content: { 'application/json': answerResponse },
      },
    },
    handle: async (call) => {
      const { question, passages, documents, fields, topK, ...options } = call.body;
      const hits = passages ?? hitsOf(documents, fields, topK);
      noteQuestion(call, deps, question);
      const given = await answers.inSlot(() =>
        answers.read(question, hits, options, { signal: call.signal }),
      );
      noteAnswer(call, given, false);
      call.res.setHeader('Cache-Control', 'no-store');
      call.res.json(present(given));
    },
  });
}

function hitsOf(
  documents: ReadRequest['documents'] = [],
  fields: ReadRequest['fields'],
  topK: ReadRequest['topK'],
): SearchHit[] {
  return fields === undefined ? [] : hitsFromDocuments(documents, fields, topK === undefined ? {} : { topK });
}

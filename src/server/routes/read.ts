import { hitsFromDocuments } from '../../engines/index.js';
import type { SearchHit } from '../../pipeline/index.js';
import { answerResponse } from '../../wire/result.js';
import type { Watch } from '../answers/answer-service.js';
import { sendTimes } from '../http/server-timing.js';
import { defineRoute, type Route } from '../http/route.js';
import type { Schemas } from '../schemas/index.js';
import type { ReadRequest } from '../schemas/read.js';
import type { ServerContext } from '../server-context.js';
import { noteAnswer, noteQuestion } from './notes.js';
import { present } from './present.js';

/** POST /v1/read */
export function readRoute({ deps, answers }: ServerContext, schemas: Schemas): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/read',
    scope: 'read',
    summary: 'Answers a question from what another search engine found, or from one document',
    description:
      "Citations' offsets index the passages' texts. Of documents, as a search engine stores them, the text fields are read. A document is cut into passages, of which those that fit the question best are read, " +
      'and forgotten; offsets index its text without markup. The milliseconds of each stage stand in the header `Server-Timing`.',
    body: schemas.readRequest,
    responses: {
      200: {
        description: 'An answer, or an honest "no answer"',
        content: { 'application/json': answerResponse },
      },
    },
    handle: async (call) => {
      const { question, passages, documents, fields, document, topK, ...options } = call.body;
      noteQuestion(call, deps, question);
      const watch: Watch = { signal: call.signal, onTimes: (times) => sendTimes(call.res, times) };
      const given = await answers.inSlot(() =>
        document === undefined
          ? answers.read(question, passages ?? hitsOf(documents, fields, topK), options, watch)
          : answers.readDocument(
              question,
              document,
              topK === undefined ? options : { ...options, topK },
              watch,
            ),
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

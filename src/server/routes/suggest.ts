import { suggest } from '../../retriever/index.js';
import { digest, sendTagged } from '../http/entity-tag.js';
import { defineRoute, type Route } from '../http/route.js';
import type { Schemas } from '../schemas/index.js';
import { suggestResponse } from '../schemas/responses.js';
import type { ServerContext } from '../server-context.js';
import { noteQuestion } from './notes.js';

/** GET /v1/suggest */
export function suggestRoute({ deps }: ServerContext, schemas: Schemas): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/suggest',
    scope: 'read',
    summary: 'Titles, headings and questions of the sources that a question being typed may grow into',
    query: schemas.suggestQuery,
    responses: {
      200: {
        description: 'Questions first, then those with more of the words typed',
        content: { 'application/json': suggestResponse },
      },
      304: { description: 'They are those that the client has' },
    },
    handle: async (call) => {
      const { q, ...options } = call.query;
      noteQuestion(call, deps, q);
      const suggestions = await suggest(deps.verbatim.retriever, q, { ...options, signal: call.signal });
      sendTagged(call.req, call.res, digest(suggestions), { suggestions });
    },
  });
}

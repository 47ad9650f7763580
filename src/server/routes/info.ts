import { defineRoute, type Route } from '../http/route.js';
import { infoResponse } from '../schemas/responses.js';
import type { ServerContext } from '../server-context.js';

/** GET /v1/info */
export function infoRoute({ deps, limits }: ServerContext): Route {
  const { info, knowledgeBase } = deps;
  return defineRoute({
    method: 'get',
    path: '/v1/info',
    scope: 'read',
    summary: 'Version, reader, index and limits of this server',
    responses: { 200: { description: 'What runs here', content: { 'application/json': infoResponse } } },
    handle: ({ res }) => {
      const { version, model } = info;
      res.setHeader('Cache-Control', 'no-store');
      res.json({
        name: 'verbatim-qa',
        version,
        model,
        ...(knowledgeBase === undefined
          ? {}
          : {
              index: {
                documents: knowledgeBase.documentCount,
                passages: knowledgeBase.size,
                version: knowledgeBase.version,
              },
            }),
        limits,
      });
    },
  });
}

import { defineRoute, type Route } from '../http/route.js';
import type { Schemas } from '../schemas/index.js';
import type { ServerContext } from '../server-context.js';
import { openApiDocument } from './document.js';

/** GET /openapi.json */
export function openApiRoute(routes: readonly Route[], schemas: Schemas, context: ServerContext): Route {
  return defineRoute({
    method: 'get',
    path: '/openapi.json',
    scope: 'public',
    summary: 'This description',
    isHidden: true,
    responses: {},
    handle: ({ req, res }) => {
      res.json(openApiDocument(routes, schemas, context, req.baseUrl));
    },
  });
}

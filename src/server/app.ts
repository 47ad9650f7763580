import compression from 'compression';
import cors from 'cors';
import express, { type Express } from 'express';
import helmet from 'helmet';
import type { ServerDeps } from './deps.js';
import { Exchange } from './http/exchange.js';
import { HttpProblem } from './http/problem.js';
import { createContext } from './server-context.js';
import { routerOf } from './verbatim-router.js';

/** Headers that a page of another origin may see. */
const EXPOSED_HEADERS = ['ETag', 'Retry-After', 'Server-Timing', 'X-Request-Id'];
/** Seconds for which a browser need not ask again whether it may call. */
const PREFLIGHT_SECONDS = 600;

/**
 * The whole server as an Express app: all routes, security headers, CORS, compression, and 404 for the rest. It never listens.
 *
 * @throws VerbatimError `invalid-option` for limits out of range.
 *
 * @example
 * const server = createApp({ verbatim, answerer, info }).listen(3000);
 */
export function createApp(deps: ServerDeps): Express {
  const context = createContext(deps);
  const app = express();
  app.disable('x-powered-by');
  // Handlers that have an entity tag set it themselves.
  app.set('etag', false);
  if (deps.trustProxy !== undefined) app.set('trust proxy', deps.trustProxy);
  app.use(
    helmet({
      // Nothing here is a page but / and /docs, which set their own policies. TLS is left to the proxy, which knows whether there is any.
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      },
      strictTransportSecurity: false,
    }),
  );
  if (deps.cors !== undefined) app.use(allowOrigins(deps.cors.origins));
  app.use(compression({ filter: isCompressible }));
  app.use(routerOf(context));
  app.use((req, res) => {
    new Exchange(req, res, 'unknown', context.observers).fail(
      new HttpProblem(
        'not-found',
        'There is nothing at this address; GET /openapi.json lists what there is.',
      ),
    );
  });
  return app;
}

function allowOrigins(origins: readonly string[] | '*'): express.RequestHandler {
  return cors({
    origin: origins === '*' ? '*' : [...origins],
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: PREFLIGHT_SECONDS,
  });
}

/** Events must go out one by one. */
function isCompressible(req: express.Request, res: express.Response): boolean {
  return (
    !String(res.getHeader('Content-Type')).startsWith('text/event-stream') && compression.filter(req, res)
  );
}

import express, { type ErrorRequestHandler, type Request, type Response, type Router } from 'express';
import type { ServerDeps } from './deps.js';
import { Exchange } from './http/exchange.js';
import { HttpProblem } from './http/problem.js';
import type { Route } from './http/route.js';
import { createServe } from './http/serve-route.js';
import { createSpanRunner } from './http/spans.js';
import { allRoutes } from './routes/index.js';
import { createContext, type ServerContext } from './server-context.js';

/**
 * All routes as a router to mount in an app of one's own, at any path. It sets no security headers, compresses nothing, and
 * passes on what is not its own.
 *
 * @throws VerbatimError `invalid-option` for limits out of range.
 *
 * @example
 * app.use('/qa', verbatimRouter({ verbatim, answerer, info }));
 */
export function verbatimRouter(deps: ServerDeps): Router {
  return routerOf(createContext(deps));
}

/** The same over a context that others share. */
export function routerOf(context: ServerContext): Router {
  const router = express.Router();
  const serve = createServe(context);
  const runInSpan = createSpanRunner();
  const routes = allRoutes(context);
  for (const path of new Set(routes.map((route) => route.path))) {
    const atPath = router.route(path);
    const here = routes.filter((route) => route.path === path);
    for (const route of here) {
      atPath[route.method](async (req, res) => {
        const exchange = new Exchange(req, res, path, context.observers);
        await runInSpan(req, res, path, () => serve(route, exchange, req, res));
      });
    }
    atPath.all((req, res) => answerOtherMethod(here, context, req, res));
  }
  router.use(failDamagedAddress(context));
  return router;
}

function answerOtherMethod(
  routes: readonly Route[],
  { observers }: ServerContext,
  req: Request,
  res: Response,
): void {
  const methods = routes.flatMap(({ method }) =>
    method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()],
  );
  const allow = [...methods, 'OPTIONS'].join(', ');
  const exchange = new Exchange(req, res, routes[0]?.path ?? '', observers);
  if (req.method === 'OPTIONS') res.status(204).setHeader('Allow', allow).end();
  else {
    exchange.fail(
      new HttpProblem('method-not-allowed', `Expected one of the methods ${allow}.`, {
        headers: { Allow: allow },
      }),
    );
  }
}

/** What Express itself finds wrong while it looks for a route: an address with damaged percent-encoding. */
function failDamagedAddress({ observers }: ServerContext): ErrorRequestHandler {
  return (error: unknown, req: Request, res: Response, next) => {
    if (res.headersSent) next(error);
    else new Exchange(req, res, 'damaged', observers).fail(error);
  };
}

import type { Request, Response } from 'express';
import type { ServerContext } from '../server-context.js';
import { Access } from './access.js';
import type { Exchange } from './exchange.js';
import { jsonBodyReader } from './json-body.js';
import { readQuery } from './query-parameters.js';
import type { Route } from './route.js';
import { validate } from './validate.js';
import { WorkSignal } from './work-signal.js';

export type Serve = (route: Route, exchange: Exchange, req: Request, res: Response) => Promise<void>;

/** Makes what every request goes through: key and rate, query, body, time limit, handler, errors. */
export function createServe({ deps, limits }: ServerContext): Serve {
  const access = new Access(deps.keys, limits);
  const readJson = jsonBodyReader(limits.bodyBytes);

  const handle: Serve = async (route, exchange, req, res) => {
    if (route.scope !== 'public') exchange.notes.key = await access.admit(req, route.scope);
    const query = route.query && validate(route.query, readQuery(req, route.query.shape));
    const body = route.body && validate(route.body, await readJson(req, res));
    using work = new WorkSignal(res, limits.requestMs);
    const { signal } = work;
    try {
      await route.handle({ req, res, query, body, exchange, work, signal });
    } catch (error) {
      // Whatever a cancelled search or engine says, this is why.
      throw signal.aborted ? signal.reason : error;
    }
  };
  return async (route, exchange, req, res) => {
    try {
      await handle(route, exchange, req, res);
    } catch (error) {
      exchange.fail(error);
    }
  };
}

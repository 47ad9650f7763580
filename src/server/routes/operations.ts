import { indexVersion } from '../answers/index-version.js';
import { HttpProblem } from '../http/problem.js';
import { defineRoute, type Route } from '../http/route.js';
import { healthResponse } from '../schemas/responses.js';
import type { ServerContext } from '../server-context.js';

/** GET /health, /ready and /metrics */
export function operationRoutes({ deps, slots, observers }: ServerContext): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/health',
      scope: 'public',
      summary: 'Whether the process is alive',
      responses: { 200: { description: 'It is', content: { 'application/json': healthResponse } } },
      handle: ({ res }) => {
        res.setHeader('Cache-Control', 'no-store');
        res.json({ status: 'alive' });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/ready',
      scope: 'public',
      summary: 'Whether questions would be answered: the index is open and the reader takes more',
      responses: { 200: { description: 'They would', content: { 'application/json': healthResponse } } },
      handle: ({ res }) => {
        if (slots.isFull) throw new HttpProblem('not-ready', 'The reader is as busy as it may be.');
        // Fails once the index is closed or damaged.
        indexVersion(deps.verbatim.retriever);
        res.setHeader('Cache-Control', 'no-store');
        res.json({ status: 'ready' });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/metrics',
      scope: 'admin',
      summary: 'Figures for Prometheus',
      responses: { 200: { description: "Prometheus' text format", content: { 'text/plain': undefined } } },
      handle: async ({ res }) => {
        const { registry } = observers.metrics;
        res.setHeader('Cache-Control', 'no-store');
        res.type(registry.contentType).send(await registry.metrics());
      },
    }),
  ];
}

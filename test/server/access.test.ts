import request, { type Test } from 'supertest';
import { describe, expect, it } from 'vitest';
import type { Express } from 'express';
import type { KeyChecker, KeyHolder } from '../../src/server/index.js';
import { contractClient } from './support/contract.js';
import { reply } from './support/reply.js';
import { serve } from './support/serve.js';

const HOLDERS = new Map<string, KeyHolder>([
  ['r', { id: 'reading', scopes: ['read'] }],
  ['w', { id: 'writing', scopes: ['write'] }],
  ['a', { id: 'admin', scopes: ['read', 'write', 'admin'] }],
  ['slow', { id: 'slow', scopes: ['read'], requestsPerMinute: 2 }],
]);
const keys: KeyChecker = { check: async (token) => HOLDERS.get(token) };

const ROUTES: [scope: string, route: string, send: (app: Express) => Test][] = [
  ['read', 'POST /v1/answer', (app) => request(app).post('/v1/answer').send({ question: 'When?' })],
  [
    'read',
    'POST /v1/answer/batch',
    (app) =>
      request(app)
        .post('/v1/answer/batch')
        .send({ questions: ['When?'] }),
  ],
  ['read', 'POST /v1/read', (app) => request(app).post('/v1/read').send({ question: 'When?', passages: [] })],
  ['read', 'GET /v1/search', (app) => request(app).get('/v1/search?q=lamp')],
  ['read', 'POST /v1/search', (app) => request(app).post('/v1/search').send({ question: 'lamp' })],
  ['read', 'GET /v1/documents', (app) => request(app).get('/v1/documents')],
  ['read', 'GET /v1/documents/:id', (app) => request(app).get('/v1/documents/colours.md')],
  ['write', 'PUT /v1/documents/:id', (app) => request(app).put('/v1/documents/a').send({ text: 'a' })],
  ['write', 'DELETE /v1/documents/:id', (app) => request(app).delete('/v1/documents/colours.md')],
  [
    'write',
    'POST /v1/documents',
    (app) => request(app).post('/v1/documents').set('Content-Type', 'application/x-ndjson').send('\n'),
  ],
  [
    'read',
    'POST /v1/feedback',
    (app) => request(app).post('/v1/feedback').send({ answerId: 'x', verdict: 'right' }),
  ],
  ['read', 'GET /v1/info', (app) => request(app).get('/v1/info')],
  [
    'read',
    'POST /huggingface',
    (app) =>
      request(app)
        .post('/huggingface')
        .send({ inputs: { question: 'When?', context: 'In 3 days.' } }),
  ],
  [
    'read',
    'POST /score',
    (app) =>
      request(app)
        .post('/score')
        .send({ inputs: { question: ['When?'], context: ['In 3 days.'] } }),
  ],
  ['admin', 'GET /metrics', (app) => request(app).get('/metrics')],
  ['public', 'GET /health', (app) => request(app).get('/health')],
  ['public', 'GET /ready', (app) => request(app).get('/ready')],
  ['public', 'GET /openapi.json', (app) => request(app).get('/openapi.json')],
  ['public', 'GET /docs', (app) => request(app).get('/docs')],
];

describe('API keys', () => {
  it.each(ROUTES)('scope %s: %s', async (scope, _route, send) => {
    const app = await serve({ keys });
    for (const token of ['r', 'w', 'a', 'unknown', undefined]) {
      const { status } = await (token === undefined
        ? send(app)
        : send(app).set('Authorization', `Bearer ${token}`));
      const scopes: readonly string[] = HOLDERS.get(token ?? '')?.scopes ?? [];
      if (scope === 'public' || scopes.includes(scope)) expect([200, 201, 404]).toContain(status);
      else expect(status).toBe(scopes.length === 0 ? 401 : 403);
    }
  });

  it('are taken as a bearer token or in X-Api-Key', async () => {
    const app = await serve({ keys });
    await request(app).get('/v1/info').set('Authorization', 'bearer r').expect(200);
    await request(app).get('/v1/info').set('X-Api-Key', 'r').expect(200);
    await request(app).get('/v1/info').set('Authorization', 'Basic cjpy').expect(401);
  });

  it('say in the response what was wrong with them', async () => {
    const server = await contractClient(await serve({ keys }));
    const none = await server.get('/v1/info').expect(401);
    expect(none.headers['www-authenticate']).toBe('Bearer realm="verbatim"');
    expect(none.body).toMatchObject({ code: 'unauthenticated' });
    const wrong = await server.get('/v1/info').set('X-Api-Key', 'no').expect(401);
    expect(wrong.headers['www-authenticate']).toBe('Bearer realm="verbatim", error="invalid_token"');
    const narrow = await server.get('/metrics').set('X-Api-Key', 'r').expect(403);
    expect(narrow.headers['www-authenticate']).toContain('error="insufficient_scope", scope="admin"');
    expect(narrow.body).toMatchObject({ code: 'forbidden' });
  });

  it('are asked for before the body is read', async () => {
    const app = await serve({ keys });
    await request(app).post('/v1/answer').set('Content-Type', 'application/json').send('{').expect(401);
  });

  it('stand in the OpenAPI document only where they are needed', async () => {
    const guarded = await request(await serve({ keys })).get('/openapi.json');
    expect(guarded.body).toMatchObject({
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
      paths: { '/health': { get: { security: [] } } },
    });
    const open = await request(await serve()).get('/openapi.json');
    expect(open.text).not.toContain('security');
  });
});

describe('the rate limit', () => {
  it('counts each key by its own limit and says when to come again', async () => {
    const server = await contractClient(await serve({ keys }), { 'X-Api-Key': 'slow' });
    await server.get('/v1/info').expect(200);
    await server.get('/v1/info').expect(200);
    const { body, headers } = reply(await server.get('/v1/info').expect(429));
    expect(body).toMatchObject({ code: 'rate-limited' });
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
    await server.get('/v1/info').set('X-Api-Key', 'r').expect(200);
  });

  it('counts anonymous requests, and guesses of keys, by address', async () => {
    const limits = { requestsPerMinute: 3 };
    for (const app of [await serve({ limits }), await serve({ limits, keys })]) {
      const statuses: number[] = [];
      for (let i = 0; i < 4; i++) {
        statuses.push((await request(app).get('/v1/info').set('X-Api-Key', `guess${i}`)).status);
      }
      expect(statuses.at(-1)).toBe(429);
      expect(statuses.slice(0, 3)).not.toContain(429);
      await request(app).get('/health').expect(200);
    }
  });

  it('counts by the address that a trusted proxy names, and believes nobody else', async () => {
    const limits = { requestsPerMinute: 1 };
    const statusesOf = async (app: Express): Promise<number[]> => {
      const statuses: number[] = [];
      for (const client of ['192.0.2.1', '192.0.2.2', '192.0.2.2']) {
        const response = await request(app).get('/v1/info').set('X-Forwarded-For', client);
        statuses.push(response.status);
      }
      return statuses;
    };
    expect(await statusesOf(await serve({ limits, trustProxy: ['loopback'] }))).toEqual([200, 200, 429]);
    expect(await statusesOf(await serve({ limits, trustProxy: 1 }))).toEqual([200, 200, 429]);
    expect(await statusesOf(await serve({ limits }))).toEqual([200, 429, 429]);
  });
});

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import request from 'supertest';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Feedback } from '../../src/server/index.js';
import { createApp, DEFAULT_LIMITS, verbatimRouter } from '../../src/server/index.js';
import { errorOf } from '../support/error-of.js';
import { contractClient, Contract } from './support/contract.js';
import { reply } from './support/reply.js';
import { serve, serverDeps } from './support/serve.js';

const QUESTION = { question: 'How long is the warranty?' };

describe('POST /v1/feedback', () => {
  it('stores the verdict with the question and the answer that was given', async () => {
    const stored: Feedback[] = [];
    const feedback = { add: async (entry: Feedback) => void stored.push(entry) };
    const server = await contractClient(await serve({ feedback }));
    const { body } = reply(await server.post('/v1/answer').send(QUESTION));
    const { answerId, ...result } = body as { answerId: string };
    const given = await server
      .post('/v1/feedback')
      .send({ answerId, verdict: 'wrong', correctAnswer: 'two years' })
      .expect(201);
    expect(stored).toEqual([
      {
        answerId,
        verdict: 'wrong',
        correctAnswer: 'two years',
        ...QUESTION,
        result,
        receivedAt: expect.any(String) as string,
      },
    ]);
    expect(given.body).toEqual({ answerId, receivedAt: stored[0]?.receivedAt });
  });

  it('takes verdicts on answers from passages that the client brought, and on those of a batch', async () => {
    const feedback = { add: async () => undefined };
    const server = await contractClient(await serve({ feedback }));
    const read = await server
      .post('/v1/read')
      .send({ ...QUESTION, passages: [{ id: 'a', text: 'For 2 years.' }] });
    const batch = await server.post('/v1/answer/batch').send({ questions: ['What colours?'] });
    const ids = [read.body, (batch.body as { results: unknown[] }).results[0]] as { answerId: string }[];
    for (const { answerId } of ids)
      await server.post('/v1/feedback').send({ answerId, verdict: 'right' }).expect(201);
  });

  it('answers 404 to an answer that was never given or is forgotten, and where no feedback is taken', async () => {
    const feedback = { add: async () => undefined };
    const server = await contractClient(await serve({ feedback, limits: { cacheEntries: 1 } }));
    const { body } = reply(await server.post('/v1/answer').send(QUESTION));
    await server.post('/v1/answer').send({ question: 'What colours are there?' });
    for (const answerId of ['never', (body as { answerId: string }).answerId]) {
      const { body: problem } = reply(
        await server.post('/v1/feedback').send({ answerId, verdict: 'right' }).expect(404),
      );
      expect(problem).toMatchObject({ code: 'answer-not-found' });
    }
    const closed = await contractClient(await serve());
    const { body: none } = reply(
      await closed.post('/v1/feedback').send({ answerId: 'a', verdict: 'right' }).expect(404),
    );
    expect(none).toMatchObject({ code: 'no-feedback' });
  });

  it('refuses another verdict', async () => {
    const server = await contractClient(await serve());
    await server.post('/v1/feedback').send({ answerId: 'a', verdict: 'perhaps' }).expect(400);
  });
});

describe('GET /v1/info', () => {
  it('names version, reader, index and limits', async () => {
    const deps = await serverDeps({ limits: { batch: 7 } });
    const { body } = reply(await (await contractClient(createApp(deps))).get('/v1/info').expect(200));
    expect(body).toEqual({
      name: 'verbatim-qa',
      version: '1.2.3',
      model: { id: 'test-reader', revision: 'r1' },
      index: { documents: 3, passages: deps.knowledgeBase.size, version: deps.knowledgeBase.version },
      limits: { ...DEFAULT_LIMITS, batch: 7 },
    });
  });
});

describe('GET /health and /ready', () => {
  it('say that the process lives, and that it is ready until the index is closed', async () => {
    const deps = await serverDeps();
    const server = await contractClient(createApp(deps));
    expect((await server.get('/health').expect(200)).body).toEqual({ status: 'alive' });
    expect((await server.get('/ready').expect(200)).body).toEqual({ status: 'ready' });
    await deps.knowledgeBase.close();
    await server.get('/health').expect(200);
    expect((await server.get('/ready').expect(503)).body).toMatchObject({ code: 'closed' });
  });
});

describe('GET /metrics', () => {
  it('counts requests, stages, abstentions, confidences, batches and the cache', async () => {
    const server = await contractClient(await serve());
    await server.post('/v1/answer').send(QUESTION);
    await server.post('/v1/answer').send(QUESTION);
    await server.post('/v1/answer').send({ question: 'Xylophonists?' });
    await server.post('/v1/answer/batch').send({ questions: ['What colours?', 'Whose?'] });
    await server.put('/v1/documents/a').send({});
    const { text, headers } = await server.get('/metrics').expect(200);
    expect(headers['content-type']).toMatch(/^text\/plain; version=0.0.4/);
    for (const line of [
      'verbatim_http_requests_total{method="POST",route="/v1/answer",status="200"} 3',
      'verbatim_http_requests_total{method="PUT",route="/v1/documents/:id",status="400"} 1',
      'verbatim_http_request_seconds_count{route="/v1/answer"} 3',
      'verbatim_stage_seconds_count{stage="retrieve"} 4',
      'verbatim_stage_seconds_count{stage="aggregate"} 4',
      'verbatim_results_total{kind="answer"} 1',
      'verbatim_results_total{kind="no-answer"} 3',
      'verbatim_confidence_count 1',
      'verbatim_batch_size_sum 2',
      'verbatim_cache_lookups_total{outcome="hit"} 1',
      'verbatim_reading_requests 0',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).toMatch(/process_resident_memory_bytes \d+/);
  });
});

describe('GET /openapi.json', () => {
  it('describes every route with schemas that compile', async () => {
    const { body } = reply(
      await request(await serve())
        .get('/openapi.json')
        .expect(200),
    );
    const contract = new Contract(body as ConstructorParameters<typeof Contract>[0]);
    expect(contract.operations.sort()).toEqual([
      'delete /v1/documents/{id}',
      'get /health',
      'get /metrics',
      'get /ready',
      'get /v1/documents',
      'get /v1/documents/{id}',
      'get /v1/info',
      'get /v1/search',
      'get /v1/suggest',
      'post /huggingface',
      'post /score',
      'post /v1/answer',
      'post /v1/answer/batch',
      'post /v1/documents',
      'post /v1/feedback',
      'post /v1/read',
      'post /v1/search',
      'put /v1/documents/{id}',
    ]);
    const { components } = body as { components: { schemas: object } };
    for (const name of Object.keys(components.schemas)) contract.schema(name);
  });

  it('says of requests what the server says of them', async () => {
    const { body } = reply(
      await request(await serve({ limits: { passages: 5, questionCharacters: 20 } })).get('/openapi.json'),
    );
    const contract = new Contract(body as ConstructorParameters<typeof Contract>[0]);
    const accepts = (name: string, value: unknown): boolean => contract.schema(name)(value);
    expect(accepts('AnswerRequest', { question: 'When?', topK: 5 })).toBe(true);
    expect(accepts('AnswerRequest', { question: 'When?', topK: 6 })).toBe(false);
    expect(accepts('AnswerRequest', { question: 'x'.repeat(21) })).toBe(false);
    expect(accepts('AnswerRequest', { question: 'When?', other: 1 })).toBe(false);
    expect(accepts('DocumentBody', { text: 'a' })).toBe(true);
    expect(accepts('DocumentBody', { text: 'a', html: 'b' })).toBe(false);
    expect(accepts('DocumentBody', { title: 'a' })).toBe(false);
    expect(accepts('HuggingFaceRequest', { inputs: { question: 'a', context: 'b', more: 1 } })).toBe(true);
  });
});

describe('GET /docs', () => {
  it.each(['/docs', '/docs/', '/at/any/path/docs'])('works at %s with its own files alone', async (path) => {
    const app = express();
    app.use('/at/any/path', verbatimRouter(await serverDeps()));
    app.use(createApp(await serverDeps()));
    const server = app.listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const page = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
    const response = await fetch(page);
    const html = await response.text();
    expect(response.headers.get('content-security-policy')).toContain(
      "default-src 'none'; script-src 'self'",
    );
    expect(html).not.toMatch(/<script>|https?:/);
    const files = Array.from(
      html.matchAll(/(?:src|href)="(\.[^"]+)"/g),
      ([, file = '']) => new URL(file, page).href,
    );
    expect(files).toHaveLength(3);
    for (const file of files) {
      const fetched = await fetch(file);
      expect(fetched.status).toBe(200);
      expect(fetched.headers.get('content-type')).toMatch(
        file.endsWith('.css') ? /^text\/css/ : /^text\/javascript/,
      );
    }
    const script = files.find((file) => file.endsWith('init.js')) ?? '';
    expect((await fetch(new URL('../openapi.json', script))).status).toBe(200);
  });
});

describe('createApp', () => {
  it('sets security headers and tells nothing of itself', async () => {
    const { headers } = await request(await serve()).get('/health');
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect(headers['x-powered-by']).toBeUndefined();
  });

  it('allows other origins only where it is told to', async () => {
    const from = async (origins?: readonly string[] | '*'): Promise<string | undefined> => {
      const app = await serve(origins === undefined ? {} : { cors: { origins } });
      const { headers } = await request(app).get('/health').set('Origin', 'https://a.example');
      return headers['access-control-allow-origin'];
    };
    expect(await from()).toBeUndefined();
    expect(await from('*')).toBe('*');
    expect(await from(['https://a.example', 'https://b.example'])).toBe('https://a.example');
    expect(await from(['https://b.example'])).toBeUndefined();
    const app = await serve({ cors: { origins: '*' } });
    await request(app)
      .options('/v1/answer')
      .set({ Origin: 'https://a.example', 'Access-Control-Request-Method': 'POST' })
      .expect(204)
      .expect('Access-Control-Allow-Methods', /POST/);
  });

  it('compresses what is large', async () => {
    const { headers } = await request(await serve())
      .get('/openapi.json')
      .set('Accept-Encoding', 'gzip');
    expect(headers['content-encoding']).toBe('gzip');
  });

  it('refuses limits out of range', async () => {
    const deps = await serverDeps();
    const error = await errorOf(() => createApp({ ...deps, limits: { batch: 0 } }));
    expect(error.message).toBe('Expected limits.batch to be a whole number of at least 1, got 0.');
    expect((await errorOf(() => createApp({ ...deps, limits: { cacheEntries: -1 } }))).code).toBe(
      'invalid-option',
    );
  });

  it('reads every question anew without a cache', async () => {
    const app = await serve({ limits: { cacheEntries: 0 } });
    for (let i = 0; i < 2; i++) await request(app).post('/v1/answer').send(QUESTION).expect(200);
    expect((await request(app).get('/metrics')).text).toContain('verbatim_results_total{kind="answer"} 2');
  });
});

describe('verbatimRouter', () => {
  it('serves at any path of an app that has parsed the body, and leaves what is not its own', async () => {
    const app = express();
    app.use(express.json());
    app.use('/qa', verbatimRouter(await serverDeps()));
    app.use((_req, res) => void res.status(418).send('mine'));
    const { body } = reply(await request(app).post('/qa/v1/answer').send(QUESTION).expect(200));
    expect(body).toMatchObject({ kind: 'answer' });
    const refused = await request(app)
      .post('/qa/v1/answer')
      .send({ question: 'a', filter: { constructor: 1 } });
    expect(refused.body).toMatchObject({ code: 'forbidden-key' });
    for (const path of ['/other', '/qa/other']) expect((await request(app).get(path)).text).toBe('mine');
    const openApi = await request(app).get('/qa/openapi.json').expect(200);
    expect(openApi.body).toMatchObject({ servers: [{ url: '/qa' }] });
    expect(openApi.headers['content-security-policy']).toBeUndefined();
  });
});

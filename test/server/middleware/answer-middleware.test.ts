import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import compression from 'compression';
import express, { type Express, type RequestHandler, type Response } from 'express';
import request from 'supertest';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hitsFromDocuments } from '../../../src/engines/index.js';
import { createAnswerer } from '../../../src/index.js';
import type { SearchHit } from '../../../src/pipeline/index.js';
import type { Reader } from '../../../src/reader/index.js';
import { answerMiddleware, type AnswerMiddlewareOptions } from '../../../src/server/index.js';
import { errorOf } from '../../support/error-of.js';
import { GatedReader, NumberReader } from '../support/readers.js';
import { reply } from '../support/reply.js';

const PROFILE = {
  aggregation: 'null-score',
  threshold: 0,
  calibration: { slope: 0.5, intercept: 0 },
} as const;
const RESULT = { total: 1, hits: [{ id: 'w', text: 'The warranty lasts 24 months.' }] };
const ANSWER = { kind: 'answer', answer: '24 months' };

const hitsOf = (body: unknown): readonly SearchHit[] => (body as typeof RESULT).hits;

/** An app whose /search sends what the handler says, with the middleware before it. */
async function appWith(
  handler: RequestHandler = (_, res) => void res.json(RESULT),
  { reader = new NumberReader(), ...options }: Partial<AnswerMiddlewareOptions> & { reader?: Reader } = {},
  ...before: RequestHandler[]
): Promise<{ app: Express; errors: unknown[] }> {
  const answerer = await createAnswerer({ reader, profile: PROFILE });
  const errors: unknown[] = [];
  const app = express();
  app.use(...before, (_req, _res, next) => next());
  app.use(answerMiddleware({ answerer, hits: hitsOf, onError: (error) => errors.push(error), ...options }));
  app.all('/search', handler);
  return { app, errors };
}

const codes = (errors: readonly unknown[]): unknown[] =>
  errors.map((error) => (error as { code?: string }).code);

describe('answerMiddleware', () => {
  it.each<[string, (res: Response) => unknown]>([
    ['json', (res) => res.json(RESULT)],
    ['send of an object', (res) => res.send(RESULT)],
    ['send of a text', (res) => res.type('json').send(JSON.stringify(RESULT, null, 2))],
    [
      'send of bytes',
      (res) => res.type('application/vnd.api+json').send(Buffer.from(JSON.stringify(RESULT))),
    ],
  ])('adds an answer to what is sent with %s, with its length', async (_, send) => {
    const { app, errors } = await appWith((_req, res) => void send(res));
    const response = await request(app).get('/search').query({ q: 'How long?' }).buffer(true);
    const body = JSON.parse(response.text) as unknown;
    expect(errors).toEqual([]);
    expect(body).toMatchObject({ ...RESULT, answer: ANSWER });
    expect(response.headers['content-length']).toBe(String(Buffer.byteLength(response.text)));
  });

  it('leaves the numbers of the result as they are written', async () => {
    const text = '{"hits":[{"id":"w","text":"24 months","text_match":578730123365711993}],"x":1.10 }';
    const { app } = await appWith((_, res) => void res.type('json').send(text));
    const response = await request(app).get('/search?q=long');
    expect(response.text).toContain(text.slice(0, -2));
    expect(response.body).toMatchObject({ answer: ANSWER });
  });

  it('adds to an empty object, under another name, what is presented', async () => {
    const { app } = await appWith((_, res) => void res.json({}), {
      hits: async () => RESULT.hits,
      property: 'a "b"',
      present: (result) => (result.kind === 'answer' ? result.answer : null),
    });
    expect((await request(app).get('/search?q=long')).text).toBe('{"a \\"b\\"":"24 months"}');
  });

  it('takes question and hits from where it is told to', async () => {
    const { app } = await appWith(
      (_, res) => {
        res.locals['found'] = [{ key: 7, body: '<p>12 lamps</p>' }];
        res.json({ titles: ['Lamps'] });
      },
      {
        question: (req) => (req.body as { ask?: string }).ask,
        hits: (_body, _req, res) =>
          hitsFromDocuments(res.locals['found'] as unknown[], { textField: 'body', idField: 'key' }),
      },
      express.json(),
    );
    const { body } = reply(await request(app).post('/search').send({ ask: 'How many?' }));
    expect(body).toMatchObject({
      titles: ['Lamps'],
      answer: { answer: '12 lamps', citations: [{ documentId: '7' }] },
    });
  });

  it('sends an ETag of the whole, and 304 for it', async () => {
    const { app } = await appWith((_, res) => void res.set('ETag', '"mine"').json(RESULT));
    const first = await request(app).get('/search?q=long');
    expect(first.headers['etag']).not.toBe('"mine"');
    const again = await request(app)
      .get('/search?q=long')
      .set('If-None-Match', first.headers['etag'] ?? '');
    expect(again.status).toBe(304);
  });

  it.each<[string, string, RequestHandler]>([
    ['an error', '/search?q=long', (_, res) => void res.status(503).json(RESULT)],
    ['a part', '/search?q=long', (_, res) => void res.status(206).json(RESULT)],
    ['a page', '/search?q=long', (_, res) => void res.send('<p>{"hits":[]}</p>')],
    ['a list', '/search?q=long', (_, res) => void res.json([RESULT])],
    ['a text', '/search?q=long', (_, res) => void res.json('x')],
    ['broken JSON', '/search?q=long', (_, res) => void res.type('json').send('{"hits":')],
    ['an answer of its own', '/search?q=long', (_, res) => void res.json({ ...RESULT, answer: 'mine' })],
    ['no hits', '/search?q=long', (_, res) => void res.json({ hits: [] })],
    ['no question', '/search', (_, res) => void res.json(RESULT)],
    ['a blank question', '/search?q=%20', (_, res) => void res.json(RESULT)],
    ['two questions', '/search?q=a&q=b', (_, res) => void res.json(RESULT)],
    [
      'encoded bytes',
      '/search?q=long',
      (_, res) =>
        void res
          .type('json')
          .set('Content-Encoding', 'identity')
          .send(Buffer.from(JSON.stringify(RESULT))),
    ],
    [
      'a stream',
      '/search?q=long',
      (_, res) => {
        res.type('json').write('{"hits":');
        res.end('[]}');
      },
    ],
    ['a script', '/search?q=long&callback=f', (_, res) => void res.jsonp(RESULT)],
  ])('leaves %s alone', async (_, path, handler) => {
    const { app } = await appWith(handler);
    const plain = express();
    plain.all('/search', handler);
    const read = (from: Express): request.Test =>
      request(from)
        .get(path)
        .parse((res, done) => void text(res as never).then((sent) => done(null, sent)));
    const [got, expected] = [await read(app), await read(plain)];
    const sent = (response: request.Response): unknown => {
      const { body, headers } = reply(response);
      return [response.status, body, { ...headers, date: '' }];
    };
    expect(sent(got)).toEqual(sent(expected));
  });

  it('leaves the answer to HEAD alone, and reads nothing for it', async () => {
    const reader = new NumberReader();
    const { app } = await appWith(undefined, { reader });
    const { status, headers } = await request(app).head('/search?q=long');
    expect([status, headers['content-length']]).toEqual([200, String(JSON.stringify(RESULT).length)]);
    expect(reader.questions).toEqual([]);
  });

  it('is compressed with the rest by what compresses', async () => {
    const { app } = await appWith(undefined, {}, compression({ threshold: 0 }));
    const response = await request(app).get('/search?q=long');
    expect(response.headers['content-encoding']).toBe('gzip');
    expect(response.body).toMatchObject({ answer: ANSWER });
  });

  it.each<[string, Partial<AnswerMiddlewareOptions>]>([
    [
      'hits',
      {
        hits: () => {
          throw new Error('broken');
        },
      },
    ],
    ['hits that come later', { hits: () => Promise.reject(new Error('broken')) }],
    ['a hit without a text', { hits: () => [{ id: 'x' } as SearchHit] }],
    ['hits that are no list', { hits: () => undefined as unknown as SearchHit[] }],
    [
      'the question',
      {
        question: () => {
          throw new Error('broken');
        },
      },
    ],
    [
      'what is presented',
      {
        present: () => {
          throw new Error('broken');
        },
      },
    ],
    ['what cannot be written', { present: () => 1n }],
    [
      'whoever is told',
      {
        hits: () => [{ id: 'x' } as SearchHit],
        onError: () => {
          throw new Error('too');
        },
      },
    ],
  ])('sends the search result as it is when there is an error in %s', async (_, options) => {
    const { app, errors } = await appWith(undefined, options);
    const { body } = reply(await request(app).get('/search?q=long').expect(200));
    expect(body).toEqual(RESULT);
    if (options.onError === undefined) expect(errors).toHaveLength(1);
  });

  it('sends the search result when the answer is late, and gives up the reading', async () => {
    const reader = new GatedReader();
    const { app, errors } = await appWith(undefined, { reader, budgetMs: 50 });
    expect((await request(app).get('/search?q=long')).body).toEqual(RESULT);
    expect(codes(errors)).toEqual(['request-timeout']);
    expect(reader.aborted).toBe(1);
  });

  it('sends it, too, when what is late heeds no signal', async () => {
    const { app, errors } = await appWith(undefined, {
      hits: () => new Promise(() => undefined),
      budgetMs: 50,
    });
    expect((await request(app).get('/search?q=long')).body).toEqual(RESULT);
    expect(codes(errors)).toEqual(['request-timeout']);
  });

  it('reads for so many at once, and sends the results of the others at once', async () => {
    const reader = new GatedReader();
    const { app, errors } = await appWith(undefined, { reader, concurrent: 1, budgetMs: 60_000 });
    const first = request(app)
      .get('/search?q=long')
      .then(({ body }) => body as unknown);
    await reader.started(1);
    expect((await request(app).get('/search?q=long')).body).toEqual(RESULT);
    expect(codes(errors)).toEqual(['queue-full']);
    reader.open();
    expect(await first).toMatchObject({ answer: ANSWER });
  });

  it('gives up the reading when the client is gone', async () => {
    const reader = new GatedReader();
    const { app, errors } = await appWith(undefined, { reader, budgetMs: 60_000 });
    const server = app.listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const controller = new AbortController();
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/search?q=long`;
    const gone = fetch(address, { signal: controller.signal });
    await reader.started(1);
    controller.abort();
    await expect(gone).rejects.toThrow();
    while (reader.aborted === 0 || errors.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(reader.aborted).toBe(1);
  });

  it('lets an error of the handler through that comes after the result, and sends one response', async () => {
    const { app } = await appWith((_, res) => {
      res.json(RESULT);
      throw new Error('afterwards');
    });
    app.use(((error, _req, res, next) => {
      if (res.headersSent) next(error);
      else res.status(500).json({ error: true });
    }) as express.ErrorRequestHandler);
    const { body } = reply(await request(app).get('/search?q=long').expect(500));
    expect(body).toEqual({ error: true });
  });

  it('reads the first hits only', async () => {
    const hits = Array.from({ length: 10_000 }, (_, i) => ({ id: `d${i}`, text: `${i} lamps` }));
    const { app } = await appWith((_, res) => void res.json({ hits }), {
      topK: 3,
      decide: { alternatives: 1 },
    });
    const { body } = reply(await request(app).get('/search?q=long'));
    expect(body).toMatchObject({ answer: { passagesRead: 3, alternatives: { length: 1 } } });
  });

  it.each<[string, Partial<AnswerMiddlewareOptions>]>([
    ['budgetMs', { budgetMs: 0 }],
    ['concurrent', { concurrent: 0 }],
    ['topK', { topK: 1.5 }],
    ['decide.minConfidence', { decide: { minConfidence: 2 } }],
  ])('refuses %s out of range, naming it', async (name, options) => {
    const error = await errorOf(() => appWith(undefined, options));
    expect(error.code).toBe('invalid-option');
    expect(error.message).toContain(`Expected ${name} to be`);
  });
});

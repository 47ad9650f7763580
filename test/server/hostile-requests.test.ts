import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import request, { type Test } from 'supertest';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Express } from 'express';
import { VerbatimError } from '../../src/index.js';
import { createApp } from '../../src/server/index.js';
import { contractClient } from './support/contract.js';
import { reply } from './support/reply.js';
import { serve, serverDeps } from './support/serve.js';

const post = (app: Express, body: string | Buffer, type = 'application/json'): Test =>
  // Bytes as they are, which supertest would write as JSON.
  request(app)
    .post('/v1/answer')
    .set('Content-Type', type)
    .serialize(() => body as string)
    .send(body);
const QUESTION = '{"question":"How long is the warranty?"}';

describe('bodies', () => {
  it.each([
    ['malformed JSON', '{"question":', 400, 'malformed-json'],
    ['nothing', '', 400, 'malformed-json'],
    ['a number that JSON does not know', '{"question":"a","threshold":NaN}', 400, 'malformed-json'],
    ['JSON nested 100,000 levels deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400, 'json-too-deep'],
    ['JSON of 33 levels', `${'{"a":'.repeat(33)}1${'}'.repeat(33)}`, 400, 'json-too-deep'],
    ['invalid UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22]), 400, 'invalid-utf8'],
    ['more than a megabyte', JSON.stringify({ question: 'x'.repeat(1_000_000) }), 413, 'body-too-large'],
    ['the key __proto__', '{"question":"a","__proto__":{"admin":true}}', 400, 'forbidden-key'],
    [
      'the key constructor',
      '{"question":"a","filter":{"constructor":{"prototype":{}}}}',
      400,
      'forbidden-key',
    ],
    ['a number that overflows', '{"question":"a","threshold":1e999}', 400, 'invalid-request'],
  ])('of %s are refused', async (_what, body, status, code) => {
    const app = await serve();
    const response = await post(app, body)
      .expect(status)
      .expect('Content-Type', /^application\/problem\+json/);
    expect(response.body).toMatchObject({ code, status });
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it('that are compressed count by their full size', async () => {
    const app = await serve();
    const zip = (text: string): Test => post(app, gzipSync(text)).set('Content-Encoding', 'gzip');
    await zip(QUESTION).expect(200);
    await zip(JSON.stringify({ question: 'x'.repeat(5_000_000) })).expect(413);
    await post(app, QUESTION).set('Content-Encoding', 'zstd').expect(415);
    await post(app, Buffer.from('no gzip')).set('Content-Encoding', 'gzip').expect(400);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'application/json; charset=utf-16',
    'a',
  ])('of the type %s are refused', async (type) => {
    const { body } = reply(await post(await serve(), QUESTION, type).expect(415));
    expect(body).toMatchObject({ code: 'unsupported-media-type' });
  });

  it.each([
    'application/json',
    'application/json; charset=UTF-8',
    'application/vnd.api+json',
    'application/json;charset="utf-8"',
  ])('of the type %s are taken', async (type) => {
    await post(await serve(), QUESTION, type).expect(200);
  });
});

describe('addresses', () => {
  it.each([
    '/playground',
    '/playground/../../package.json',
    '/v1',
    '/v1/nothing',
    '/../etc/passwd',
    '/docs/../../package.json',
    '/docs/page.js',
    '/v1/answer/x',
    '//v1/info',
  ])('%s is not there', async (path) => {
    const { body } = reply(
      await request(await serve())
        .get(path)
        .expect(404),
    );
    expect(body).toMatchObject({ code: 'not-found' });
  });

  it('answer another method with 405 and the methods that there are', async () => {
    const server = await contractClient(await serve());
    for (const [method, path, allow] of [
      ['get', '/v1/answer', 'POST, OPTIONS'],
      ['delete', '/v1/search', 'GET, HEAD, POST, OPTIONS'],
      ['post', '/v1/documents/a', 'GET, HEAD, PUT, DELETE, OPTIONS'],
      ['put', '/health', 'GET, HEAD, OPTIONS'],
    ] as const) {
      const { body, headers } = reply(await server[method](path).expect(405));
      expect(body).toMatchObject({ code: 'method-not-allowed' });
      expect(headers['allow']).toBe(allow);
    }
  });

  it('tell OPTIONS what they take, and answer HEAD without a body', async () => {
    const app = await serve();
    const { headers } = await request(app).options('/v1/answer').expect(204);
    expect(headers['allow']).toBe('POST, OPTIONS');
    expect((await request(app).head('/v1/info').expect(200)).text).toBeUndefined();
  });
});

describe('headers', () => {
  it('of a sane request id come back; any other is replaced', async () => {
    const app = await serve();
    const idOf = async (id: string): Promise<string | undefined> =>
      (await request(app).get('/health').set('X-Request-Id', id)).headers['x-request-id'];
    expect(await idOf('job-7/part:3')).toBe('job-7/part:3');
    for (const id of ['a b', 'x'.repeat(129), '<script>', '{"a":1}'])
      expect(await idOf(id)).toMatch(/^[\da-f-]{36}$/);
  });

  it('cannot be forged through anything that is sent', async () => {
    const server = (await serve()).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const received: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => received.push(chunk));
    socket.end(
      'GET /v1/search?q=a%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n' +
        'X-Request-Id: a%0d%0aSet-Cookie: a=b\r\nIf-None-Match: "%0d%0aSet-Cookie: a=b"\r\n\r\n',
    );
    await once(socket, 'close');
    const [head = ''] = Buffer.concat(received).toString().split('\r\n\r\n');
    expect(head).toContain('HTTP/1.1 200');
    expect(head.toLowerCase()).not.toContain('set-cookie');
  });
});

describe('faults of the server', () => {
  it.each([
    ['an unforeseen error', new Error('/srv/secret/path exploded'), 500, 'internal-error'],
    [
      'a damaged index',
      new VerbatimError('index-damaged', 'The index in "/srv/secret" is damaged.'),
      500,
      'internal-error',
    ],
    ['a full queue', new VerbatimError('queue-full', 'The reader is busy.'), 503, 'queue-full'],
    [
      'a crashed reader',
      new VerbatimError('worker-crashed', 'A reader thread ended.'),
      503,
      'worker-crashed',
    ],
    [
      'an engine that is away',
      new VerbatimError('engine-unavailable', 'http://secret:9200'),
      503,
      'engine-unavailable',
    ],
    ['a full disk', new VerbatimError('disk-full', 'No room in /srv/secret.'), 507, 'disk-full'],
  ])('%s says nothing of files, addresses or code', async (_what, error, status, code) => {
    const deps = await serverDeps();
    const verbatim = {
      ...deps.verbatim,
      retriever: deps.verbatim.retriever,
      ask: () => Promise.reject(error),
    };
    const app = createApp({ ...deps, verbatim: verbatim });
    const response = await (
      await contractClient(app)
    )
      .post('/v1/answer')
      .send({ question: 'a' })
      .expect(status);
    expect(response.body).toMatchObject({ code, status });
    expect(response.text).not.toMatch(/secret|\.ts|at /);
    expect(response.headers['retry-after']).toBe(status === 503 ? '1' : undefined);
  });
});

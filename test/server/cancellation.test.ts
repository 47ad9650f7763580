import { once } from 'node:events';
import { request as httpRequest, type ClientRequest } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import request from 'supertest';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadReader } from '../../src/index.js';
import { contractClient } from './support/contract.js';
import { GatedReader } from './support/readers.js';
import { reply } from './support/reply.js';
import { serve } from './support/serve.js';
import { until } from './support/until.js';

const QUESTION = { question: 'How long is the warranty?' };

async function listening(options: Parameters<typeof serve>[0]): Promise<{ server: Server; port: number }> {
  const server = (await serve(options)).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

/** A request whose connection the test may cut. */
function post(port: number, path: string, body: object, headers: Record<string, string> = {}): ClientRequest {
  const sent = httpRequest({
    port,
    path,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
  });
  // Cutting it is the point.
  sent.on('error', () => undefined);
  sent.end(JSON.stringify(body));
  return sent;
}

const metric = async (port: number, name: string): Promise<number> => {
  const { text } = await request(`http://127.0.0.1:${port}`).get('/metrics');
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.split(' ')[1] ?? NaN,
  );
};

describe('a client that leaves', () => {
  it.each([
    ['/v1/answer', QUESTION, {}],
    ['/v1/answer', QUESTION, { Accept: 'text/event-stream' }],
    ['/v1/answer/batch', { questions: ['When?', 'Where?'] }, {}],
    ['/v1/read', { ...QUESTION, passages: [{ id: 'a', text: 'For 2 years.' }] }, {}],
    ['/huggingface', { inputs: { question: 'When?', context: 'In 3 days.' } }, {}],
    ['/score', { inputs: { question: ['When?'], context: ['In 3 days.'] } }, {}],
  ])('has its reading cancelled at %s', async (path, body, headers) => {
    const reader = new GatedReader();
    const { port } = await listening({ reader });
    const sent = post(port, path, body, headers);
    await reader.started(1);
    expect(await metric(port, 'verbatim_reading_requests')).toBe(1);
    sent.destroy();
    await until(async () => (await metric(port, 'verbatim_reading_requests')) === 0);
    expect(reader.aborted).toBeGreaterThan(0);
    expect(await metric(port, 'verbatim_cancelled_total{reason="disconnect"}')).toBe(1);
    expect(reader.questions).toEqual([]);
  });

  it("takes its windows out of the real reader's queue", async () => {
    const reader = await loadReader({ workers: 1 });
    onTestFinished(() => reader.reader.close());
    const { port } = await listening({ reader });
    // A thousand windows, if nobody stopped it.
    const text = 'The lamp comes in blue and green. '.repeat(20_000);
    const sent = post(port, '/v1/read', { ...QUESTION, passages: [{ id: 'a', text }] });
    await until(async () => (await metric(port, 'verbatim_reading_requests')) === 1);
    sent.destroy();
    await until(async () => (await metric(port, 'verbatim_reading_requests')) === 0);
    const { body } = reply(
      await request(`http://127.0.0.1:${port}`).post('/v1/answer').send(QUESTION).expect(200),
    );
    expect(body).toMatchObject({ answer: 'two years' });
  });
});

describe('the time limit', () => {
  it('gives a request up, cancels its work and says when to come again', async () => {
    const reader = new GatedReader();
    const server = await contractClient(await serve({ reader, limits: { requestMs: 50 } }));
    const { body, headers } = reply(await server.post('/v1/answer').send(QUESTION).expect(503));
    expect(body).toMatchObject({ code: 'request-timeout' });
    expect(headers['retry-after']).toBe('1');
    expect(reader.aborted).toBe(1);
    const metrics = await server.get('/metrics');
    expect(metrics.text).toContain('verbatim_cancelled_total{reason="timeout"} 1');
  });

  it('ends a stream of events with a problem', async () => {
    const app = await serve({ reader: new GatedReader(), limits: { requestMs: 50 } });
    const { text } = await request(app)
      .post('/v1/answer')
      .set('Accept', 'text/event-stream')
      .send(QUESTION)
      .expect(200);
    expect(text).toMatch(/^event: passages\n[^]*\nevent: problem\ndata: \{.*"code":"request-timeout"/);
  });
});

describe('the bound on reading', () => {
  it('refuses with 503 and Retry-After what is too much, is then not ready, and recovers', async () => {
    const reader = new GatedReader();
    const app = await serve({ reader, limits: { concurrent: 2 } });
    const server = await contractClient(app);
    await server.get('/ready').expect(200);
    const reading = [1, 2].map((i) =>
      request(app)
        .post('/v1/answer')
        .send({ question: `Which lamp ${i}?` })
        .then((r) => r),
    );
    await reader.started(2);
    for (const path of ['/v1/answer', '/v1/answer/batch', '/v1/read', '/huggingface', '/score']) {
      const bodies: Record<string, object> = {
        '/v1/answer': QUESTION,
        '/v1/answer/batch': { questions: ['When?'] },
        '/v1/read': { ...QUESTION, passages: [] },
        '/huggingface': { inputs: { question: 'When?', context: 'In 3 days.' } },
        '/score': { inputs: { question: ['When?'], context: ['In 3 days.'] } },
      };
      const { body, headers } = reply(await server.post(path).send(bodies[path]).expect(503));
      expect(body).toMatchObject({ code: 'queue-full' });
      expect(headers['retry-after']).toBe('1');
    }
    expect((await server.get('/ready').expect(503)).body).toMatchObject({ code: 'not-ready' });
    await server.get('/health').expect(200);
    await server.get('/v1/search?q=lamp').expect(200);
    reader.open();
    expect((await Promise.all(reading)).map(({ status }) => status)).toEqual([200, 200]);
    await server.get('/ready').expect(200);
    await server.post('/v1/answer').send(QUESTION).expect(200);
  });

  it('does not hold for an answer from the cache', async () => {
    const reader = new GatedReader();
    const app = await serve({ reader, limits: { concurrent: 1 } });
    reader.open();
    const { body } = reply(await request(app).post('/v1/answer').send(QUESTION).expect(200));
    reader.shut();
    const reading = request(app)
      .post('/v1/answer')
      .send({ question: 'What else?' })
      .then((response) => response.status);
    await reader.started(2);
    await request(app).post('/v1/answer').send({ question: 'And what else?' }).expect(503);
    expect((await request(app).post('/v1/answer').send(QUESTION).expect(200)).body).toEqual(body);
    reader.open();
    expect(await reading).toBe(200);
  });
});

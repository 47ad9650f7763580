import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EngineError, EngineProgress } from '../../src/widget/engine.js';
import { HttpEngine } from '../../src/widget/http-engine.js';
import { serve } from '../server/support/serve.js';

const QUESTION = 'How long is the warranty?';

async function listen(handle: RequestListener): Promise<string> {
  const server = createServer(handle).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function engineAt(src: string, timeoutMs = 30_000): HttpEngine {
  return new HttpEngine({ src, timeoutMs });
}

/** What an engine's call is rejected with. */
async function rejectionOf(call: Promise<unknown>): Promise<EngineError> {
  return call.then(
    () => expect.fail('It was not rejected.'),
    (error: unknown) => error as EngineError,
  );
}

async function failureOf(handle: RequestListener, timeoutMs?: number): Promise<EngineError> {
  const engine = engineAt(await listen(handle), timeoutMs);
  return rejectionOf(engine.answer(QUESTION));
}

describe('HttpEngine over the real routes', () => {
  it('answers, and tells of every passage on the way', async () => {
    const engine = engineAt(await listen(await serve()));
    const progress: EngineProgress[] = [];
    const result = await engine.answer(QUESTION, { onProgress: (event) => progress.push(event) });
    expect(result).toMatchObject({ kind: 'answer', answerId: expect.any(String) as string });
    const [found, ...read] = progress;
    const ids = found?.stage === 'retrieved' ? found.passages.map(({ id }) => id) : [];
    expect(read.map((event) => event.stage === 'read' && event.passageId)).toEqual(ids);
    expect(ids.length).toBeGreaterThan(2);
    // From the cache, the answer comes at once.
    expect(await engine.answer(QUESTION)).toEqual(result);
    expect(await engine.answer(QUESTION, { topK: 1 })).not.toEqual(result);
  });

  it('suggests, finds the nearest passages, and sends verdicts', async () => {
    const stored: unknown[] = [];
    const feedback = { add: async (entry: object) => void stored.push(entry) };
    const engine = engineAt(`${await listen(await serve({ feedback }))}///`);
    expect((await engine.suggest('warr', { limit: 1 })).map(({ text }) => text)).toEqual([QUESTION]);
    const [nearest] = await engine.nearest('the workshop in Bergen', { limit: 1 });
    expect(nearest?.text).toContain('Bergen');
    const { answerId = '' } = await engine.answer(QUESTION);
    await engine.feedback({ answerId, verdict: 'wrong', correctAnswer: 'two years' });
    expect(stored).toEqual([
      expect.objectContaining({ answerId, verdict: 'wrong', correctAnswer: 'two years' }),
    ]);
  });

  it('sends its key, and says when it is not let in', async () => {
    const keys = {
      check: async (token: string) =>
        token === 'good' ? ({ id: 'k', scopes: ['read'] } as const) : undefined,
    };
    const url = await listen(await serve({ keys }));
    const open = new HttpEngine({ src: url, apiKey: 'good', timeoutMs: 30_000 });
    expect((await open.answer(QUESTION)).kind).toBe('answer');
    const closed = await rejectionOf(engineAt(url).answer(QUESTION));
    expect(closed).toMatchObject({
      reason: 'not-allowed',
      details: { status: 401, code: 'unauthenticated' },
    });
  });

  it('says that a question is too long, that none is there, and that no feedback is taken', async () => {
    const engine = engineAt(await listen(await serve({ limits: { questionCharacters: 100 } })));
    expect(await rejectionOf(engine.answer('long '.repeat(50)))).toMatchObject({
      reason: 'question-too-long',
    });
    expect(await rejectionOf(engine.answer(' '))).toMatchObject({ reason: 'question-refused' });
    expect(await rejectionOf(engine.feedback({ answerId: 'a', verdict: 'right' }))).toMatchObject({
      reason: 'no-feedback',
    });
  });

  it('says how long to wait when it asks too often', async () => {
    const engine = engineAt(await listen(await serve({ limits: { requestsPerMinute: 1 } })));
    await engine.answer(QUESTION);
    const { reason, details } = await rejectionOf(engine.answer(QUESTION));
    expect(reason).toBe('rate-limited');
    expect(details.retryAfter).toBeGreaterThan(0);
    expect(details.retryAfter).toBeLessThanOrEqual(60);
  });
});

describe('HttpEngine and what goes wrong', () => {
  it.each<[string, RequestListener, string, number | undefined]>([
    ['an error page', (_, res) => void res.writeHead(500).end('<h1>Oops</h1>'), 'failed', undefined],
    ['a busy proxy', (_, res) => void res.writeHead(503, { 'Retry-After': '7' }).end('<p>'), 'busy', 7],
    ['a slow gateway', (_, res) => void res.writeHead(504).end(), 'timeout', undefined],
    [
      'another site',
      (_, res) => void res.writeHead(404).end('<h1>Not here</h1>'),
      'not-understood',
      undefined,
    ],
    ['a page', (_, res) => void res.end('<!doctype html>'), 'not-understood', undefined],
    ['other JSON', (_, res) => void res.end('{"kind":"answer","answer":1}'), 'not-understood', undefined],
    ['null', (_, res) => void res.end('null'), 'not-understood', undefined],
    ['a connection that is closed', (req) => req.socket.destroy(), 'unreachable', undefined],
    [
      'a response that breaks off',
      (req, res) => {
        res.writeHead(200, { 'Content-Length': '100' }).write('{"kind":');
        setImmediate(() => req.socket.destroy());
      },
      'interrupted',
      undefined,
    ],
    [
      'events that end before the result',
      (_, res) => {
        res.writeHead(200, { 'Content-Type': 'text/event-stream' });
        res.end('event: passages\ndata: {"passages":[]}\n\nevent: answer\ndata: {"kind"');
      },
      'interrupted',
      undefined,
    ],
    [
      'a problem among the events',
      (_, res) => {
        res.writeHead(200, { 'Content-Type': 'text/event-stream' });
        res.end(
          'event: problem\ndata: {"status":503,"code":"worker-crashed","detail":"x","requestId":"r"}\n\n',
        );
      },
      'busy',
      undefined,
    ],
  ])('tells what %s means', async (_what, handle, reason, retryAfter) => {
    const error = await failureOf(handle);
    expect(error).toMatchObject({ name: 'EngineError', reason });
    expect(error.details.retryAfter).toBe(retryAfter);
  });

  it('reads a date to wait for', async () => {
    const date = new Date(Date.now() + 90_000).toUTCString();
    const { details } = await failureOf((_, res) => void res.writeHead(503, { 'Retry-After': date }).end());
    expect(details.retryAfter).toBeGreaterThan(60);
    expect(details.retryAfter).toBeLessThanOrEqual(90);
  });

  it('passes over events that it does not know', async () => {
    const events = [
      'event: news\ndata: {"a":1}',
      'event: candidate\ndata: {"answer":"x"}',
      'event: passages\ndata: {"passages":7}',
      'event: answer\ndata: {"kind":"no-answer","reason":"no-support","bestRejected":null}',
    ];
    const url = await listen((_, res) => {
      res.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
      res.end(`${events.join('\n\n')}\n\n`);
    });
    const progress: EngineProgress[] = [];
    const result = await engineAt(url).answer(QUESTION, { onProgress: (event) => progress.push(event) });
    expect(result).toEqual({ kind: 'no-answer', reason: 'no-support', bestRejected: null });
    expect(progress).toEqual([]);
  });

  it('gives up after its time, and when it is told to', async () => {
    expect(await failureOf(() => undefined, 20)).toMatchObject({ reason: 'timeout' });
    const stop = new AbortController();
    const reason = new Error('not wanted any more');
    const engine = engineAt(await listen(() => stop.abort(reason)));
    expect(await rejectionOf(engine.answer(QUESTION, { signal: stop.signal }))).toBe(reason);
    expect(await rejectionOf(engine.suggest('w', { signal: stop.signal }))).toBe(reason);
  });

  it('leaves out entries of a list that are not as they should be', async () => {
    const suggestions = [{ text: 'A?', kind: 'question' }, { text: 1 }, null, 'x'];
    const engine = engineAt(
      await listen((_, res) => void res.end(JSON.stringify({ suggestions, passages: [{}] }))),
    );
    expect(await engine.suggest('a')).toEqual([{ text: 'A?', kind: 'question' }]);
    expect(await engine.nearest('a')).toEqual([]);
  });
});

import { once } from 'node:events';
import { get, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HttpServer } from '../../../src/server/operations/http-server.js';
import { errorOf } from '../../support/error-of.js';

const TIMEOUTS = { headersMs: 10_000, receiveMs: 300_000, keepAliveMs: 65_000, maxConnections: 10 };
const REQUEST = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

const ok: RequestListener = (_request, response) => response.end('ok');

async function started(
  listener: RequestListener,
  timeouts: Partial<typeof TIMEOUTS> = {},
): Promise<{ server: HttpServer; url: string; port: number }> {
  const server = new HttpServer({ ...TIMEOUTS, ...timeouts }, listener);
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close(0));
  return { server, url, port: Number(new URL(url).port) };
}

/** A server whose requests are answered by the test. */
async function startedByHand(): Promise<{
  server: HttpServer;
  url: string;
  port: number;
  next: Promise<ServerResponse>;
}> {
  const { promise, resolve } = deferred<ServerResponse>();
  return { ...(await started((_request, response) => resolve(response))), next: promise };
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}

async function opened(port: number, sent = ''): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(sent);
  return socket;
}

describe('listening', () => {
  it('says which address is taken', async () => {
    const { port } = await started(ok);
    const error = await errorOf(() => new HttpServer(TIMEOUTS, ok).listen({ host: '127.0.0.1', port }));
    expect([error.code, error.message]).toEqual([
      'address-unavailable',
      `Cannot listen on 127.0.0.1:${port}: another process listens on that port; choose another one with --port.`,
    ]);
  });

  it('says that an address is none of this machine', async () => {
    const error = await errorOf(() => new HttpServer(TIMEOUTS, ok).listen({ host: '192.0.2.1', port: 8080 }));
    expect(error.message).toContain('192.0.2.1:8080: that address is none of this machine');
  });
});

describe('a gentle end', () => {
  it('lets a running request finish, and takes no new connection meanwhile', async () => {
    const { server, url, port, next } = await startedByHand();
    const answered = new Promise<IncomingMessage>((resolve) => get(url, resolve));
    const response = await next;
    const closed = server.close(60_000);
    const [refused] = (await once(connect(port, '127.0.0.1'), 'error')) as [NodeJS.ErrnoException];
    expect(refused.code).toBe('ECONNREFUSED');
    response.end('done');
    expect(await text(await answered)).toBe('done');
    await closed;
  });

  it('lets a response that has begun finish, and then closes the connection', async () => {
    const { server, port, next } = await startedByHand();
    const socket = await opened(port, REQUEST);
    const received = text(socket);
    const response = await next;
    response.write('first ');
    const closed = server.close(60_000);
    response.end('second');
    expect(await received).toMatch(/first [^]*second/);
    await closed;
  });

  it('does not wait for connections without a request, used before or not', async () => {
    const { server, port } = await started(ok);
    await opened(port);
    await opened(port, 'GET / HTTP/1.1\r\nHo');
    const used = await opened(port, REQUEST);
    await once(used, 'data');
    const began = Date.now();
    await server.close(60_000);
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  it('cuts off what has not finished in time', async () => {
    const { server, url, next } = await startedByHand();
    const failed = new Promise((resolve) => get(url).once('error', resolve));
    await next;
    await server.close(50);
    expect(await failed).toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('a client that dawdles', () => {
  it('is cut off when its headers take too long', async () => {
    const { port } = await started(ok, { headersMs: 500 });
    const socket = await opened(port, 'GET / HTTP/1.1\r\nHost: a\r\n');
    const trickle = setInterval(() => socket.write('X-A: b\r\n'), 100);
    expect(await text(socket).catch(() => '')).toMatch(/^(?:HTTP\/1\.1 408 |$)/);
    clearInterval(trickle);
  });

  it('is told so when its body takes too long', async () => {
    const { port } = await started(() => undefined, { receiveMs: 300 });
    const socket = await opened(port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('may take its time with a stream, and with waiting for an answer', async () => {
    const answered: string[] = [];
    const { port } = await started(
      (request, response) => {
        void text(request).then((body) => {
          answered.push(body);
          setTimeout(() => response.end('done'), 300);
        });
      },
      { receiveMs: 100 },
    );
    const head = 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n';
    const stream = await opened(port, `${head}Content-Type: application/x-ndjson\r\n\r\n{}`);
    const whole = await opened(port, `${head}\r\nabcd`);
    expect(await text(whole)).toMatch(/done$/);
    stream.write('{}');
    expect(await text(stream)).toMatch(/done$/);
    expect(answered).toEqual(['abcd', '{}{}']);
  });

  it('may name a document with the longest id there is', async () => {
    const { url } = await started((request, response) => response.end(String(request.url?.length)));
    const path = `/v1/documents/${encodeURIComponent('語'.repeat(2048))}`;
    expect(await (await fetch(url + path)).text()).toBe(String(path.length));
  });

  it('cannot open more connections than there may be', async () => {
    const { port } = await started(ok, { maxConnections: 1 });
    const first = await opened(port);
    const second = await opened(port);
    await once(second, 'close');
    first.write(REQUEST);
    const [answer] = (await once(first, 'data')) as [Buffer];
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200 /);
  });
});

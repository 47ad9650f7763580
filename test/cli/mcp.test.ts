import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AnswerResult } from '../../src/pipeline/index.js';
import { ERAS, textOf, type Era } from '../mcp/support/connect.js';
import { CLI, runCli } from '../support/run-cli.js';
import { startServerProcess, type ServerProcess } from '../support/server-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const WARRANTY = { name: 'answer', arguments: { question: 'How long is the warranty?' } };
const ONE_WORKER = ['--workers', '1'];

function newClient(era: Era = '2025-11-25'): Client {
  const modern = era === '2026-07-28';
  const client = new Client(
    { name: 'test', version: '0' },
    modern ? { versionNegotiation: { mode: 'auto' } } : {},
  );
  onTestFinished(() => client.close());
  return client;
}

/** A client of `verbatim mcp` over its standard input and output. */
async function overStdio(args: readonly string[], era?: Era): Promise<Client> {
  const client = newClient(era);
  const command = { command: process.execPath, args: [CLI, 'mcp', ...ONE_WORKER, ...args] };
  await client.connect(new StdioClientTransport({ ...command, stderr: 'ignore' }));
  return client;
}

async function overHttp(url: string, era?: Era, headers: Record<string, string> = {}): Promise<Client> {
  const client = newClient(era);
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  return client;
}

async function startHttp(
  args: readonly string[] = [],
  options: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Promise<ServerProcess> {
  return startServerProcess([...ONE_WORKER, ...args], { ...options, command: ['mcp', '--http'] });
}

/** The command as a host sees it that speaks the protocol by itself. */
class RawServer {
  readonly child: ChildProcess;
  readonly lines: string[] = [];
  stderr = '';
  readonly ended: Promise<number | string | null>;
  #nextId = 1;

  constructor(args: readonly string[] = []) {
    const child = spawn(process.execPath, [CLI, 'mcp', ...ONE_WORKER, ...args], { stdio: 'pipe' });
    onTestFinished(() => void child.kill('SIGKILL'));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (this.stderr += chunk));
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.lines.push(line);
      child.emit('line');
    });
    this.child = child;
    this.ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string | null);
  }

  write(text: string): void {
    this.child.stdin?.write(text);
  }

  send(message: object): void {
    this.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  async request(method: string, params: object): Promise<Record<string, unknown>> {
    const id = this.#nextId++;
    this.send({ id, method, params });
    return this.answerTo(id);
  }

  async answerTo(id: number): Promise<Record<string, unknown>> {
    for (;;) {
      const found = this.lines
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .find((message) => message['id'] === id && message['method'] === undefined);
      if (found !== undefined) return found;
      await once(this.child, 'line');
    }
  }

  async initialize(): Promise<void> {
    const clientInfo = { name: 'raw', version: '0' };
    await this.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
    this.send({ method: 'notifications/initialized' });
  }
}

describe.each(ERAS)('verbatim mcp over standard input and output, %s', (era) => {
  it('answers as verbatim ask does', async () => {
    const client = await overStdio([], era);
    const result = await client.callTool(WARRANTY);
    const { stdout } = await runCli(['ask', WARRANTY.arguments.question, '--json']);
    const [got, expected] = [result.structuredContent as AnswerResult, JSON.parse(stdout) as AnswerResult];
    expect(got).toMatchObject({ kind: 'answer', answer: 'two years' });
    expect(got).toEqual(expected);
    expect(textOf(result)).toContain(
      'The warranty on every Lumen device lasts two years from the date of delivery.',
    );
  });

  it('searches an index, and lists and reads its documents', async () => {
    const kb = `${temporaryFolder()}/kb`;
    const corpus = temporaryFolder({
      'a.md': '# Apples\n\nThe apple is red.\n',
      'b/c.md': '# Pears\n\nThe pear is green.\n',
    });
    expect((await runCli(['index', corpus, '--out', kb])).code).toBe(0);
    const client = await overStdio(['--index', kb], era);
    expect((await client.listResources()).resources.map(({ name }) => name)).toEqual(['a.md', 'b/c.md']);
    const { contents } = await client.readResource({ uri: 'verbatim://document/b%2Fc.md' });
    expect(contents[0]).toMatchObject({ text: expect.stringContaining('The pear is green.') as string });
    const found = await client.callTool({ name: 'search', arguments: { question: 'pear' } });
    expect(found.structuredContent).toMatchObject({ passages: [{ documentId: 'b/c.md', rank: 1 }] });
    // What another process commits is seen by the next call.
    const more = temporaryFolder({
      'a.md': '# Apples\n\nThe apple is red.\n',
      'd.md': '# Plums\n\nThe plum is blue.\n',
    });
    expect((await runCli(['index', more, '--out', kb])).code).toBe(0);
    const plum = await client.callTool({ name: 'answer', arguments: { question: 'What is blue?' } });
    expect(JSON.stringify(plum.structuredContent)).toContain('d.md');
  });
});

describe('verbatim mcp over standard input and output', () => {
  it('writes nothing but the protocol to standard output, and ends when its input does', async () => {
    const server = new RawServer();
    await server.initialize();
    await server.request('tools/call', { ...WARRANTY, _meta: { progressToken: 'p' } });
    server.child.stdin?.end();
    expect(await server.ended).toBe(0);
    const messages = server.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(messages.length).toBeGreaterThan(3);
    expect(messages.every((message) => message['jsonrpc'] === '2.0')).toBe(true);
    expect(server.stderr).toBe('ready\n');
  });

  it('passes over what is no message, and goes on', async () => {
    const server = new RawServer();
    await server.initialize();
    server.write(
      'no JSON\n\n{"jsonrpc": "2.0", "id": 99\n[]\n"text"\n{"id": 98, "method": 7}\n\u0000\ufffd\n',
    );
    server.write('{"jsonrpc":"1.0","id":97,"method":"ping"}\n');
    // A message in two pieces, with the other line break.
    server.write('{"jsonrpc":"2.0","id":50,');
    server.write('"method":"ping"}\r\n');
    expect(await server.answerTo(50)).toMatchObject({ result: {} });
    expect(await server.request('no/method', {})).toMatchObject({ error: { code: -32601 } });
    expect(await server.request('tools/call', { arguments: {} })).toMatchObject({ error: { code: -32602 } });
    expect(await server.request('tools/call', WARRANTY)).toMatchObject({
      result: { structuredContent: { answer: 'two years' } },
    });
    expect(server.stderr).toContain('invalid');
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
  });

  it('takes a huge message for an end instead of for more and more memory', async () => {
    const server = new RawServer();
    await server.initialize();
    const question = 'why '.repeat(1_000_000);
    const params = { name: 'answer', arguments: { question } };
    expect(await server.request('tools/call', params)).toMatchObject({
      result: { isError: true, content: [{ text: expect.stringContaining('2000') as string }] },
    });
    server.child.stdin?.on('error', () => undefined);
    server.write(`${'x'.repeat(11_000_000)}\n`);
    expect(await server.ended).toBe(0);
    expect(server.stderr).toContain('maximum size');
  });

  it('does not answer a call that is cancelled, and answers the next', async () => {
    const server = new RawServer(['--top-k', '100']);
    await server.initialize();
    server.send({ id: 70, method: 'tools/call', params: { ...WARRANTY, _meta: { progressToken: 'p' } } });
    // Reading has begun once it says how much there is to read.
    while (!server.lines.some((line) => line.includes('notifications/progress')))
      await once(server.child, 'line');
    server.send({ method: 'notifications/cancelled', params: { requestId: 70 } });
    await server.request('tools/call', { name: 'search', arguments: { question: 'warranty' } });
    await server.request('tools/call', WARRANTY);
    server.child.stdin?.end();
    expect(await server.ended).toBe(0);
    expect(server.lines.some((line) => (JSON.parse(line) as { id?: number }).id === 70)).toBe(false);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends on %s, in the middle of a call, too', async (signal) => {
    const server = new RawServer(['--top-k', '100']);
    await server.initialize();
    server.send({ id: 70, method: 'tools/call', params: { ...WARRANTY, _meta: { progressToken: 'p' } } });
    while (!server.lines.some((line) => line.includes('notifications/progress')))
      await once(server.child, 'line');
    server.child.kill(signal);
    expect(await server.ended).toBe(0);
  });

  it('ends before it is ready if nobody is there', async () => {
    const { code, stdout } = await runCli(['mcp']);
    expect([code, stdout]).toEqual([0, '']);
  });

  it('writes its log as JSON lines with --json', async () => {
    const corpus = temporaryFolder({ 'a.md': '# Apples\n\nThe apple is red.\n', 'b.pdf': 'no PDF' });
    const server = new RawServer(['--json', '--corpus', corpus]);
    await server.initialize();
    await server.request('tools/call', { name: 'search', arguments: { question: 'apple' } });
    server.child.stdin?.end();
    expect(await server.ended).toBe(0);
    const records = server.stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records).toEqual([
      expect.objectContaining({
        level: 'info',
        msg: expect.stringMatching(/^\[file-\w+(-\w+)?\] .*b\.pdf.* Left out\.$/) as string,
      }),
      expect.objectContaining({ level: 'info', msg: 'ready' }),
    ]);
  });

  it('takes every flag from the environment, too', async () => {
    const corpus = temporaryFolder({
      'a.md': '# Apples\n\nThe apple is red.\n\n## Pears\n\nNo apple is a pear.\n',
    });
    const client = newClient();
    const env = {
      VERBATIM_CORPUS: corpus,
      VERBATIM_TOP_K: '1',
      VERBATIM_WORKERS: '1',
      VERBATIM_PORT: '9',
      VERBATIM_THRESHOLD: '-100',
    };
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: [CLI, 'mcp'], env, stderr: 'ignore' }),
    );
    const result = await client.callTool({ name: 'answer', arguments: { question: 'Which apple?' } });
    expect(result.structuredContent).toMatchObject({ kind: 'no-answer', passagesRead: 1, threshold: -100 });
  });
});

describe('verbatim mcp, used wrongly', () => {
  it.each<[string, readonly string[], number, RegExp]>([
    ['an index that is not there', ['--index', 'missing'], 1, /^verbatim: \[index-not-found\]/],
    ['a corpus that is not there', ['--corpus', 'missing'], 1, /^verbatim: \[path-not-found\]/],
    ['a model that is not there', ['--model', './missing'], 1, /^verbatim: \[model-not-found\]/],
    ['both', ['--index', 'a', '--corpus', 'b'], 2, /^verbatim: \[invalid-option\].*cannot be used with/],
    ['an unknown flag', ['--frobnicate'], 2, /^verbatim: \[invalid-option\]/],
    ['an argument', ['kb'], 2, /^verbatim: \[invalid-option\]/],
    [
      'a port without --http',
      ['--port', '9000'],
      2,
      /^verbatim: \[invalid-option\] Expected --http beside --port: /,
    ],
    ['hosts without --http', ['--allow-host', 'a'], 2, /Expected --http beside --allow-host: /],
    [
      'a port that is none',
      ['--http', '--port', '70000'],
      2,
      /Expected a whole number from 0 to 65535, got "70000"\./,
    ],
    [
      'an open address without keys',
      ['--http', '--host', '0.0.0.0', '--port', '0'],
      2,
      /^verbatim: \[invalid-option\] Expected an API key .* --anonymous\.$/m,
    ],
  ])('ends and says why: %s', async (_, args, code, message) => {
    // Its input stays open, as a host's does.
    const server = new RawServer(args);
    expect([await server.ended, server.stderr]).toEqual([code, expect.stringMatching(message)]);
    expect(server.lines).toEqual([]);
  });

  it('names an address that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await runCli(['mcp', '--http', '--port', String(port)]);
    other.close();
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(`[address-unavailable] Cannot listen on 127.0.0.1:${port}`),
    ]);
  });

  it('helps', async () => {
    const { code, stdout } = await runCli(['mcp', '--help']);
    expect(code).toBe(0);
    for (const part of [
      'Examples:',
      'Exit codes: 0 ended, 1 failure, 2 wrong use.',
      '--index',
      '--allow-host',
      'VERBATIM_PORT',
    ]) {
      expect(stdout).toContain(part);
    }
  });
});

describe('verbatim mcp --http', () => {
  it('answers two clients of both revisions at once, and ends on SIGTERM', async () => {
    const server = await startHttp();
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
    const clients = await Promise.all(ERAS.map((era) => overHttp(server.url, era)));
    const results = await Promise.all([...clients, ...clients].map((client) => client.callTool(WARRANTY)));
    for (const result of results) expect(result.structuredContent).toMatchObject({ answer: 'two years' });
    expect((await clients[0]?.listResources())?.resources.length).toBe(39);
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(server.stdout()).toBe('');
  });

  it('lets a call finish that runs when it is told to stop', async () => {
    const server = await startHttp(['--top-k', '100']);
    const client = await overHttp(server.url);
    let onProgress: (() => void) | undefined;
    const reading = new Promise<void>((resolve) => (onProgress = resolve));
    const call = client.callTool(WARRANTY, { onprogress: () => onProgress?.() });
    await reading;
    server.child.kill('SIGTERM');
    expect((await call).structuredContent).toMatchObject({ kind: 'answer' });
    expect(await server.ended).toBe(0);
  });

  it('refuses hosts and origins that it does not know, which a web page might have made up', async () => {
    const server = await startHttp(['--allow-host', 'kb.example.org, other.example']);
    const port = new URL(server.url).port;
    const statusOf = async (headers: Record<string, string>, path = '/mcp'): Promise<number> =>
      new Promise((resolve, reject) => {
        const body = JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'initialize',
          params: {
            protocolVersion: '2025-06-18',
            capabilities: {},
            clientInfo: { name: 'x', version: '0' },
          },
        });
        const sent = request(
          {
            host: '127.0.0.1',
            port,
            path,
            method: 'POST',
            headers: {
              'Content-Type': 'application/json',
              Accept: 'application/json, text/event-stream',
              ...headers,
            },
          },
          (response) => {
            response.resume();
            resolve(response.statusCode ?? 0);
          },
        );
        sent.on('error', reject);
        sent.end(body);
      });
    const cases: readonly [Record<string, string>, number][] = [
      [{}, 200],
      [{ Host: `localhost:${port}` }, 200],
      [{ Host: `[::1]:${port}` }, 200],
      [{ Host: 'kb.example.org' }, 200],
      [{ Host: 'KB.example.org:443' }, 200],
      [{ Host: 'evil.example' }, 403],
      [{ Host: `evil.example:${port}` }, 403],
      [{ Host: '127.0.0.1.evil.example' }, 403],
      [{ Origin: 'http://localhost:3000' }, 200],
      [{ Origin: 'https://kb.example.org' }, 200],
      [{ Origin: 'https://evil.example' }, 403],
      [{ Origin: 'null' }, 403],
      [{ Origin: 'https://localhost.evil.example' }, 403],
    ];
    for (const [headers, status] of cases)
      expect([headers, await statusOf(headers)]).toEqual([headers, status]);
    expect(await statusOf({}, '/')).toBe(404);
    expect(await statusOf({}, '/mcp?x=1')).toBe(200);
    expect(await statusOf({ 'Content-Type': 'text/plain' })).toBe(415);
  });

  it('refuses what is no message, too much, and sessions that there are not', async () => {
    const { url } = await startHttp();
    const post = async (body: string, headers: Record<string, string> = {}): Promise<[number, unknown]> => {
      const response = await fetch(url, {
        method: 'POST',
        body,
        headers: {
          'Content-Type': 'application/json',
          Accept: 'application/json, text/event-stream',
          ...headers,
        },
      });
      return [response.status, await response.json().catch(() => null)];
    };
    const error = (code: number): unknown =>
      expect.objectContaining({ error: expect.objectContaining({ code }) as unknown });
    expect(await post('{')).toEqual([400, error(-32700)]);
    expect(await post('{}')).toEqual([400, error(-32600)]);
    expect(await post('')).toEqual([400, error(-32700)]);
    const ping = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
    expect(await post(ping)).toEqual([400, error(-32000)]);
    expect(await post(ping, { 'Mcp-Session-Id': 'made-up' })).toEqual([404, error(-32001)]);
    expect(
      await post(
        JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping', params: { x: 'x'.repeat(1_000_001) } }),
      ),
    ).toEqual([413, expect.anything()]);
    for (const method of ['GET', 'PUT'])
      expect((await fetch(url, { method, headers: { Accept: 'text/event-stream' } })).status).toBe(405);
    // It lives.
    const client = await overHttp(url);
    expect((await client.callTool(WARRANTY)).structuredContent).toMatchObject({ kind: 'answer' });
  });

  it('wants the keys that verbatim serve would', async () => {
    const cwd = temporaryFolder();
    const created = await runCli(['keys', 'create', '--name', 'assistant', '--json'], { cwd });
    const { token } = JSON.parse(created.stdout) as { token: string };
    const server = await startHttp(['--host', '0.0.0.0'], { cwd });
    const url = server.url.replace('0.0.0.0', '127.0.0.1');
    const refused = await fetch(url, { method: 'POST', body: '{}' });
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer realm="verbatim"',
    ]);
    await expect(overHttp(url, '2025-11-25', { Authorization: 'Bearer vq_wrong' })).rejects.toThrow();
    for (const era of ERAS) {
      const client = await overHttp(url, era, { Authorization: `Bearer ${token}` });
      expect((await client.listTools()).tools).toHaveLength(3);
    }
  });
});

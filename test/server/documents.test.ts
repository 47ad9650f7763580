import { request as httpRequest } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { describe, expect, it, onTestFinished } from 'vitest';
import { KnowledgeBase } from '../../src/index.js';
import { createApp } from '../../src/server/index.js';
import { splitLines } from '../../src/server/http/split-lines.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { contractClient, type Client } from './support/contract.js';
import { reply } from './support/reply.js';
import { serve, serverDeps } from './support/serve.js';

const client = async (): Promise<Client> => contractClient(await serve());
const at = (id: string): string => `/v1/documents/${encodeURIComponent(id)}`;

/** Lines of an NDJSON response. */
const linesOf = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('PUT /v1/documents/:id', () => {
  it('puts a text in, which the next search finds, and replaces it', async () => {
    const server = await client();
    const added = await server
      .put(at('a'))
      .send({ text: 'Zebras have 44 teeth.', title: 'Zebras' })
      .expect(201);
    expect(added.body).toEqual({ id: 'a', added: 1, changed: 0, removed: 0, unchanged: 0 });
    const asked = await server.post('/v1/answer').send({ question: 'How many teeth has a zebra?' });
    expect(asked.body).toMatchObject({
      answer: '44 teeth',
      citations: [{ documentId: 'a', title: 'Zebras' }],
    });
    const same = await server
      .put(at('a'))
      .send({ text: 'Zebras have 44 teeth.', title: 'Zebras' })
      .expect(200);
    expect(same.body).toMatchObject({ unchanged: 1 });
    const changed = await server.put(at('a')).send({ text: 'Zebras have 40 teeth.' }).expect(200);
    expect(changed.body).toMatchObject({ changed: 1 });
  });

  it('reads Markdown and HTML; what the request says stands above what the content says', async () => {
    const server = await client();
    await server
      .put(at('m'))
      .send({ markdown: '---\ntags: [a]\n---\n# Own title\n\nSome *text*.' })
      .expect(201);
    expect((await server.get(at('m'))).body).toMatchObject({
      title: 'Own title',
      metadata: { tags: ['a'] },
      text: 'Own title\n\nSome text.',
    });
    await server.put(at('m')).send({
      markdown: '# Own title\n\nText.',
      title: 'Given',
      uri: 'https://x.example',
      tags: ['b'],
      date: '2026-02-28',
    });
    expect((await server.get(at('m'))).body).toMatchObject({
      title: 'Given',
      uri: 'https://x.example',
      metadata: { tags: ['b'], date: '2026-02-28' },
    });
    await server
      .put(at('h'))
      .send({ html: '<title>Page</title><p>Some <b>text</b>.</p><script>no</script>' });
    expect((await server.get(at('h'))).body).toMatchObject({ title: 'Page', text: 'Some text.' });
  });

  it.each([
    ['no content', {}],
    ['two contents', { text: 'a', markdown: 'b' }],
    ['an empty text', { text: '' }],
    ['a date that is none', { text: 'a', date: '2026-02-30' }],
    ['an id in the body', { text: 'a', id: 'b' }],
  ])('refuses %s', async (_what, body) => {
    const response = await (await client()).put(at('a')).send(body).expect(400);
    expect(response.body).toMatchObject({ code: 'invalid-request' });
  });
});

describe('document ids', () => {
  it.each([
    '../../etc/passwd',
    '..',
    '.',
    'guides/a b?c#d%.md',
    '%2e%2e%2f',
    "'; DROP TABLE documents; --",
    '😀',
    '__proto__',
    'x'.repeat(2048),
  ])('are opaque keys: %j', async (id) => {
    const deps = await serverDeps();
    const server = createApp(deps).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    /** Sends the path as it is, which clients that resolve dots do not. */
    const send = async (method: string, body?: object): Promise<number | undefined> => {
      const path = at(id).replaceAll('.', '%2E');
      const sent = httpRequest({ port, method, path, headers: { 'Content-Type': 'application/json' } });
      sent.end(body && JSON.stringify(body));
      const [response] = (await once(sent, 'response')) as [{ statusCode?: number; resume: () => void }];
      response.resume();
      return response.statusCode;
    };
    expect(await send('PUT', { text: 'Some text.' })).toBe(201);
    expect((await deps.knowledgeBase.get(id))?.text).toBe('Some text.');
    expect(await send('GET')).toBe(200);
    expect(await send('DELETE')).toBe(200);
    expect(await send('GET')).toBe(404);
  });

  it.each([
    ['with a control character', 'a%0d%0aSet-Cookie:%20a=b'],
    ['with a zero', 'a%00b'],
    ['longer than 2048 characters', 'x'.repeat(2049)],
    ['with damaged percent-encoding', 'a%zz'],
    ['that are no UTF-8', '%ff'],
  ])('%s are refused', async (_what, path) => {
    const app = await serve();
    for (const method of ['get', 'delete'] as const) {
      const { body, headers } = reply(await request(app)[method](`/v1/documents/${path}`).expect(400));
      expect(body).toMatchObject({ code: 'invalid-request' });
      expect(headers['set-cookie']).toBeUndefined();
    }
  });
});

describe('GET and DELETE /v1/documents/:id', () => {
  it('give 404 for what is not there', async () => {
    const server = await client();
    expect((await server.get(at('no')).expect(404)).body).toMatchObject({ code: 'document-not-found' });
    expect((await server.delete(at('no')).expect(404)).body).toMatchObject({ code: 'document-not-found' });
  });
});

describe('GET /v1/documents', () => {
  it('lists all documents in the order of their ids, page by page', async () => {
    const server = await client();
    const ids: string[] = [];
    for (let after: string | undefined = ''; after !== undefined;) {
      const { body } = reply(
        await server.get(`/v1/documents?limit=2&after=${encodeURIComponent(after)}`).expect(200),
      );
      const page = body as { documents: { id: string }[]; next?: string };
      ids.push(...page.documents.map(({ id }) => id));
      after = page.next;
    }
    expect(ids).toEqual(['colours.md', 'guides/returns.md', 'guides/warranty.md']);
  });

  it('refuses a limit out of range', async () => {
    await (await client()).get('/v1/documents?limit=1001').expect(400);
  });
});

describe('POST /v1/documents', () => {
  const ndjson = async (server: Client, body: string | Buffer): Promise<Record<string, unknown>[]> => {
    const { text } = await server
      .post('/v1/documents')
      .set('Content-Type', 'application/x-ndjson')
      .send(body)
      .buffer(true)
      .parse((response, done) => {
        let received = '';
        response.on('data', (chunk: Buffer) => (received += chunk.toString()));
        response.on('end', () => {
          (response as unknown as { text: string }).text = received;
          done(null, received);
        });
      })
      .expect(200);
    return linesOf(text);
  };

  it('answers every line by a line, refuses bad ones by number and goes on with the rest', async () => {
    const server = await client();
    const long = JSON.stringify({ id: 'long', text: 'x'.repeat(1_000_001) });
    const body = Buffer.concat([
      Buffer.from('{"id":"a","text":"Zebras have 44 teeth."}\r\n\n{"id":"b"}\nno JSON\n'),
      Buffer.from([0x22, 0xff, 0x22, 0x0a]),
      Buffer.from(`${long}\n{"id":"c","text":"x","__proto__":{}}\n{"id":"d","markdown":"# D"}`),
    ]);
    const lines = await ndjson(server, body);
    expect(lines.map(({ line, status }) => [line, status])).toEqual([
      [1, 'committed'],
      [3, 'refused'],
      [4, 'refused'],
      [5, 'refused'],
      [6, 'refused'],
      [7, 'refused'],
      [8, 'committed'],
      [undefined, 'done'],
    ]);
    expect(lines.map(({ problem }) => (problem as { code: string } | undefined)?.code)).toEqual([
      undefined,
      'invalid-request',
      'malformed-json',
      'invalid-utf8',
      'body-too-large',
      'forbidden-key',
      undefined,
      undefined,
    ]);
    expect(lines.at(-1)).toEqual({ status: 'done', added: 2, changed: 0, unchanged: 0, refused: 5 });
    await server.get(at('a')).expect(200);
    await server.get(at('d')).expect(200);
  });

  it('takes a stream without lines', async () => {
    expect(await ndjson(await client(), '\n')).toEqual([
      { status: 'done', added: 0, changed: 0, unchanged: 0, refused: 0 },
    ]);
  });

  it('has a document on disk when its line is answered, while the stream goes on', async () => {
    const deps = await serverDeps();
    const server = createApp(deps).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const headers = { 'Content-Type': 'application/x-ndjson' };
    const sent = httpRequest({ port, method: 'POST', path: '/v1/documents', headers });
    sent.write('{"id":"first","text":"One."}\n{"id":"second",');
    const [response] = (await once(sent, 'response')) as [NodeJS.ReadableStream];
    const [line] = (await once(response, 'data')) as [Buffer];
    expect(JSON.parse(line.toString())).toMatchObject({ line: 1, status: 'committed', id: 'first' });
    expect(await deps.knowledgeBase.get('first')).toBeDefined();
    expect(await deps.knowledgeBase.get('second')).toBeUndefined();
    sent.end('"text":"Two."}\n');
    const rest: Buffer[] = [];
    for await (const chunk of response) rest.push(chunk as Buffer);
    expect(linesOf(Buffer.concat(rest).toString()).map(({ status }) => status)).toEqual([
      'committed',
      'done',
    ]);
  });

  it('refuses another content type', async () => {
    const server = await client();
    await server.post('/v1/documents').send({ id: 'a', text: 'b' }).expect(415);
  });
});

describe('an index that cannot be changed', () => {
  it('answers 403 without naming its folder', async () => {
    const folder = temporaryFolder();
    const writer = await KnowledgeBase.open(folder, { write: true });
    await writer.close();
    const readOnly = await KnowledgeBase.open(folder);
    onTestFinished(() => readOnly.close());
    const server = await contractClient(await serve({ knowledgeBase: readOnly }));
    const { body, text } = reply(await server.put(at('a')).send({ text: 'b' }).expect(403));
    expect(body).toMatchObject({ code: 'index-read-only' });
    expect(text).not.toContain(folder);
  });
});

describe('a server without an index', () => {
  it('answers 404 with the code no-index', async () => {
    const { knowledgeBase, ...deps } = await serverDeps();
    expect(knowledgeBase).toBeDefined();
    const server = await contractClient(createApp(deps));
    for (const response of [
      await server.get('/v1/documents'),
      await server.get(at('a')),
      await server.put(at('a')).send({ text: 'b' }),
      await server.delete(at('a')),
      await server.post('/v1/documents').set('Content-Type', 'application/x-ndjson').send('{}\n'),
    ]) {
      expect(response.body).toMatchObject({ status: 404, code: 'no-index' });
    }
  });
});

describe('splitLines', () => {
  it('gives the same lines however the bytes arrive', async () => {
    const text = 'one\r\ntwo 😀\n\nfour';
    const bytes = Buffer.from(text);
    for (let size = 1; size <= bytes.length; size++) {
      const chunks = async function* (): AsyncGenerator<Uint8Array> {
        for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
      };
      const lines: string[] = [];
      for await (const group of splitLines(chunks(), 100)) {
        for (const line of group) {
          expect(line.number).toBe(lines.length + 1);
          lines.push(Buffer.from(line.bytes ?? []).toString());
        }
      }
      expect(lines).toEqual(['one', 'two 😀', '', 'four']);
    }
  });
});

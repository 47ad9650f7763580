import { describe, expect, it } from 'vitest';
import { readMarkdown } from '../../src/ingest/index.js';
import type { Retriever } from '../../src/retriever/index.js';
import { createApp } from '../../src/server/index.js';
import { contractClient, type Client } from './support/contract.js';
import { reply } from './support/reply.js';
import { serve, serverDeps } from './support/serve.js';

interface Suggestions {
  readonly suggestions: readonly { readonly text: string; readonly kind: string; readonly uri: string }[];
}

const client = async (): Promise<Client> => contractClient(await serve());

async function texts(server: Client, typed: string, more = ''): Promise<string[]> {
  const { body } = reply(await server.get(`/v1/suggest?q=${encodeURIComponent(typed)}${more}`).expect(200));
  return (body as Suggestions).suggestions.map(({ text }) => text);
}

describe('GET /v1/suggest', () => {
  it('completes the word being typed, and puts questions before topics', async () => {
    const server = await client();
    expect(await texts(server, 'warr')).toEqual(['How long is the warranty?', 'Warranty']);
    expect(await texts(server, 'How do I cl')).toEqual(['How do I claim?']);
    const { body } = reply(await server.get('/v1/suggest?q=warr&limit=1').expect(200));
    expect(body).toEqual({
      suggestions: [
        {
          text: 'How long is the warranty?',
          kind: 'question',
          documentId: 'guides/warranty.md',
          title: 'Warranty',
          uri: 'https://lamps.example/guides/warranty.md',
        },
      ],
    });
  });

  it('suggests headings whatever case and accents are typed', async () => {
    const document = readMarkdown('# Café\n\n## Où est la clé ?\n\nSous le paillasson.', {
      id: 'a.md',
      title: '',
      uri: '',
    });
    const server = await contractClient(await serve({ documents: [document] }));
    expect(await texts(server, 'OU EST LA CLE')).toEqual(['Où est la clé ?']);
    expect(await texts(server, 'caf')).toEqual(['Café']);
  });

  it('suggests nothing where no word is known or typed', async () => {
    const server = await client();
    expect(await texts(server, 'zzzz')).toEqual([]);
    expect(await texts(server, '😀 ?!')).toEqual([]);
    expect(await texts(server, ' ')).toEqual([]);
    expect(await texts(server, 'w')).toEqual([]);
  });

  it('sees a document as soon as it is in, and no longer once it is out', async () => {
    const server = await client();
    await server
      .put('/v1/documents/new')
      .send({ markdown: '# Zebra crossings\n\nBlack and white.' })
      .expect(201);
    expect(await texts(server, 'zeb')).toEqual(['Zebra crossings']);
    await server.delete('/v1/documents/new').expect(200);
    expect(await texts(server, 'zeb')).toEqual([]);
  });

  it('suggests for whole words where the retriever completes none', async () => {
    const deps = await serverDeps();
    const retriever: Retriever = {
      retrieve: (question, options) => deps.knowledgeBase.retrieve(question, options),
    };
    const server = await contractClient(createApp({ ...deps, verbatim: { ...deps.verbatim, retriever } }));
    expect(await texts(server, 'warranty')).toEqual(['How long is the warranty?', 'Warranty']);
  });

  it('answers 304 to a client that has them', async () => {
    const server = await client();
    const { headers } = await server.get('/v1/suggest?q=warr').expect(200);
    await server
      .get('/v1/suggest?q=warr')
      .set('If-None-Match', headers['etag'] ?? '')
      .expect(304);
  });

  it.each([
    ['nothing typed', ''],
    ['more than a question may have', `q=${'x'.repeat(2001)}`],
    ['a limit of 0', 'q=a&limit=0'],
    ['a limit of 21', 'q=a&limit=21'],
    ['an unknown parameter', 'q=a&page=2'],
  ])('refuses %s', async (_what, query) => {
    const { body } = reply(await (await client()).get(`/v1/suggest?${query}`).expect(400));
    expect(body).toMatchObject({ code: 'invalid-request' });
  });
});

import type { ListResourcesResult } from '@modelcontextprotocol/client';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentIdOf, documentUri } from '../../src/mcp/document-uri.js';
import { documentsInMemory } from '../../src/mcp/index.js';
import { KnowledgeBase } from '../../src/retriever/index.js';
import { lampDocuments } from '../server/support/documents.js';
import { serverDeps } from '../server/support/serve.js';
import { markdown } from '../support/documents.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { connect, ERAS } from './support/connect.js';

describe.each(ERAS)('documents, to a client of %s', (era) => {
  it('are resources with their titles, addresses and texts', async () => {
    const client = await connect({}, era);
    const { resources, nextCursor } = await client.listResources();
    expect(nextCursor).toBeUndefined();
    expect(resources).toEqual([
      {
        uri: 'verbatim://document/colours.md',
        name: 'colours.md',
        title: 'Colours',
        description: 'https://lamps.example/colours.md',
        mimeType: 'text/plain',
      },
      expect.objectContaining({ uri: 'verbatim://document/guides%2Freturns.md', name: 'guides/returns.md' }),
      expect.objectContaining({ name: 'guides/warranty.md' }),
    ]);
    for (const document of lampDocuments()) {
      const { contents } = await client.readResource({ uri: documentUri(document.id) });
      expect(contents).toEqual([
        { uri: documentUri(document.id), mimeType: 'text/plain', text: document.text },
      ]);
    }
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(['verbatim://document/{id}']);
  });

  it('are listed in pages, each of them once', async () => {
    const documents = Array.from({ length: 250 }, (_, i) =>
      markdown(`page ${i}/ä?#%.md`, `# Page ${i}\n\nText ${i}.\n`),
    );
    const client = await connect({ documents }, era);
    const pages: string[][] = [];
    for (let cursor: string | undefined = '', params = {}; cursor !== undefined; params = { cursor }) {
      // `listResources` would put the pages together.
      const page: ListResourcesResult = await client.request({ method: 'resources/list', params });
      pages.push(page.resources.map(({ name }) => name));
      cursor = page.nextCursor;
    }
    expect(pages.map(({ length }) => length)).toEqual([100, 100, 50]);
    expect(new Set(pages.flat())).toEqual(new Set(documents.map(({ id }) => id)));
    const { contents } = await client.readResource({ uri: documentUri('page 7/ä?#%.md') });
    expect(contents[0]).toMatchObject({ text: expect.stringContaining('Text 7.') as string });
  });

  it('that there are not, and cursors of others, are refused', async () => {
    const client = await connect({}, era);
    for (const uri of [
      'verbatim://document/missing',
      'verbatim://document/%',
      'verbatim://document/',
      'file:///etc/passwd',
      'no uri',
    ]) {
      await expect(client.readResource({ uri })).rejects.toMatchObject({
        message: expect.stringContaining(uri) as string,
      });
    }
    for (const cursor of ['guides', 'bm8gSlNPTg', Buffer.from('{"after":7}').toString('base64url')]) {
      await expect(client.listResources({ cursor })).rejects.toMatchObject({ code: -32602 });
    }
  });

  it('are those of the index as it is at the moment', async () => {
    const { verbatim, knowledgeBase } = await serverDeps();
    const client = await connect({ deps: Promise.resolve({ verbatim, documents: knowledgeBase }) }, era);
    const names = async (): Promise<string[]> =>
      (await client.listResources()).resources.map(({ name }) => name);
    const before = await names();
    await knowledgeBase.upsert([markdown('aaa.md', '# New\n\nText.\n')]);
    expect(await names()).toEqual(['aaa.md', ...before]);
  });
});

describe('the address of a document', () => {
  it('gives its id again, whatever that is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (id) => {
        expect(documentIdOf(documentUri(id))).toBe(id);
        expect(URL.canParse(documentUri(id))).toBe(true);
      }),
    );
    expect(documentIdOf(documentUri('../..'))).toBe('../..');
  });
});

describe('documents in memory', () => {
  it('are listed as a knowledge base lists them', async () => {
    const documents = ['b', 'a', 'é', 'a/b', 'B', '10', '9'].map((id) => markdown(id, `# ${id}\n\nText.\n`));
    const memory = documentsInMemory(documents);
    const knowledgeBase = await KnowledgeBase.open(temporaryFolder(), { write: true });
    await knowledgeBase.upsert(documents);
    for (const limit of [1, 2, 3, 7, 100]) {
      for (const source of [memory, knowledgeBase]) {
        const ids: string[] = [];
        let pages = 0;
        for (let after: string | undefined = ''; after !== undefined; pages++) {
          const page: Awaited<ReturnType<typeof source.list>> = await source.list({ after, limit });
          ids.push(...page.documents.map(({ id }) => id));
          after = page.next;
        }
        expect([ids, pages]).toEqual([['10', '9', 'B', 'a', 'a/b', 'b', 'é'], Math.ceil(7 / limit)]);
      }
    }
    await knowledgeBase.close();
    expect((await memory.get('a/b'))?.title).toBe('a/b');
    expect(await memory.get('c')).toBeUndefined();
    expect(await documentsInMemory([]).list({ limit: 10 })).toEqual({ documents: [] });
  });
});

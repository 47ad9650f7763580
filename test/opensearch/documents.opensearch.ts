import { randomUUID } from 'node:crypto';
import { Client } from '@opensearch-project/opensearch';
import { afterAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import type { Passage } from '../../src/core/passage.js';
import { documentsRetriever, fieldValues, hitsFromOpenSearch, sourceSpan } from '../../src/engines/index.js';
import { createVerbatim } from '../../src/index.js';
import { describeRetriever } from '../contract/retriever-contract.js';
import { errorOf } from '../support/error-of.js';

const client = new Client({ node: inject('openSearchNode') });
afterAll(() => client.close());

/** An index with the mapping that OpenSearch makes of the documents by itself, or with this one. */
async function indexOf(
  documents: readonly (readonly [id: string, source: Record<string, unknown>])[],
  mappings: Record<string, unknown> = {},
): Promise<string> {
  const index = `documents-${randomUUID()}`;
  await client.indices.create({ index, body: { settings: { number_of_replicas: 0 }, mappings } });
  onTestFinished(async () => {
    await client.indices.delete({ index });
  });
  const body = documents.flatMap(([_id, source]) => [{ index: { _id } }, source]);
  if (body.length > 0) await client.bulk({ index, refresh: true, body });
  return index;
}

const whole = 'an index of others holds whole documents with fields of its own';
describeRetriever(
  'documentsRetriever on OpenSearch',
  async (passages: readonly Passage[]) => {
    const index = await indexOf(
      passages.map(({ documentId, title, text, uri }) => [documentId, { title, body: text, url: uri }]),
      { properties: { title: { type: 'text' }, body: { type: 'text' }, url: { type: 'keyword' } } },
    );
    const fields = { textField: 'body', titleField: 'title', uriField: 'url' };
    const retriever = documentsRetriever({ client, index, ...fields });
    return { retriever, close: () => retriever.close() };
  },
  {
    exactScores: false,
    functionFilters: false,
    cannot: {
      'BM25 scores': 'the scores of multi_match carry a constant factor',
      folding: 'the standard analyzer tells accents apart',
      'order of equal scores': 'the engine orders them: sorting by _id is switched off in many clusters',
      ...{ 'parts of documents': whole, explanations: whole, criteria: whole },
    },
  },
);

describe('documentsRetriever on OpenSearch', () => {
  it('answers from nested fields, lists and HTML of an index that is there already', async () => {
    const source = {
      meta: { title: 'The <i>warranty</i>', url: 'https://help.example/warranty' },
      sections: [
        { body: 'It begins on the day of delivery.' },
        { body: '<p>It lasts <b>two&nbsp;years</b>.</p>' },
      ],
    };
    const index = await indexOf([
      ['w', source],
      ['e', { meta: { title: 'Warranty, empty' } }],
    ]);
    const retriever = documentsRetriever({
      ...{ client, index, textField: 'sections.body', titleField: 'meta.title', uriField: 'meta.url' },
      fields: ['meta.title^2', 'sections.body'],
    });
    const found = await retriever.retrieve('How long does the warranty last?');
    expect(found).toMatchObject([{ documentId: 'w', title: 'The warranty', uri: source.meta.url, rank: 1 }]);
    await using qa = await createVerbatim({ retriever });
    const result = await qa.ask('How long does the warranty last?');
    const [citation] = result.kind === 'answer' ? result.citations : [];
    const span = citation && found[0] && sourceSpan(found[0], citation);
    expect(citation?.quote).toContain('years');
    expect(span && fieldValues(source, span.field)[span.item]?.slice(span.start, span.end)).toMatch(/years/u);
  });

  it('reads what the engine highlights, back to the place in the field', async () => {
    const body = `${'Nothing to see here. '.repeat(400)}The hub restarts after 30 seconds. ${'More. '.repeat(400)}`;
    const index = await indexOf([['a', { body }]]);
    const response = await client.search({
      index,
      body: {
        query: { match: { body: 'hub restarts' } },
        highlight: { fields: { body: { number_of_fragments: 2 } } },
      },
    });
    const [hit] = hitsFromOpenSearch(response, { textField: 'body', read: 'highlight' });
    expect(hit?.text.length).toBeLessThan(400);
    const start = hit?.text.indexOf('30 seconds') ?? -1;
    const span = hit && sourceSpan(hit, { start, end: start + 10 });
    expect(body.slice(span?.start, span?.end)).toBe('30 seconds');
  });

  it('searches by a query of its own', async () => {
    const index = await indexOf([
      ['a', { body: 'hub', lang: 'en' }],
      ['b', { body: 'hub', lang: 'de' }],
    ]);
    const query = (question: string): Record<string, unknown> => ({
      bool: { must: { match: { body: question } }, filter: { match: { lang: 'de' } } },
    });
    const retriever = documentsRetriever({ client, index, textField: 'body', query });
    expect((await retriever.retrieve('hub')).map(({ documentId }) => documentId)).toEqual(['b']);
  });

  it('says that there is no such index, and what is wrong with a query', async () => {
    const missing = documentsRetriever({ client, index: 'never-made', textField: 'body' });
    const error = await errorOf(() => missing.retrieve('hub'));
    expect(error.code).toBe('engine-refused');
    expect(error.message).toBe(
      'The search engine of index never-made refused the request: HTTP 404, no such index [never-made].',
    );
    const index = await indexOf([['a', { body: 'hub' }]]);
    const wrong = documentsRetriever({ client, index, textField: 'body', query: () => ({ nonsense: {} }) });
    expect((await errorOf(() => wrong.retrieve('hub'))).message).toContain('unknown query [nonsense]');
  });
});

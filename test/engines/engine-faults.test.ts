import { inspect } from 'node:util';
import { Client as ElasticsearchClient } from '@elastic/elasticsearch';
import { Client as OpenSearchClient } from '@opensearch-project/opensearch';
import { Meilisearch } from 'meilisearch';
import { Client as TypesenseClient } from 'typesense';
import { describe, expect, it } from 'vitest';
import { wholePassage } from '../../src/core/passage.js';
import {
  documentsRetriever,
  meilisearchRetriever,
  typesenseRetriever,
  type EngineRetriever,
  type EngineRetrieverOptions,
} from '../../src/engines/index.js';
import { startStandIn, type StandInAnswer } from '../support/engine-stand-in.js';
import { errorOf } from '../support/error-of.js';
import { openElasticsearch, openMeilisearch, openTypesense } from '../support/search-stand-ins.js';

const FIELDS = { textField: 'body', titleField: 'title' };

/** Each engine: its client on a server that answers like this, on a port where nothing listens, and the errors that it documents. */
const ENGINES = [
  {
    name: 'Elasticsearch',
    open: async (answer: StandInAnswer, options: Partial<EngineRetrieverOptions> = {}) => {
      const { client } = await openElasticsearch([], answer);
      return documentsRetriever({ client, index: 'kb', ...FIELDS, ...options });
    },
    down: () => {
      const client = new ElasticsearchClient({ node: 'http://127.0.0.1:2', maxRetries: 0 });
      return documentsRetriever({ client, index: 'kb', ...FIELDS });
    },
    missing: { error: { type: 'index_not_found_exception', reason: 'no such index [kb]' }, status: 404 },
    refused: { error: { type: 'security_exception', reason: 'missing authentication' }, status: 401 },
    empty: { hits: { hits: [{ _id: 'a', _source: { other: 'x' } }] } },
  },
  {
    name: 'OpenSearch',
    open: async (answer: StandInAnswer, options: Partial<EngineRetrieverOptions> = {}) => {
      const { node } = await startStandIn(answer);
      const client = new OpenSearchClient({ node, maxRetries: 0 });
      return documentsRetriever({ client, index: 'kb', ...FIELDS, ...options });
    },
    down: () => {
      const client = new OpenSearchClient({ node: 'http://127.0.0.1:2', maxRetries: 0 });
      return documentsRetriever({ client, index: 'kb', ...FIELDS });
    },
    missing: { error: { type: 'index_not_found_exception', reason: 'no such index [kb]' }, status: 404 },
    refused: { error: { type: 'security_exception', reason: 'no permissions' }, status: 401 },
    empty: { hits: { hits: [{ _id: 'a', _source: { other: 'x' } }] } },
  },
  {
    name: 'Meilisearch',
    open: async (answer: StandInAnswer, options: Partial<EngineRetrieverOptions> = {}) => {
      const { client } = await openMeilisearch([], answer);
      return meilisearchRetriever({ client, index: 'kb', ...FIELDS, ...options });
    },
    down: () => {
      const client = new Meilisearch({ host: 'http://127.0.0.1:2', apiKey: 's3cret-key' });
      return meilisearchRetriever({ client, index: 'kb', ...FIELDS });
    },
    missing: {
      ...{ message: 'Index `kb` not found.', code: 'index_not_found', type: 'invalid_request' },
      link: 'https://docs.meilisearch.com/errors#index_not_found',
    },
    refused: {
      ...{ message: 'The provided API key is invalid.', code: 'invalid_api_key', type: 'auth' },
      link: 'https://docs.meilisearch.com/errors#invalid_api_key',
    },
    empty: { hits: [{ id: 1, other: 'x' }] },
  },
  {
    name: 'Typesense',
    open: async (answer: StandInAnswer, options: Partial<EngineRetrieverOptions> = {}) => {
      const { client } = await openTypesense([], answer);
      return typesenseRetriever({ client, collection: 'kb', ...FIELDS, ...options });
    },
    down: () => {
      const nodes = [{ host: '127.0.0.1', port: 2, protocol: 'http' }];
      const client = new TypesenseClient({ nodes, apiKey: 's3cret-key', numRetries: 0, logLevel: 'silent' });
      return typesenseRetriever({ client, collection: 'kb', ...FIELDS });
    },
    missing: { message: 'Not found.' },
    refused: { message: 'Forbidden - a valid `x-typesense-api-key` header must be sent.' },
    empty: { hits: [{ document: { id: 'a', other: 'x' } }] },
  },
];

describe.each(ENGINES)('a retriever on $name', ({ open, down, missing, refused, empty }) => {
  const failing = async (retriever: EngineRetriever): Promise<[string, string]> => {
    const error = await errorOf(() => retriever.retrieve('how long is the warranty'));
    expect(inspect(error, { depth: 20 })).not.toContain('s3cret');
    return [error.code, error.message];
  };

  it('says that an engine is down', async () => {
    const [code, message] = await failing(down());
    expect(code).toBe('engine-unavailable');
    expect(message).toContain('is not available');
    expect(message).toContain('ECONNREFUSED');
  });

  it('says that an engine is overloaded', async () => {
    const [code, message] = await failing(await open(() => ({ status: 503, body: { message: 'busy' } })));
    expect(code).toBe('engine-unavailable');
    expect(message).toContain('HTTP 503');
  });

  it('says that there is no such index', async () => {
    const [code, message] = await failing(await open(() => ({ status: 404, body: missing })));
    expect(code).toBe('engine-refused');
    expect(message).toMatch(/kb refused the request: HTTP 404, .*not found|no such index/iu);
  });

  it('says that the credentials are refused', async () => {
    const [code, message] = await failing(await open(() => ({ status: 401, body: refused })));
    expect(code).toBe('engine-refused');
    expect(message).toContain('refused the credentials: HTTP 401');
  });

  it('says that something else answers', async () => {
    const [code, message] = await failing(await open(() => ({ body: { status: 'ok' } })));
    expect(code).toBe('engine-refused');
    expect(message).toContain('answered with something else than hits');
  });

  it('says that no document found has the text field, which would look like no answer', async () => {
    const [code, message] = await failing(await open(() => ({ body: empty })));
    expect(code).toBe('engine-refused');
    expect(message).toContain('found 1 documents, none of which has a text in body');
  });

  it('gives up on an engine that is too slow, and breaks the request off', async () => {
    let broken: Promise<unknown> | undefined;
    const retriever = await open(
      (_, { response }) => {
        broken = new Promise((resolve) => response.once('close', () => resolve(response.writableFinished)));
        return new Promise(() => undefined);
      },
      { timeoutMs: 150 },
    );
    const [code, message] = await failing(retriever);
    expect(code).toBe('engine-unavailable');
    expect(message).toMatch(/no answer within 150 ms|timed out/iu);
    expect(await broken).toBe(false);
  });

  it('cancels the search when its signal is aborted, and ends with its reason', async () => {
    const controller = new AbortController();
    let broken: Promise<unknown> | undefined;
    const retriever = await open((_, { response }) => {
      broken = new Promise((resolve) => response.once('close', () => resolve(response.writableFinished)));
      controller.abort(new Error('enough'));
      return new Promise(() => undefined);
    });
    await expect(retriever.retrieve('hub', { signal: controller.signal })).rejects.toThrow('enough');
    expect(await broken).toBe(false);
  });

  it('searches no more once it is closed', async () => {
    const retriever = await open(() => ({ status: 500 }));
    await retriever.close();
    expect((await errorOf(() => retriever.retrieve('hub'))).code).toBe('closed');
  });
});

describe('a retriever', () => {
  it.each([0, 1.5, 2 ** 31])('refuses a time limit of %d ms', async (timeoutMs) => {
    const { client } = await openMeilisearch();
    const make = (): unknown => meilisearchRetriever({ client, index: 'kb', textField: 'body', timeoutMs });
    expect((await errorOf(make)).message).toContain('Expected timeoutMs to be');
  });

  it('refuses an engine that is not Elasticsearch with its client, saying so', async () => {
    const { node } = await startStandIn(() => ({ body: { hits: { hits: [] } } }));
    const client = new ElasticsearchClient({ node });
    const retriever = documentsRetriever({ client, index: 'kb', textField: 'body' });
    const error = await errorOf(() => retriever.retrieve('hub'));
    expect(error.code).toBe('engine-refused');
    expect(error.message).toContain('is another engine');
  });

  it('refuses a name of an index that would find several or none', async () => {
    const { client } = await openElasticsearch();
    const error = await errorOf(() => documentsRetriever({ client, index: 'a,b', textField: 'body' }));
    expect(error.message).toContain('Expected index to be the name of one index or alias');
  });

  it('asks for its fields alone, and passes on what is the engine’s own', async () => {
    const { client, requests } = await openMeilisearch();
    const own = {
      client,
      index: 'kb',
      textField: 'a.b',
      titleField: 't',
      parameters: { filter: 'lang = en' },
    };
    await meilisearchRetriever(own).retrieve('hub', { topK: 7 });
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      ...{ q: 'hub', limit: 7, showRankingScore: true, filter: 'lang = en' },
      attributesToRetrieve: ['a', 'a.b', 't', 'id'],
    });
    const elastic = await openElasticsearch([], () => ({ body: { hits: { hits: [] } } }));
    const query = (question: string): Record<string, unknown> => ({ match: { body: question } });
    await documentsRetriever({ client: elastic.client, index: 'kb', textField: 'body', query }).retrieve(
      'hub',
    );
    expect(JSON.parse(elastic.requests[0]?.body ?? '')).toMatchObject({
      ...{ query: { match: { body: 'hub' } }, _source: ['body'], size: 10 },
    });
  });

  it('reads pages of Typesense until there are enough', async () => {
    const passages = Array.from({ length: 600 }, (_, i) => wholePassage(`d${i}`, 'hub'));
    const { client, requests } = await openTypesense(passages);
    const retriever = typesenseRetriever({ client, collection: 'kb', textField: 'body' });
    expect(await retriever.retrieve('hub', { topK: 10_000 })).toHaveLength(600);
    expect(requests).toHaveLength(3);
    expect(await retriever.retrieve('hub', { topK: 5 })).toHaveLength(5);
    expect(requests).toHaveLength(4);
  });
});

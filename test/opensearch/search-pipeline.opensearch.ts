import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { Client } from '@opensearch-project/opensearch';
import type { Express } from 'express';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  openSearchConnector,
  openSearchModel,
  openSearchSearchPipeline,
  type ConnectorOptions,
  type SearchPipelineOptions,
} from '../../src/engines/index.js';
import { loadReader } from '../../src/reader/index.js';
import { OpenSearchServer } from '../support/opensearch-server.js';
import { serve } from '../server/support/serve.js';

/** A server of its own: with ML Commons, which calls this package's server. */
let server: OpenSearchServer;
let client: Client;
const DOCUMENTS = [
  {
    headline: 'The warranty',
    body: '<p>The warranty on every device lasts <b>two years</b> from delivery.</p>',
  },
  {
    headline: 'Make a warranty claim',
    body: 'We look at your claim within five business days, "mostly" \\ ä 😀.',
  },
  { headline: 'Warranty without a text' },
];

/** What is looked at of it. */
interface SearchResponse {
  readonly hits: { readonly hits: readonly { readonly _id: string }[] };
  readonly ext?: {
    readonly ml_inference: { readonly answer: { readonly citations?: readonly { documentId: string }[] } };
  };
}

beforeAll(async () => {
  server = await OpenSearchServer.start({ machineLearning: true });
  client = new Client({ node: server.node });
  const body = DOCUMENTS.flatMap((document, i) => [{ index: { _id: `d${i}` } }, document]);
  await client.bulk({ index: 'help', refresh: true, body });
  return async () => {
    await client.close();
    await server.close();
  };
});

async function listen(app: Express | Server): Promise<string> {
  const listening = app.listen(0, '127.0.0.1');
  onTestFinished(() => {
    listening.close();
    if ('closeAllConnections' in listening) listening.closeAllConnections();
  });
  await once(listening, 'listening');
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

/** This package's server with the embedded reader. */
async function answers(keys = false): Promise<string> {
  const reader = await loadReader();
  onTestFinished(() => reader.reader.close());
  const check = async (token: string) =>
    token === 'vk_1' ? { id: '1', scopes: ['read'] as const } : undefined;
  return listen(await serve({ reader, ...(keys ? { keys: { check } } : {}) }));
}

/** What the how-to says, step by step. */
async function makePipeline(
  connector: ConnectorOptions,
  options: Partial<SearchPipelineOptions> = {},
): Promise<string> {
  const created = await client.http.post({
    path: '/_plugins/_ml/connectors/_create',
    body: openSearchConnector(connector),
  });
  const { connector_id } = created.body as { connector_id: string };
  const registered = await client.transport.request({
    method: 'POST',
    path: '/_plugins/_ml/models/_register',
    querystring: { deploy: 'true' },
    body: openSearchModel(connector_id),
  });
  const { model_id: modelId } = registered.body as { model_id: string };
  const fields = { textField: 'body', titleField: 'headline', ...options };
  await client.http.put({
    path: '/_search/pipeline/answers',
    body: openSearchSearchPipeline({ modelId, ...fields }),
  });
  return 'answers';
}

const search = async (pipeline: string, words: string, question?: string): Promise<SearchResponse> => {
  const response = await client.transport.request({
    method: 'POST',
    path: '/help/_search',
    querystring: { search_pipeline: pipeline },
    body: {
      query: { multi_match: { query: words, fields: ['headline', 'body'] } },
      ...(question === undefined ? {} : { ext: { ml_inference: { question } } }),
    },
  });
  return response.body as SearchResponse;
};

describe('a search pipeline of OpenSearch', () => {
  it('brings the answer with the hits', async () => {
    const pipeline = await makePipeline({ url: await answers(), timeoutSeconds: 60 });
    const body = await search(pipeline, 'warranty', 'How long does the "warranty" \\ last,\nplease? ä😀');
    expect(body).toMatchObject({
      hits: { hits: { length: 3 } },
      ext: { ml_inference: { answer: { kind: 'answer', answer: 'two years' } } },
    });
    const [citation] = body.ext?.ml_inference.answer.citations ?? [];
    // Without a field for ids, the position among the hits.
    expect(body.hits.hits[Number(citation?.documentId)]?._id).toBe('d0');
    expect(citation).toMatchObject({ title: 'The warranty', quote: 'two years' });
  });

  it('takes the question from the query, sends its key, and tells of no answer', async () => {
    const pipeline = await makePipeline(
      { url: await answers(true), apiKey: 'vk_1', timeoutSeconds: 60 },
      { questionPath: 'query.multi_match.query', topK: 1, failSearch: true },
    );
    const body = await search(pipeline, 'Who composed the opera about the warranty?');
    expect(body).toMatchObject({ ext: { ml_inference: { answer: { kind: 'no-answer', passagesRead: 1 } } } });
    expect(await search(pipeline, 'zzz')).toMatchObject({ hits: { hits: [] } });
  });

  it.each<[string, () => Promise<ConnectorOptions>]>([
    ['nothing listens', async () => ({ url: 'http://127.0.0.1:2' })],
    ['the key is refused', async () => ({ url: await answers(true), apiKey: 'wrong', timeoutSeconds: 60 })],
    ['it is too slow', async () => ({ url: await listen(createServer()), timeoutSeconds: 1 })],
  ])('brings the hits without an answer where %s', async (_, connector) => {
    const pipeline = await makePipeline(await connector());
    const body = await search(pipeline, 'warranty', 'How long?');
    expect(body).toMatchObject({ hits: { hits: { length: 3 } } });
    expect(body).not.toHaveProperty('ext');
  });

  it('brings the hits without an answer where no question is asked', async () => {
    const pipeline = await makePipeline({ url: await answers(), timeoutSeconds: 60 });
    expect(await search(pipeline, 'warranty')).not.toHaveProperty('ext');
  });
});

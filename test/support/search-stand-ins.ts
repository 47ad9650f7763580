import { Client as ElasticsearchClient } from '@elastic/elasticsearch';
import { Meilisearch } from 'meilisearch';
import { Client as TypesenseClient } from 'typesense';
import type { Passage } from '../../src/core/passage.js';
import { Bm25Retriever } from '../../src/retriever/index.js';
import { startStandIn, type StandInAnswer } from './engine-stand-in.js';

/**
 * The official clients of engines that are not here, on a server that answers in the shapes of their documentation, by what BM25 finds.
 * What `answer` returns is answered instead.
 */
type Opened<C> = Promise<{
  readonly client: C;
  readonly requests: Awaited<ReturnType<typeof startStandIn>>['requests'];
}>;

/** Elasticsearch's client talks to nobody who does not say that it is Elasticsearch. */
const ELASTIC = { 'x-elastic-product': 'Elasticsearch' };

const search = (passages: readonly Passage[]): Bm25Retriever => {
  const retriever = new Bm25Retriever({ matching: 'exact' });
  for (const passage of passages) retriever.addPassage(passage);
  return retriever;
};
const document = ({ documentId, title, text, uri }: Passage): Record<string, string> => ({
  ...{ id: documentId, title, body: text, url: uri },
});

export async function openElasticsearch(
  passages: readonly Passage[] = [],
  answer?: StandInAnswer,
): Opened<ElasticsearchClient> {
  const retriever = search(passages);
  const { node, requests } = await startStandIn(async (request, raw) => {
    const given = await answer?.(request, raw);
    if (given !== undefined) return { ...given, headers: { ...ELASTIC, ...given.headers } };
    const { size, query } = JSON.parse(request.body) as {
      size: number;
      query: { multi_match: { query: string } };
    };
    const found = await retriever.retrieve(query.multi_match.query, { topK: size });
    const hits = found.map((passage) => ({
      ...{ _index: 'kb', _id: passage.documentId, _score: passage.score },
      _source: document(passage),
    }));
    return { headers: ELASTIC, body: { took: 1, timed_out: false, hits: { max_score: null, hits } } };
  });
  return { client: new ElasticsearchClient({ node, maxRetries: 0 }), requests };
}

export async function openMeilisearch(
  passages: readonly Passage[] = [],
  answer?: StandInAnswer,
): Opened<Meilisearch> {
  const retriever = search(passages);
  const { node, requests } = await startStandIn(async (request, raw) => {
    const given = await answer?.(request, raw);
    if (given !== undefined) return given;
    const { q, limit } = JSON.parse(request.body) as { q: string; limit: number };
    const found = await retriever.retrieve(q, { topK: limit });
    const hits = found.map((passage) => ({
      ...document(passage),
      _rankingScore: passage.score / (1 + passage.score),
    }));
    return {
      body: { hits, query: q, processingTimeMs: 1, limit, offset: 0, estimatedTotalHits: hits.length },
    };
  });
  return { client: new Meilisearch({ host: node, apiKey: 's3cret-key' }), requests };
}

export async function openTypesense(
  passages: readonly Passage[] = [],
  answer?: StandInAnswer,
): Opened<TypesenseClient> {
  const retriever = search(passages);
  const { node, requests } = await startStandIn(async (request, raw) => {
    const given = await answer?.(request, raw);
    if (given !== undefined) return given;
    const query = new URL(raw.request.url ?? '', node).searchParams;
    const [perPage, page] = [Number(query.get('per_page')), Number(query.get('page'))];
    const found = await retriever.retrieve(query.get('q') ?? '', { topK: perPage * page });
    const hits = found.slice(perPage * (page - 1)).map((passage) => ({
      ...{ document: document(passage), highlight: {}, highlights: [] },
      text_match: Math.round(passage.score * 1e15),
    }));
    const params = { collection_name: 'kb', per_page: perPage, q: query.get('q') };
    return {
      body: {
        found: found.length,
        out_of: passages.length,
        page,
        request_params: params,
        search_time_ms: 1,
        hits,
      },
    };
  });
  const { hostname: host, port } = new URL(node);
  const client = new TypesenseClient({
    nodes: [{ host, port: Number(port), protocol: 'http' }],
    ...{ apiKey: 's3cret-key', numRetries: 0, logLevel: 'silent' },
  });
  return { client, requests };
}

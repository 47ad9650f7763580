import { documentsRetriever, meilisearchRetriever, typesenseRetriever } from '../../src/engines/index.js';
import { openElasticsearch, openMeilisearch, openTypesense } from '../support/search-stand-ins.js';
import { describeRetriever, type RetrieverTraits } from './retriever-contract.js';

const FIELDS = { textField: 'body', titleField: 'title', uriField: 'url' } as const;

/** What a stand-in cannot show, since it does not search as the engine does. */
const traits = (engine: string): RetrieverTraits => {
  const own = `${engine} decides, which is not here: a stand-in answers in its place`;
  const whole = 'an engine holds whole documents with fields of its own';
  return {
    exactScores: false,
    functionFilters: false,
    cannot: {
      ...{ 'BM25 scores': own, 'order of equal scores': own, 'any term': own, 'repeated terms': own },
      ...{ folding: own, 'unspaced scripts': own, 'long terms': own },
      ...{ 'parts of documents': whole, explanations: whole, criteria: whole },
    },
  };
};

describeRetriever(
  'documentsRetriever with the client of Elasticsearch',
  async (passages) => {
    const { client } = await openElasticsearch(passages);
    const retriever = documentsRetriever({ client, index: 'kb', ...FIELDS });
    return { retriever, close: () => client.close() };
  },
  traits('Elasticsearch'),
);

describeRetriever(
  'meilisearchRetriever',
  async (passages) => {
    const { client } = await openMeilisearch(passages);
    const retriever = meilisearchRetriever({ client, index: 'kb', ...FIELDS });
    return { retriever, close: () => retriever.close() };
  },
  traits('Meilisearch'),
);

describeRetriever(
  'typesenseRetriever',
  async (passages) => {
    const { client } = await openTypesense(passages);
    const retriever = typesenseRetriever({ client, collection: 'kb', ...FIELDS });
    return { retriever, close: () => retriever.close() };
  },
  traits('Typesense'),
);

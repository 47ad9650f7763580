import { Bm25Retriever } from '../../src/retriever/index.js';
import { describeRetriever } from './retriever-contract.js';

describeRetriever(
  'Bm25Retriever',
  async (passages) => {
    const retriever = new Bm25Retriever({ matching: 'exact' });
    for (const passage of passages) retriever.addPassage(passage);
    return { retriever, close: () => Promise.resolve() };
  },
  { exactScores: true, functionFilters: true },
);

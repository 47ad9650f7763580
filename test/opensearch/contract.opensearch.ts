import { inject } from 'vitest';
import { describeRetriever } from '../contract/retriever-contract.js';
import { indexAndRetriever } from '../support/opensearch-retriever.js';

for (const shards of [1, 3]) {
  describeRetriever(
    `OpenSearchRetriever, ${shards} shard${shards === 1 ? '' : 's'}`,
    (passages) => indexAndRetriever(inject('openSearchNode'), passages, { shards }),
    { exactScores: false, functionFilters: false },
  );
}

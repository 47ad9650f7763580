import { randomUUID } from 'node:crypto';
import type { Passage } from '../../src/core/passage.js';
import {
  OpenSearchIndex,
  OpenSearchRetriever,
  type OpenSearchIndexOptions,
} from '../../src/retriever/opensearch/index.js';

/** An index of its own over these passages, and a retriever on it; closing deletes the index. */
export async function indexAndRetriever(
  node: string,
  passages: Iterable<Passage>,
  options: Partial<OpenSearchIndexOptions> = {},
): Promise<{ retriever: OpenSearchRetriever; index: string; close: () => Promise<void> }> {
  const index = `test-${randomUUID()}`;
  const writer = new OpenSearchIndex({ replicas: 0, ...options, node, index });
  await writer.reindex(passages);
  await writer.close();
  const retriever = new OpenSearchRetriever({ node, index });
  const close = async (): Promise<void> => {
    await retriever.close();
    await fetch(`${node}/${index}-*`, { method: 'DELETE' });
  };
  return { retriever, index, close };
}

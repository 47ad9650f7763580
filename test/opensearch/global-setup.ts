import type { TestProject } from 'vitest/node';
import { OpenSearchServer } from '../support/opensearch-server.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of an OpenSearch that all tests share: each uses index names of its own. */
    openSearchNode: string;
  }
}

export default async function setUp({ provide }: TestProject): Promise<() => Promise<void>> {
  const server = await OpenSearchServer.start();
  provide('openSearchNode', server.node);
  return () => server.close();
}

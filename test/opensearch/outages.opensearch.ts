import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { VerbatimError } from '../../src/core/errors.js';
import { wholePassage, type Passage } from '../../src/core/passage.js';
import { OpenSearchIndex, OpenSearchRetriever } from '../../src/retriever/opensearch/index.js';
import { OpenSearchServer } from '../support/opensearch-server.js';

/** A server of its own: these tests break it. */
let server: OpenSearchServer;
beforeAll(async () => {
  server = await OpenSearchServer.start();
  return () => server.close();
});

const open = (index: string): { writer: OpenSearchIndex; retriever: OpenSearchRetriever } => {
  const writer = new OpenSearchIndex({ node: server.node, index, replicas: 0 });
  const retriever = new OpenSearchRetriever({ node: server.node, index });
  onTestFinished(async () => {
    await Promise.all([writer.close(), retriever.close()]);
  });
  return { writer, retriever };
};

const hubs = (count: number, text = 'hub'): Passage[] =>
  Array.from({ length: count }, (_, i) => wholePassage(`d${i}`, text));

describe('an OpenSearch that goes away', () => {
  it('fails no search and shows none an empty index while it is exchanged', async () => {
    const { writer, retriever } = open('exchanged');
    await writer.reindex(hubs(50));
    const controller = new AbortController();
    let searches = 0;
    const search = async (): Promise<void> => {
      while (!controller.signal.aborted) {
        expect(await retriever.retrieve('hub', { topK: 20 })).toHaveLength(20);
        searches++;
      }
    };
    const searching = Promise.all(Array.from({ length: 4 }, search));
    for (let i = 0; i < 5; i++) await writer.reindex(hubs(50));
    controller.abort();
    await searching;
    expect(searches).toBeGreaterThan(20);
  });

  it('is reported as unavailable when it is killed in the middle of searches, and is searched again once it is back', async () => {
    const { writer, retriever } = open('killed');
    await writer.reindex(hubs(2000, 'hub '.repeat(50)));
    await retriever.retrieve('hub');
    const outcomes: unknown[] = [];
    const search = async (): Promise<void> => {
      for (;;) {
        try {
          await retriever.retrieve('hub', { topK: 1000 });
        } catch (error) {
          outcomes.push(error);
          return;
        }
      }
    };
    const searching = Promise.all(Array.from({ length: 4 }, search));
    await delay(200);
    await server.kill();
    await searching;
    expect(outcomes.map((error) => (VerbatimError.isInstance(error) ? error.code : error))).toEqual(
      Array.from({ length: 4 }, () => 'engine-unavailable'),
    );
    await server.start();
    expect(await retriever.retrieve('hub', { topK: 1000 })).toHaveLength(1000);
  });

  it('loses no passage when it is killed and comes back while it is filled', async () => {
    const { writer, retriever } = open('filled');
    const passages = hubs(3000, `hub ${'word '.repeat(1000)}`);
    let restart: Promise<void> | undefined;
    const report = await writer.reindex(passages, {
      onProgress: (indexed) => {
        if (indexed > 0) restart ??= server.kill().then(() => server.start());
      },
    });
    await restart;
    expect(restart).toBeDefined();
    expect(report).toEqual({ indexed: 3000, refused: [] });
    expect(await retriever.retrieve('hub', { topK: 5000 })).toHaveLength(3000);
  });
});

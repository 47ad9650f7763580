import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { create, insertMultiple, save, search as searchOrama } from '@orama/orama';
import { Index } from 'flexsearch';
import MiniSearch from 'minisearch';
import type { SourceDocument } from '../../src/core/document.js';
import { wholePassage } from '../../src/core/passage.js';
import { analyze, KnowledgeBase } from '../../src/retriever/index.js';
import { OpenSearchIndex, OpenSearchRetriever } from '../../src/retriever/opensearch/index.js';
import { OpenSearchServer } from '../../test/support/opensearch-server.js';
import type { Paragraph } from '../squad-files.js';

/** What is measured of a search engine. */
export interface Contender {
  build(passages: Iterable<Paragraph>): Promise<void>;
  /** Ids of the best passages. */
  search(question: string, topK: number): Promise<string[]>;
  /** Bytes of what is kept on disk, or would be. */
  diskBytes(): Promise<number>;
  /** Opens what was built again; absent where nothing is kept. */
  reopen?(): Promise<void>;
  /** Resident memory of a process of its own. */
  processId?(): number | undefined;
  close(): Promise<void>;
}

/** Documents that are put in at once. */
const BATCH = 5000;

export const CONTENDERS: Readonly<Record<string, () => Contender>> = {
  verbatim: () => verbatim('english'),
  'verbatim-exact': () => verbatim('exact'),
  flexsearch,
  minisearch,
  orama,
  opensearch,
};

function* batches<T>(items: Iterable<T>): Generator<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length === BATCH) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/** The knowledge base on disk, and its index in memory; paragraphs are not cut. */
function verbatim(matching: 'english' | 'exact'): Contender {
  const folder = mkdtempSync(path.join(tmpdir(), 'verbatim-bench-'));
  const open = (write: boolean): Promise<KnowledgeBase> =>
    KnowledgeBase.open(folder, { write, matching, ...(write ? { passages: { maxWords: 100_000 } } : {}) });
  let knowledgeBase: KnowledgeBase | undefined;
  const asDocument = ({ id, title, text }: Paragraph): SourceDocument => ({
    id,
    title,
    uri: '',
    text,
    blocks: [{ kind: 'paragraph', headings: [], start: 0, end: text.length }],
    anchors: [],
  });
  return {
    async build(passages) {
      const writer = await open(true);
      for (const batch of batches(passages)) await writer.upsert(batch.map(asDocument));
      await writer.close();
      knowledgeBase = await open(false);
      await knowledgeBase.load();
    },
    async search(question, topK) {
      const found = (await knowledgeBase?.retrieve(question, { topK })) ?? [];
      return found.map(({ documentId }) => documentId);
    },
    async diskBytes() {
      return readdirSync(folder).reduce((sum, file) => sum + statSync(path.join(folder, file)).size, 0);
    },
    async reopen() {
      await knowledgeBase?.close();
      knowledgeBase = await open(false);
      await knowledgeBase.load();
    },
    async close() {
      await knowledgeBase?.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** FlexSearch itself on the same terms, in memory: what building cannot be faster than. Its own order of results means nothing here. */
function flexsearch(): Contender {
  const index = new Index({ tokenize: 'strict', context: false, encode: (text: string) => text.split('\n') });
  const ids: string[] = [];
  return {
    async build(passages) {
      for (const { id, title, text } of passages) {
        index.add(ids.length, [...new Set(analyze(`${title}\n${text}`))].join('\n'));
        ids.push(id);
      }
    },
    async search(question, topK) {
      const found = index.search(analyze(question).join('\n'), { limit: topK, suggest: true }) as number[];
      return found.map((i) => ids[i] ?? '');
    },
    diskBytes: async () => NaN,
    close: async () => undefined,
  };
}

function minisearch(): Contender {
  const options = { fields: ['title', 'text'], storeFields: [] };
  let index = new MiniSearch<Paragraph>(options);
  return {
    async build(passages) {
      for (const batch of batches(passages)) index.addAll(batch);
    },
    search: async (question, topK) =>
      index
        .search(question)
        .slice(0, topK)
        .map(({ id }) => id as string),
    diskBytes: async () => Buffer.byteLength(JSON.stringify(index)),
    async reopen() {
      index = MiniSearch.loadJSON<Paragraph>(JSON.stringify(index), options);
    },
    close: async () => undefined,
  };
}

function orama(): Contender {
  const database = create({ schema: { title: 'string', text: 'string' } });
  return {
    async build(passages) {
      for (const batch of batches(passages)) await insertMultiple(database, batch, BATCH);
    },
    async search(question, topK) {
      const { hits } = await searchOrama(database, { term: question, limit: topK, threshold: 1 });
      return hits.map(({ id }) => id);
    },
    diskBytes: async () => Buffer.byteLength(JSON.stringify(save(database))),
    close: async () => undefined,
  };
}

function opensearch(): Contender {
  let server: OpenSearchServer | undefined;
  let retriever: OpenSearchRetriever | undefined;
  return {
    async build(passages) {
      server = await OpenSearchServer.start();
      const index = new OpenSearchIndex({ node: server.node, index: 'bench' });
      function* whole(): Generator<ReturnType<typeof wholePassage>> {
        for (const { id, title, text } of passages) yield wholePassage(id, text, { title });
      }
      await index.reindex(whole());
      await index.close();
      retriever = new OpenSearchRetriever({ node: server.node, index: 'bench' });
    },
    async search(question, topK) {
      const found = (await retriever?.retrieve(question, { topK })) ?? [];
      return found.map(({ documentId }) => documentId);
    },
    async diskBytes() {
      const answer = await fetch(`${server?.node ?? ''}/bench/_stats/store`);
      const stats = (await answer.json()) as { _all: { total: { store: { size_in_bytes: number } } } };
      return stats._all.total.store.size_in_bytes;
    },
    processId: () => server?.pid,
    async close() {
      await retriever?.close();
      await server?.close();
    },
  };
}

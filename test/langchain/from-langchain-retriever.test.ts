import { MemoryVectorStore } from '@langchain/classic/vectorstores/memory';
import { Document, type DocumentInterface } from '@langchain/core/documents';
import { BaseRetriever } from '@langchain/core/retrievers';
import { SyntheticEmbeddings } from '@langchain/core/utils/testing';
import type { VectorStoreInterface } from '@langchain/core/vectorstores';
import { describe, expect, it } from 'vitest';
import { fromLangChainRetriever, VerbatimRetriever } from '../../src/langchain/index.js';
import { createVerbatim } from '../../src/pipeline/index.js';
import { errorOf } from '../support/error-of.js';
import { ANSWERABLE, useHelpCentre } from './help-centre.js';

const helpCentre = useHelpCentre();

class Fixed extends BaseRetriever {
  lc_namespace = ['test'];
  readonly #documents: DocumentInterface[];

  constructor(...documents: DocumentInterface[]) {
    super();
    this.#documents = documents;
  }

  override async _getRelevantDocuments(): Promise<DocumentInterface[]> {
    return this.#documents;
  }
}

const plain = (pageContent: string, metadata: Record<string, unknown> = {}, id?: string): Document =>
  new Document({ pageContent, metadata, ...(id === undefined ? {} : { id }) });

describe('a retriever of LangChain as one of this library', () => {
  it('gives this library’s own passages back as they were', async () => {
    const { retriever } = helpCentre().qa;
    const found = await retriever.retrieve(ANSWERABLE);
    const roundTrip = fromLangChainRetriever(new VerbatimRetriever({ retriever }));
    expect(await roundTrip.retrieve(ANSWERABLE)).toEqual(found);
    expect(await roundTrip.retrieve(ANSWERABLE, { topK: 3 })).toEqual(found.slice(0, 3));
  });

  it('stands in front of the reader: a vector store, whose scores are kept', async () => {
    const documents = [...helpCentre().documents.values()].slice(0, 12);
    const store = await MemoryVectorStore.fromDocuments(
      documents.map(({ id, title, text }) => plain(text.slice(0, 600), { source: id, title }, id)),
      new SyntheticEmbeddings({ vectorSize: 16 }),
    );
    const retriever = fromLangChainRetriever(store);
    const found = await retriever.retrieve(ANSWERABLE, { topK: 4 });
    const scored = await store.similaritySearchWithScore(ANSWERABLE, 4);
    expect(found.map(({ documentId, score, rank }) => [documentId, score, rank])).toEqual(
      scored.map(([{ id }, score], i) => [id, score, i + 1]),
    );
    const qa = await createVerbatim({ retriever, reader: helpCentre().loaded });
    const result = await qa.ask(ANSWERABLE, { topK: 12, threshold: 1000 });
    if (result.kind === 'no-answer') throw new Error('Expected an answer.');
    for (const { documentId, start, end, quote } of result.citations)
      expect(helpCentre().documents.get(documentId)?.text.slice(start, end)).toBe(quote);
  });

  it('counts distances, which grow, as their negatives, and gives 1/rank where there are no scores', async () => {
    const scores = async (...given: unknown[]): Promise<number[]> => {
      const documents = given.map((score, i) => plain(`hub ${i}`, { score }));
      const found = await fromLangChainRetriever(new Fixed(...documents)).retrieve('hub');
      return found.map(({ score }) => score);
    };
    expect(await scores(0.9, 0.9, 0.2)).toEqual([0.9, 0.9, 0.2]);
    expect(await scores(0.1, 0.4)).toEqual([-0.1, -0.4]);
    expect(await scores(0.1, 0.4, 0.2)).toEqual([1, 1 / 2, 1 / 3]);
    expect(await scores(undefined, 2)).toEqual([1, 1 / 2]);
    const distances: Pick<VectorStoreInterface, 'similaritySearchWithScore'> = {
      similaritySearchWithScore: async () => [
        [plain('near'), 0.1],
        [plain('far'), 2],
      ],
    };
    const found = await fromLangChainRetriever(distances as VectorStoreInterface).retrieve('hub');
    expect(found.map(({ text, score }) => [text, score])).toEqual([
      ['near', -0.1],
      ['far', -2],
    ]);
  });

  it('takes a document for its own source, named so that two pieces of one source stay apart', async () => {
    const [one, two, named] = await fromLangChainRetriever(
      new Fixed(
        plain('first piece', { source: 'a.pdf', loc: { pageNumber: 3 } }),
        plain('second\npiece', { source: 'a.pdf', loc: { lines: { from: 7, to: 8 } } }),
        plain('third', {}, 'id-3'),
      ),
    ).retrieve('piece');
    expect(one).toMatchObject({ start: 0, end: 11, uri: 'a.pdf', anchors: [{ start: 0, page: 3 }] });
    expect(one?.documentId).toMatch(/^a\.pdf#[0-9a-f]{16}$/);
    expect(two?.documentId).not.toBe(one?.documentId);
    expect(two?.anchors).toEqual([
      { start: 0, line: 7 },
      { start: 7, line: 8 },
    ]);
    expect(named).toMatchObject({ documentId: 'id-3', id: 'id-3#0-5', rank: 3 });
  });

  it('does not trust offsets that do not fit the text', async () => {
    const [passage] = await fromLangChainRetriever(
      new Fixed(plain('hub', { documentId: 'a', start: 5, end: 100, anchors: 'x', headings: 7 }, 'b')),
    ).retrieve('hub');
    expect(passage).toMatchObject({ documentId: 'b', start: 0, end: 3, anchors: [], headings: [] });
  });

  it('lets the caller say what a citation names', async () => {
    const [passage] = await fromLangChainRetriever(
      new Fixed(plain('hub', { file: 'a.md', link: 'https://x' })),
      {
        sourceOf: ({ metadata }) => ({ documentId: String(metadata['file']), uri: String(metadata['link']) }),
      },
    ).retrieve('hub');
    expect(passage).toMatchObject({ documentId: 'a.md', uri: 'https://x' });
  });

  it('refuses a filter, documents without text, and a topK out of range', async () => {
    const retriever = fromLangChainRetriever(new Fixed(plain('hub')));
    expect(await errorOf(() => retriever.retrieve('hub', { filter: { tags: ['a'] } }))).toMatchObject({
      code: 'invalid-option',
      message: 'Expected no filter: give the LangChain retriever its own; got "{\\"tags\\":[\\"a\\"]}".',
    });
    expect(await errorOf(() => retriever.retrieve('hub', { topK: 0 }))).toMatchObject({
      code: 'invalid-option',
    });
    const textless = new Fixed({ metadata: {}, id: 'x' } as unknown as DocumentInterface);
    expect(await errorOf(() => fromLangChainRetriever(textless).retrieve('hub'))).toMatchObject({
      message: 'Expected pageContent of document "x" to be text, got undefined.',
    });
  });

  it('asks nothing once the signal is aborted', async () => {
    const retriever = fromLangChainRetriever(new Fixed(plain('hub')));
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(retriever.retrieve('hub', { signal })).rejects.toThrow('enough');
  });

  it('lets the store’s own errors through', async () => {
    class Broken extends Fixed {
      override async _getRelevantDocuments(): Promise<DocumentInterface[]> {
        throw new Error('the store is down');
      }
    }
    const retriever = fromLangChainRetriever(new Broken());
    const { signal } = new AbortController();
    await expect(retriever.retrieve('hub', { signal })).rejects.toThrow('the store is down');
  });
});

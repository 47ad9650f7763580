import { describe, expect, it, onTestFinished } from 'vitest';
import { readMarkdown } from '../../src/ingest/index.js';
import { Bm25Retriever, KnowledgeBase } from '../../src/retriever/index.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const DOCUMENTS = ['warm water', 'water', 'warranty, Wärme'].map((text, i) =>
  readMarkdown(text, { id: `${i}.md`, title: '', uri: '' }),
);

describe('Bm25Retriever.complete', () => {
  it('gives the terms that begin so, those in most passages first, then by their letters', async () => {
    const retriever = new Bm25Retriever();
    for (const document of DOCUMENTS) retriever.addDocument(document);
    expect(await retriever.complete('wa', 10)).toEqual(['water', 'warm', 'warme', 'warranty']);
    expect(await retriever.complete('wa', 2)).toEqual(['water', 'warm']);
    expect(await retriever.complete('warm', 10)).toEqual(['warm', 'warme']);
    expect(await retriever.complete('w', 10)).toEqual([]);
    expect(await retriever.complete('xy', 10)).toEqual([]);
  });
});

describe('KnowledgeBase.complete', () => {
  it('gives the same, follows changes, and leaves out what is in no document any more', async () => {
    const knowledgeBase = await KnowledgeBase.open(temporaryFolder(), { write: true });
    onTestFinished(() => knowledgeBase.close());
    await knowledgeBase.upsert(DOCUMENTS);
    expect(await knowledgeBase.complete('wa', 10)).toEqual(['water', 'warm', 'warme', 'warranty']);
    await knowledgeBase.remove(['0.md']);
    expect(await knowledgeBase.complete('wa', 10)).toEqual(['warme', 'warranty', 'water']);
    await knowledgeBase.upsert([readMarkdown('Wasp', { id: '3.md', title: '', uri: '' })]);
    expect(await knowledgeBase.complete('was', 10)).toEqual(['wasp']);
  });
});

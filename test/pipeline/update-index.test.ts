import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { VerbatimError } from '../../src/core/errors.js';
import { updateIndex, type IndexUpdate, type UpdateIndexOptions } from '../../src/pipeline/index.js';
import { Bm25Retriever, KnowledgeBase } from '../../src/retriever/index.js';
import { loadCorpus } from '../../src/ingest/index.js';
import { errorOf } from '../support/error-of.js';
import { temporaryFolder } from '../support/temporary-folder.js';

async function knowledgeBase(): Promise<KnowledgeBase> {
  const opened = await KnowledgeBase.open(path.join(temporaryFolder(), 'kb'), { write: true });
  onTestFinished(() => opened.close());
  return opened;
}

async function update(
  kb: KnowledgeBase,
  folder: string,
  options: UpdateIndexOptions = {},
): Promise<IndexUpdate & { problems: VerbatimError[] }> {
  const problems: VerbatimError[] = [];
  const done = await updateIndex(kb, [folder], {
    onProblem: (problem) => problems.push(problem),
    ...options,
  });
  return { ...done, problems };
}

const idsIn = async (kb: KnowledgeBase): Promise<string[]> => (await kb.list()).documents.map(({ id }) => id);

describe('updateIndex', () => {
  it('adds, changes and removes only what changed, and then scores as a fresh index of the folder', async () => {
    const folder = temporaryFolder({
      'a.md': '# Hub\n\nReset the hub.',
      'b.txt': 'The plug is wet.',
      'faq.csv': 'question,answer\nHow long is the warranty?,Two years.\nWho pays?,You do.',
    });
    const kb = await knowledgeBase();
    expect(await update(kb, folder)).toMatchObject({ files: 3, unchangedFiles: 0, added: 4, problems: [] });
    expect(await update(kb, folder)).toMatchObject({
      files: 3,
      unchangedFiles: 3,
      added: 0,
      changed: 0,
      removed: 0,
    });

    writeFileSync(path.join(folder, 'a.md'), '# Hub\n\nReset the hub twice.');
    writeFileSync(path.join(folder, 'faq.csv'), 'question,answer\nHow long is the warranty?,Two years.');
    rmSync(path.join(folder, 'b.txt'));
    mkdirSync(path.join(folder, 'deep'));
    writeFileSync(path.join(folder, 'deep', 'c.md'), 'A light.');
    expect(await update(kb, folder)).toMatchObject({
      files: 3,
      added: 1,
      changed: 1,
      removed: 2,
      unchanged: 1,
    });

    const fresh = new Bm25Retriever();
    for (const document of (await loadCorpus([folder])).documents) fresh.addDocument(document);
    for (const question of ['reset the hub twice', 'warranty', 'light plug']) {
      expect(await kb.retrieve(question)).toEqual(await fresh.retrieve(question));
    }
  });

  it('treats a renamed file as another', async () => {
    const folder = temporaryFolder({ 'a.md': 'hub' });
    const kb = await knowledgeBase();
    await update(kb, folder);
    renameSync(path.join(folder, 'a.md'), path.join(folder, 'b.md'));
    expect(await update(kb, folder)).toMatchObject({ added: 1, removed: 1 });
    expect(await idsIn(kb)).toEqual(['b.md']);
  });

  it('keeps documents that came from elsewhere', async () => {
    const first = temporaryFolder({ 'a.md': 'hub' });
    const second = temporaryFolder({ 'b.md': 'plug' });
    const kb = await knowledgeBase();
    const [own] = (await loadCorpus([second])).documents;
    await kb.upsert(own === undefined ? [] : [{ ...own, id: 'put in by a program' }]);
    await update(kb, first);
    await update(kb, second, { keepOthers: true });
    expect(await idsIn(kb)).toEqual(['a.md', 'b.md', 'put in by a program']);
    await update(kb, second);
    expect(await idsIn(kb)).toEqual(['b.md', 'put in by a program']);
  });

  it('reports what cannot be read, goes on with the rest, and keeps what the file gave before', async () => {
    const folder = temporaryFolder({
      'a.jsonl': '{"text":"hub"}\n{"text":"plug"}',
      'b.md': 'light',
      'c.md': 'reset',
    });
    const kb = await knowledgeBase();
    await update(kb, folder);
    writeFileSync(path.join(folder, 'a.jsonl'), '{"text":"hub"}\n{"text": broken\n{"text":"new"}');
    writeFileSync(path.join(folder, 'b.md'), Buffer.from([0x80, 0x81]));
    writeFileSync(path.join(folder, 'c.md'), 'reset again');
    const { problems, changed } = await update(kb, folder);
    expect(problems.map(({ code }) => code)).toEqual(['file-invalid', 'file-invalid-utf8']);
    expect(problems[0]?.message).toContain('line 2');
    expect(changed).toBe(1);
    for (const word of ['hub', 'plug', 'new', 'light', 'again'])
      expect(await kb.retrieve(word)).toHaveLength(1);
    // It is looked at, and reported, again until it is mended.
    expect((await update(kb, folder)).problems).toHaveLength(2);
    writeFileSync(path.join(folder, 'a.jsonl'), '{"text":"hub"}');
    writeFileSync(path.join(folder, 'b.md'), 'lamp');
    expect((await update(kb, folder)).problems).toEqual([]);
    expect(await kb.retrieve('plug new')).toEqual([]);
  });

  it('stops at a signal, keeps what is in, and goes on from there', async () => {
    const folder = temporaryFolder(
      Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${i}.md`, `hub ${i}`])),
    );
    const kb = await knowledgeBase();
    const stop = new AbortController();
    const stopped = update(kb, folder, {
      signal: stop.signal,
      onProgress: (done) => done === 7 && stop.abort(new Error('enough')),
    });
    await expect(stopped).rejects.toThrow('enough');
    expect(await update(kb, folder)).toMatchObject({ files: 20 });
    expect(kb.documentCount).toBe(20);
  });

  it('does not take an empty folder for a folder that was emptied', async () => {
    const folder = temporaryFolder({ 'a.md': 'hub' });
    const kb = await knowledgeBase();
    await update(kb, folder);
    rmSync(path.join(folder, 'a.md'));
    expect((await errorOf(() => update(kb, folder))).code).toBe('corpus-empty');
    expect(await idsIn(kb)).toEqual(['a.md']);
  });
});

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import type { Database } from 'libsql';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SourceDocument } from '../../../src/core/document.js';
import { readPlainText } from '../../../src/ingest/index.js';
import { Bm25Retriever, KnowledgeBase } from '../../../src/retriever/index.js';
import { errorOf } from '../../support/error-of.js';

const SqliteDatabase = createRequire(import.meta.url)('libsql') as new (file: string) => Database;

let folder: string;
let opened: KnowledgeBase[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'verbatim-kb-'));
  opened = [];
});

afterEach(async () => {
  for (const knowledgeBase of opened) await knowledgeBase.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(options = {}): Promise<KnowledgeBase> {
  const knowledgeBase = await KnowledgeBase.open(folder, options);
  opened.push(knowledgeBase);
  return knowledgeBase;
}

const text = (id: string, source: string, extra: Partial<SourceDocument> = {}): SourceDocument => ({
  ...readPlainText(source, { id, title: `Title ${id}`, uri: `https://example.org/${id}` }),
  ...extra,
});

describe('KnowledgeBase', () => {
  it('gives documents back as they were put in, with every string intact', async () => {
    const strange = 'A lone \ud800 surrogate, a NUL \0, emoji 🧭 and\r\nline breaks.\n\nA second paragraph.';
    const metadata = { tags: ['eu'], date: '2026-01-02' };
    const document = text('strange', strange, { metadata });
    const knowledgeBase = await open({ write: true });
    expect(await knowledgeBase.upsert([document])).toEqual({
      added: 1,
      changed: 0,
      removed: 0,
      unchanged: 0,
    });
    expect(await knowledgeBase.get('strange')).toEqual(document);
    expect(await knowledgeBase.get('other')).toBeUndefined();
    const [found] = await knowledgeBase.retrieve('emoji surrogate');
    expect(found).toMatchObject({ documentId: 'strange', title: 'Title strange', metadata });
    expect(document.text.slice(found?.start, found?.end)).toBe(found?.text);
  });

  it('says what a change did, and keeps a document that is given again as it is', async () => {
    const knowledgeBase = await open({ write: true });
    await knowledgeBase.upsert([text('a', 'hub'), text('b', 'plug')]);
    const version = knowledgeBase.version;
    expect(await knowledgeBase.upsert([text('a', 'hub')])).toMatchObject({ unchanged: 1 });
    expect(knowledgeBase.version).toBe(version);
    expect(
      await knowledgeBase.apply({ upsert: [text('a', 'light'), text('c', 'hub')], remove: ['b', 'x'] }),
    ).toEqual({
      added: 1,
      changed: 1,
      removed: 1,
      unchanged: 0,
    });
    expect(knowledgeBase.version).toBe(version + 1);
    expect(knowledgeBase.documentCount).toBe(2);
    expect(await knowledgeBase.remove(['a'])).toBe(1);
    expect(knowledgeBase.size).toBe(1);
  });

  it('lists documents page by page in the order of their ids', async () => {
    const knowledgeBase = await open({ write: true });
    await knowledgeBase.upsert(['c', 'a', 'e', 'b', 'd'].map((id) => text(id, 'hub')));
    const first = await knowledgeBase.list({ limit: 2 });
    expect(first.documents.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(first.documents[0]).toEqual({
      id: 'a',
      title: 'Title a',
      uri: 'https://example.org/a',
      passages: 1,
    });
    const second = await knowledgeBase.list({ limit: 2, after: first.next ?? '' });
    const third = await knowledgeBase.list({ limit: 2, after: second.next ?? '' });
    expect(third.documents.map(({ id }) => id)).toEqual(['e']);
    expect(third.next).toBeUndefined();
    expect((await errorOf(() => knowledgeBase.list({ limit: 0 }))).code).toBe('invalid-option');
  });

  it('puts a change in as a whole or not at all', async () => {
    const knowledgeBase = await open({ write: true });
    await knowledgeBase.upsert([text('a', 'hub')]);
    function* breaking(): Generator<SourceDocument> {
      yield text('b', 'plug');
      yield text('', 'no id');
    }
    const error = await errorOf(() => knowledgeBase.apply({ upsert: breaking(), remove: ['a'] }));
    expect(error.code).toBe('invalid-option');
    expect((await knowledgeBase.list()).documents.map(({ id }) => id)).toEqual(['a']);
    expect(await knowledgeBase.retrieve('plug')).toEqual([]);
    await knowledgeBase.upsert([text('b', 'plug')]);
    expect(await knowledgeBase.retrieve('plug')).toHaveLength(1);
  });

  it.each(['english', 'exact'] as const)(
    'scores as a fresh index of the same documents does, whatever was done before, here and in another handle, with %s matching',
    async (matching) => {
      const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
      const words = fc
        .array(fc.constantFrom('hub', 'hubs', 'reset', 'resets', 'plug', 'a', 'light', '.', '\n\n'), {
          maxLength: 12,
        })
        .map((list) => list.join(' '));
      const step = fc.oneof(
        {
          weight: 6,
          arbitrary: fc.record({
            upsert: fc.array(fc.tuple(id, words), { maxLength: 4 }),
            remove: fc.array(id, { maxLength: 2 }),
          }),
        },
        { weight: 1, arbitrary: fc.constant('compact' as const) },
        { weight: 1, arbitrary: fc.constant('reopen' as const) },
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
          const own = await mkdtemp(path.join(tmpdir(), 'verbatim-kb-'));
          let writer = await KnowledgeBase.open(own, {
            write: true,
            matching,
            passages: { maxWords: 4, overlapWords: 1 },
          });
          const reader = await KnowledgeBase.open(own, { matching });
          const held = new Map<string, SourceDocument>();
          try {
            for (const action of steps) {
              if (action === 'compact') await writer.compact();
              else if (action === 'reopen') {
                await writer.close();
                writer = await KnowledgeBase.open(own, { write: true, matching });
              } else {
                const documents = action.upsert.map(([name, words]) => text(name, words));
                await writer.apply({ upsert: documents, remove: action.remove });
                for (const document of documents) held.set(document.id, document);
                for (const name of action.remove) held.delete(name);
              }
              const fresh = new Bm25Retriever({ matching, passages: { maxWords: 4, overlapWords: 1 } });
              for (const document of held.values()) fresh.addDocument(document);
              for (const question of [
                'hub reset',
                'title a',
                'what light plug hub hub',
                'lihgt',
                'reseted',
              ]) {
                const expected = await fresh.retrieve(question, { topK: 5, explain: true });
                expect(await writer.retrieve(question, { topK: 5, explain: true })).toEqual(expected);
                expect(await reader.retrieve(question, { topK: 5, explain: true })).toEqual(expected);
              }
              expect(writer.size).toBe(fresh.size);
            }
            await writer.verify();
          } finally {
            await reader.close();
            await writer.close();
            await rm(own, { recursive: true });
          }
        }),
        { numRuns: 25 },
      );
    },
  );

  it('takes no term for one that only removed passages hold', async () => {
    const knowledgeBase = await open({ write: true });
    await knowledgeBase.upsert([text('a', 'thermostat'), text('b', 'thermostatt'), text('c', 'walks')]);
    const found = async (question: string): Promise<string[]> =>
      (await knowledgeBase.retrieve(question)).map(({ documentId }) => documentId);
    expect((await found('thermostatz')).sort()).toEqual(['a', 'b']);
    expect(await found('walked')).toEqual(['c']);
    await knowledgeBase.remove(['a', 'c']);
    expect(await found('thermostatz')).toEqual(['b']);
    // Two errors, where a removed passage held a term one error away.
    expect(await found('thermosta')).toEqual(['b']);
    expect(await found('walked')).toEqual([]);
  });

  it('merges the postings of many small changes', async () => {
    const knowledgeBase = await open({ write: true });
    for (let i = 0; i < 100; i++) await knowledgeBase.upsert([text(`d${i}`, `hub number${i}`)]);
    const database = new SqliteDatabase(path.join(folder, 'index.db'));
    const segments = database.prepare('SELECT count(*) AS n FROM segments').get() as { n: number };
    database.close();
    expect(segments.n).toBeLessThan(24);
    expect(await knowledgeBase.retrieve('hub', { topK: 200 })).toHaveLength(100);
  });

  it('filters by tag, path, date and by a function', async () => {
    const knowledgeBase = await open({ write: true });
    await knowledgeBase.upsert([
      text('guides/a.md', 'hub', { metadata: { tags: ['eu'], date: '2026-03-01' } }),
      text('guides/b.md', 'hub hub', { metadata: { tags: ['us'] } }),
      text('c.md', 'hub'),
    ]);
    const found = async (filter: object): Promise<string[]> =>
      (await knowledgeBase.retrieve('hub', { filter })).map(({ documentId }) => documentId);
    expect(await found({ tags: ['eu'] })).toEqual(['guides/a.md']);
    expect(await found({ path: 'guides/*' })).toEqual(['guides/b.md', 'guides/a.md']);
    expect(await found({ from: '2026-01-01' })).toEqual(['guides/a.md']);
    expect(await found((id: string) => id === 'c.md')).toEqual(['c.md']);
    await knowledgeBase.upsert([text('guides/d.md', 'hub', { metadata: { tags: ['eu'] } })]);
    expect(await found({ tags: ['eu'] })).toEqual(['guides/a.md', 'guides/d.md']);
  });

  it('refuses to write where it was opened for reading, and to work when closed', async () => {
    await (await open({ write: true })).close();
    const reader = await open();
    expect(await errorOf(() => reader.upsert([]))).toMatchObject({ code: 'index-read-only' });
    await reader.close();
    await reader.close();
    expect((await errorOf(() => reader.retrieve('hub'))).code).toBe('closed');
  });

  it('keeps the passage sizes with which it was made, and refuses others', async () => {
    await (await open({ write: true, passages: { maxWords: 20, overlapWords: 5 } })).close();
    const again = await open({ write: true });
    await again.upsert([text('a', `${'word '.repeat(30)}.`)]);
    expect(again.size).toBe(2);
    await again.close();
    expect(await errorOf(() => open({ passages: { maxWords: 50 } }))).toMatchObject({
      code: 'invalid-option',
      message: expect.stringContaining('passages of 20 words') as string,
    });
  });

  it('refuses ids that cannot be keys', async () => {
    const knowledgeBase = await open({ write: true });
    for (const id of ['', 'x'.repeat(2049), 'lone \ud800']) {
      expect((await errorOf(() => knowledgeBase.upsert([text(id, 'hub')]))).code).toBe('invalid-option');
    }
  });
});

describe('a knowledge base and other processes', () => {
  it('has one writer at a time, and says which process that is', async () => {
    await open({ write: true });
    expect(await errorOf(() => open({ write: true }))).toMatchObject({
      code: 'index-busy',
      message: expect.stringContaining(`process ${process.pid}`) as string,
    });
    await open();
    await opened[0]?.close();
    await open({ write: true });
  });

  it('does not look at the clock', async () => {
    const knowledgeBase = await open({ write: true });
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2030-01-01') });
    try {
      await knowledgeBase.upsert([text('a', 'hub')]);
      vi.setSystemTime(new Date('1999-01-01'));
      await knowledgeBase.upsert([text('a', 'plug')]);
      expect(await knowledgeBase.retrieve('hub')).toEqual([]);
      expect(await knowledgeBase.retrieve('plug')).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a knowledge base that cannot be opened', () => {
  const file = (): string => path.join(folder, 'index.db');

  async function made(): Promise<Buffer> {
    const knowledgeBase = await open({ write: true });
    await knowledgeBase.upsert(
      Array.from({ length: 200 }, (_, i) => text(`d${i}`, `hub ${i} reset `.repeat(20))),
    );
    await knowledgeBase.close();
    return readFile(file());
  }

  it('says how to make one where there is none', async () => {
    expect(await errorOf(() => open())).toMatchObject({
      code: 'index-not-found',
      message: expect.stringContaining('verbatim index PATH --out') as string,
    });
  });

  it('names the format of a newer version and leaves it as it is', async () => {
    await made();
    const database = new SqliteDatabase(file());
    database.exec('PRAGMA user_version = 99');
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.close();
    const before = await readFile(file());
    for (const write of [false, true]) {
      expect(await errorOf(() => open({ write }))).toMatchObject({
        code: 'index-version',
        message: expect.stringContaining('format 99') as string,
      });
    }
    expect(await readFile(file())).toEqual(before);
  });

  it('is not taken from another program', async () => {
    const database = new SqliteDatabase(file());
    database.exec('CREATE TABLE mine (a); PRAGMA application_id = 7');
    database.close();
    const before = await readFile(file());
    for (const write of [false, true])
      expect((await errorOf(() => open({ write }))).code).toBe('index-damaged');
    expect(await readFile(file())).toEqual(before);
  });

  it.each([
    ['cut in the middle', (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1)],
    [
      'overwritten at its start',
      (bytes: Buffer) => Buffer.concat([Buffer.alloc(100, 0xab), bytes.subarray(100)]),
    ],
    ['no database', () => Buffer.from('hello, this is a text file that is long enough. '.repeat(20))],
  ])('says that a file is damaged that is %s, and does not overwrite it', async (_, damage) => {
    const bytes = damage(await made());
    await writeFile(file(), bytes);
    for (const write of [false, true]) {
      const error = await errorOf(async () => {
        const knowledgeBase = await open({ write });
        await knowledgeBase.verify();
      });
      expect(error.code).toBe('index-damaged');
    }
    expect((await readFile(file())).equals(bytes)).toBe(true);
  });

  it.each([
    ['UPDATE chunks SET data = zeroblob(length(data))', 'segment'],
    ["UPDATE documents SET body = zeroblob(length(body)) WHERE id = 'd7'", 'd7'],
  ])('finds damage that the database does not see: %s', async (sql, named) => {
    await made();
    const database = new SqliteDatabase(file());
    database.exec(sql);
    database.close();
    const knowledgeBase = await open();
    expect(await errorOf(() => knowledgeBase.verify())).toMatchObject({
      code: 'index-damaged',
      message: expect.stringContaining(named) as string,
    });
  });
});

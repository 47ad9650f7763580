import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { wholePassage, type Passage } from '../../src/core/passage.js';
import { OpenSearchIndex, OpenSearchRetriever } from '../../src/retriever/opensearch/index.js';
import { errorOf } from '../support/error-of.js';

const node = inject('openSearchNode');

interface Opened {
  readonly name: string;
  readonly index: OpenSearchIndex;
  /** Ids of the documents with "hub", in the order of their ids. */
  readonly found: () => Promise<string[]>;
  /** Indices that are named after the alias. */
  readonly indices: () => Promise<string[]>;
}

const open = (options: Partial<ConstructorParameters<typeof OpenSearchIndex>[0]> = {}): Opened => {
  const name = `test-${randomUUID()}`;
  const index = new OpenSearchIndex({ replicas: 0, ...options, node, index: name });
  const retriever = new OpenSearchRetriever({ node, index: name });
  onTestFinished(async () => {
    await Promise.all([index.close(), retriever.close(), fetch(`${node}/${name}*`, { method: 'DELETE' })]);
  });
  return {
    name,
    index,
    found: async () =>
      (await retriever.retrieve('hub', { topK: 1000 })).map(({ documentId }) => documentId).sort(),
    indices: async () => Object.keys((await (await fetch(`${node}/${name}*`)).json()) as object),
  };
};

const hubs = (...ids: readonly string[]): Passage[] => ids.map((id) => wholePassage(id, 'hub'));

describe('OpenSearchIndex', () => {
  it('makes an index at the first passages, and adds further ones to it', async () => {
    const { index, found, indices } = open();
    expect(await index.add(hubs('a', 'b'))).toEqual({ indexed: 2, refused: [] });
    expect(await found()).toEqual(['a', 'b']);
    await index.add(hubs('b', 'c'));
    expect(await found()).toEqual(['a', 'b', 'c']);
    expect(await indices()).toHaveLength(1);
  });

  it('replaces everything with a reindex, and keeps no old index', async () => {
    const { name, index, found, indices } = open({ now: () => new Date('2026-11-21T17:05:09.123Z') });
    await index.reindex(hubs('a', 'b'));
    expect(await indices()).toEqual([`${name}-20261121170509123`]);
    const later = new OpenSearchIndex({ node, index: name, replicas: 0, shards: 2 });
    onTestFinished(() => later.close());
    await later.reindex(hubs('c'));
    expect(await found()).toEqual(['c']);
    expect(await indices()).toHaveLength(1);
  });

  it('leaves the old index alone and no new one behind if the source breaks or a passage is refused', async () => {
    const { index, found, indices } = open();
    await index.reindex(hubs('a'));
    function* broken(): Generator<Passage> {
      yield* hubs('b');
      throw new Error('the source is broken');
    }
    await expect(index.reindex(broken())).rejects.toThrow('the source is broken');
    const tooLong = 'x'.repeat(40_000);
    const error = await errorOf(() => index.reindex(hubs('b', tooLong)));
    expect(error.code).toBe('engine-refused');
    expect(error.message).toContain('OpenSearch refused passages: xxx');
    expect(await found()).toEqual(['a']);
    expect(await indices()).toHaveLength(1);
  });

  it('reports the passages that the engine would not take, and adds the others', async () => {
    const { index, found } = open();
    const [passage] = hubs('x'.repeat(40_000));
    const report = await index.add([...hubs('a'), ...(passage === undefined ? [] : [passage]), ...hubs('b')]);
    expect(report).toMatchObject({ indexed: 2, refused: [{ id: passage?.id }] });
    expect(await found()).toEqual(['a', 'b']);
  });

  it('removes whole documents', async () => {
    const { index, found } = open();
    const second: Passage = { ...wholePassage('a', 'hub'), id: 'a#10-13', start: 10, end: 13 };
    await index.add([...hubs('a', 'b', 'c'), second]);
    expect(await index.removeDocuments(['a', 'c', 'not there'])).toBe(3);
    expect(await found()).toEqual(['b']);
    expect(await index.removeDocuments([])).toBe(0);
  });

  it('holds passages whose ids are longer than a key of the engine', async () => {
    const { index, found } = open();
    const long = 'ä'.repeat(400);
    await index.add(hubs(`${long}1`, `${long}2`));
    expect(await found()).toEqual([`${long}1`, `${long}2`]);
  });

  it('refuses to work on an index that is no alias, before it takes any passage', async () => {
    const { name, index } = open();
    const real = new OpenSearchIndex({ node, index: `${name}x`, replicas: 0 });
    await real.add([]);
    await real.close();
    const [behind = ''] = Object.keys((await (await fetch(`${node}/${name}x`)).json()) as object);
    const direct = new OpenSearchIndex({ node, index: behind });
    onTestFinished(() => direct.close());
    for (const action of [() => direct.add(hubs('a')), () => direct.reindex(hubs('a'))]) {
      const error = await errorOf(action);
      expect(error.code).toBe('engine-refused');
      expect(error.message).toContain(
        `Expected index to be the name of an alias, but "${behind}" is an index`,
      );
    }
    expect(await index.add([])).toEqual({ indexed: 0, refused: [] });
  });
});

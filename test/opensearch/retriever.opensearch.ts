import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { wholePassage, type Passage } from '../../src/core/passage.js';
import { loadCorpus, readSquadFile } from '../../src/ingest/index.js';
import { Bm25Retriever, splitPassages, type Retriever } from '../../src/retriever/index.js';
import { OpenSearchIndex, OpenSearchRetriever } from '../../src/retriever/opensearch/index.js';
import { errorOf } from '../support/error-of.js';
import { indexAndRetriever } from '../support/opensearch-retriever.js';

const node = inject('openSearchNode');

const bothOver = async (
  passages: readonly Passage[],
  options: Parameters<typeof indexAndRetriever>[2] = {},
): Promise<{ engine: Retriever; embedded: Retriever }> => {
  const { retriever: engine, close } = await indexAndRetriever(node, passages, options);
  onTestFinished(close);
  const embedded = new Bm25Retriever({
    matching: 'exact',
    ...(options.bm25 === undefined ? {} : { bm25: options.bm25 }),
  });
  for (const passage of passages) embedded.addPassage(passage);
  return { engine, embedded };
};

describe('OpenSearchRetriever beside the embedded index', () => {
  it.each([
    { shards: 1 },
    { shards: 4 },
    { shards: 1, bm25: { k1: 0.9, b: 0.4 } },
    { shards: 1, bm25: { k1: 0, b: 0 } },
  ])('gives passages of less than 40 terms the same scores: %j', async (options) => {
    const words = ['hub', 'reset', 'plug', 'a', 'é', '漢字', '1.5', "it's", 'Light'];
    const text = fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((chosen) => chosen.join(' '));
    const [texts = []] = fc.sample(fc.array(text, { minLength: 200, maxLength: 200 }), {
      numRuns: 1,
      seed: 1,
    });
    // An empty passage counts in our averages and not in Lucene's.
    const passages = texts
      .filter((content) => content !== '')
      .map((content, i) => wholePassage(`d${i}`, content));
    const { engine, embedded } = await bothOver(passages, options);
    for (const question of fc.sample(text, { numRuns: 30, seed: 2 })) {
      const expected = new Map(
        (await embedded.retrieve(question, { topK: 1000 })).map(({ id, score }) => [id, score]),
      );
      const found = await engine.retrieve(question, { topK: 1000 });
      expect(found.map(({ id }) => id).sort()).toEqual([...expected.keys()].sort());
      for (const { id, score } of found) {
        const exact = expected.get(id) ?? NaN;
        expect(Math.abs(score - exact)).toBeLessThanOrEqual(2e-6 * exact);
      }
    }
  });

  it('finds on the sample corpus what the embedded index finds, up to the length kept in one byte', async () => {
    const { documents } = await loadCorpus(['corpora/help-centre']);
    const { questions } = await readSquadFile('corpora/help-centre.questions.json');
    const passages = documents.flatMap((document) => splitPassages(document));
    const { engine, embedded } = await bothOver(passages);
    let sameFirst = 0;
    let shared = 0;
    let all = 0;
    const asked = questions.filter((_, i) => i % 3 === 0);
    for (const { question } of asked) {
      const found = await engine.retrieve(question);
      const expected = await embedded.retrieve(question);
      if (found[0]?.id === expected[0]?.id) sameFirst++;
      const ids = new Set(expected.map(({ id }) => id));
      shared += found.filter(({ id }) => ids.has(id)).length;
      all += expected.length;
    }
    expect(sameFirst / asked.length).toBeGreaterThan(0.95);
    expect(shared / all).toBeGreaterThan(0.95);
  });

  it('finds by a glob what the embedded index finds by it', async () => {
    const ids = [
      'a',
      'a/b',
      'a/b/c.md',
      'b.md',
      'a+b/c.md',
      'a/ä.md',
      'x y/#1.md',
      'a/b.c/d',
      'A/b',
      '~"<&@>/$^|.md',
    ];
    const { engine } = await bothOver(ids.map((id) => wholePassage(id, 'hub')));
    const globs = [
      '*',
      '**',
      'a/**',
      '**/*.md',
      '*.md',
      'a/?.md',
      '?/b',
      'a+b/*',
      'x y/#*',
      '*/**',
      '**/b*/**',
      '~*/**',
    ];
    for (const glob of globs) {
      const found = await engine.retrieve('hub', { topK: 100, filter: { path: glob } });
      const expected = ids.filter((id) => picomatch.isMatch(id, glob, { dot: true }));
      expect([glob, found.map(({ documentId }) => documentId).sort()]).toEqual([glob, expected.sort()]);
    }
  });
});

describe('OpenSearchRetriever', () => {
  it('refuses an index that is not there, and says so again until it is', async () => {
    const retriever = new OpenSearchRetriever({ node, index: 'not-there' });
    onTestFinished(() => retriever.close());
    for (let i = 0; i < 2; i++) {
      const error = await errorOf(() => retriever.retrieve('hub'));
      expect(error.code).toBe('engine-refused');
      expect(error.message).toContain('there is no "not-there"');
    }
    const index = new OpenSearchIndex({ node, index: 'not-there', replicas: 0 });
    await index.add([wholePassage('d', 'hub')]);
    await index.close();
    expect(await retriever.retrieve('hub')).toHaveLength(1);
  });

  it('refuses an index of something else, which would be found empty', async () => {
    await fetch(`${node}/something-else`, { method: 'PUT' });
    const retriever = new OpenSearchRetriever({ node, index: 'something-else' });
    onTestFinished(() => retriever.close());
    const error = await errorOf(() => retriever.retrieve('hub'));
    expect(error.code).toBe('engine-refused');
    expect(error.message).toContain('got index "something-else" of something else');
  });

  it('holds passages whose date is none, which no filter by date finds', async () => {
    const { engine } = await bothOver([
      { ...wholePassage('a', 'hub'), metadata: { date: 'soon' } },
      { ...wholePassage('b', 'hub'), metadata: { date: '0000-00-00' } },
    ]);
    expect(await engine.retrieve('hub')).toHaveLength(2);
    expect(await engine.retrieve('hub', { filter: { from: '2000-01-01' } })).toEqual([]);
  });

  it('passes on why the engine refuses a question: more terms than it takes in one', async () => {
    const { engine } = await bothOver([wholePassage('d', 'hub')]);
    const question = Array.from({ length: 2000 }, (_, i) => `term${i}`).join(' ');
    const error = await errorOf(() => engine.retrieve(question));
    expect(error.code).toBe('engine-refused');
    expect(error.message).toMatch(/too many clauses|maxClauseCount/iu);
  });
});

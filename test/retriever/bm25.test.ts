import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCorpus, readSquadFile } from '../../src/ingest/index.js';
import {
  analyze,
  Bm25Retriever,
  inverseDocumentFrequency,
  type DocumentFilter,
} from '../../src/retriever/index.js';
import { lengthNorm, termWeight } from '../../src/retriever/bm25.js';
import { BruteForceBm25 } from '../support/brute-force-bm25.js';
import { wholePassage } from '../../src/core/passage.js';
import { markdown } from '../support/documents.js';
import { errorOf } from '../support/error-of.js';

const retrieverOver = (texts: readonly string[], bm25 = {}): Bm25Retriever => {
  const retriever = new Bm25Retriever({ bm25, matching: 'exact' });
  texts.forEach((text, i) => retriever.addPassage(wholePassage(`d${i}`, text)));
  return retriever;
};

describe('the BM25 formula', () => {
  it('has the idf of Lucene: ln(1 + (N − n + 0.5) / (n + 0.5))', () => {
    // N = 4, n = 1: ln(1 + 3.5 / 1.5) = ln(3.3333…)
    expect(inverseDocumentFrequency(4, 1)).toBeCloseTo(1.2039728, 7);
    expect(inverseDocumentFrequency(4, 4)).toBeGreaterThan(0);
  });

  it('saturates the term frequency and normalises by length', () => {
    // tf 2, length 10, average 5, k1 1.2, b 0.75: 2 / (2 + 1.2 · (0.25 + 1.5)) = 2 / 4.1
    expect(termWeight(2, lengthNorm(10, 5, { k1: 1.2, b: 0.75 }))).toBeCloseTo(0.4878049, 7);
    expect(termWeight(3, lengthNorm(10, 5, { k1: 0, b: 0.75 }))).toBe(1);
  });
});

describe('Bm25Retriever', () => {
  it('scores as computed by hand', async () => {
    // Lengths 3, 2, 1; average 2. "hub": N = 3, n = 2, idf = ln(1 + 1.5 / 2.5) = 0.4700036.
    const [first, second] = await retrieverOver(['hub reset hub', 'hub light', 'plug']).retrieve('hub');
    // d0: 2 / (2 + 1.2 · (0.25 + 0.75 · 1.5)) = 2 / 3.65; d1: 1 / (1 + 1.2 · (0.25 + 0.75)) = 1 / 2.2
    expect(first).toMatchObject({ documentId: 'd0', rank: 1 });
    expect(first?.score).toBeCloseTo((0.4700036 * 2) / 3.65, 7);
    expect(second).toMatchObject({ documentId: 'd1', rank: 2 });
    expect(second?.score).toBeCloseTo(0.4700036 / 2.2, 7);
  });

  it('ORs the terms, counts a repeated question term twice, and finds nothing without a shared term', async () => {
    const retriever = retrieverOver(['hub reset', 'plug light']);
    expect(await retriever.retrieve('reset the light')).toHaveLength(2);
    const [once] = await retriever.retrieve('reset');
    const [twice] = await retriever.retrieve('reset reset');
    expect(twice?.score).toBe(2 * (once?.score ?? NaN));
    expect(await retriever.retrieve('thermostat')).toEqual([]);
    expect(await new Bm25Retriever().retrieve('anything')).toEqual([]);
  });

  it('orders equal scores by document id, then by position', async () => {
    const retriever = new Bm25Retriever({ matching: 'exact' });
    for (const id of ['b', 'c', 'a']) retriever.addPassage(wholePassage(id, 'hub light'));
    retriever.addPassage({ ...wholePassage('a', 'hub light'), id: 'a#20-29', start: 20, end: 29 });
    const found = await retriever.retrieve('hub');
    expect(found.map(({ documentId, start }) => `${documentId}${start}`)).toEqual(['a0', 'a20', 'b0', 'c0']);
    expect((await retriever.retrieve('hub', { topK: 2 })).map(({ start }) => start)).toEqual([0, 20]);
  });

  it('explains a score: the contributions add up to it', async () => {
    const [best] = await retrieverOver(['hub reset hub', 'hub light']).retrieve('reset the hub', {
      explain: true,
    });
    expect(
      best?.explanation?.map(({ term, termFrequency, passageFrequency }) => [
        term,
        termFrequency,
        passageFrequency,
      ]),
    ).toEqual([
      ['reset', 1, 1],
      ['hub', 2, 2],
    ]);
    expect(best?.explanation?.reduce((sum, { contribution }) => sum + contribution, 0)).toBe(best?.score);
  });

  it('searches title and headings with the text, each once', async () => {
    const retriever = new Bm25Retriever({ matching: 'exact' });
    retriever.addPassage({
      ...wholePassage('x', 'two years'),
      title: 'Warranty',
      headings: ['Warranty', 'Hub'],
    });
    retriever.addPassage(wholePassage('y', 'other'));
    const [found] = await retriever.retrieve('warranty hub', { explain: true });
    expect(found?.explanation?.map(({ termFrequency }) => termFrequency)).toEqual([1, 1]);
  });

  it('applies a filter', async () => {
    const retriever = retrieverOver(['hub', 'hub', 'hub']);
    const found = await retriever.retrieve('hub', { filter: (id) => id !== 'd1' });
    expect(found.map(({ documentId }) => documentId)).toEqual(['d0', 'd2']);
  });

  it('filters by tag, path and date', async () => {
    const retriever = new Bm25Retriever({ matching: 'exact' });
    const metadata = { tags: ['eu', 'old'], date: '2026-03-01' };
    retriever.addPassage({ ...wholePassage('guides/a.md', 'hub'), metadata });
    retriever.addPassage({ ...wholePassage('guides/deep/b.md', 'hub'), metadata: { tags: ['us'] } });
    retriever.addPassage({ ...wholePassage('c.md', 'hub'), metadata: { date: '2026-03-02T10:00:00Z' } });
    const found = async (filter: DocumentFilter): Promise<string[]> =>
      (await retriever.retrieve('hub', { filter })).map(({ documentId }) => documentId);
    expect(await found({ tags: ['eu', 'us'] })).toEqual(['guides/a.md', 'guides/deep/b.md']);
    expect(await found({ path: 'guides/*' })).toEqual(['guides/a.md']);
    expect(await found({ path: 'guides/**' })).toEqual(['guides/a.md', 'guides/deep/b.md']);
    expect(await found({ from: '2026-03-01', to: '2026-03-01' })).toEqual(['guides/a.md']);
    expect(await found({ from: '2026-03-02' })).toEqual(['c.md']);
    expect(await found({ to: '2026-03-02T09:00:00Z' })).toEqual(['guides/a.md']);
    expect(await found({ path: '**/*.md', tags: ['old'], to: '2027-01-01' })).toEqual(['guides/a.md']);
    for (const filter of [{ tags: [] }, { path: ' ' }, { from: 'yesterday' }, { to: '2026-13-01' }]) {
      expect((await errorOf(() => found(filter))).code).toBe('invalid-option');
    }
  });

  it('counts up to 255 occurrences of a term exactly', async () => {
    const texts = ['a '.repeat(254), 'a '.repeat(255), 'a '.repeat(300)];
    const found = await retrieverOver(texts, { b: 0 }).retrieve('a', { explain: true });
    const counts = new Map(
      found.map(({ documentId, explanation }) => [documentId, explanation?.[0]?.termFrequency]),
    );
    expect([...counts].sort()).toEqual([
      ['d0', 254],
      ['d1', 255],
      ['d2', 255],
    ]);
  });

  it('ranks exactly as a brute-force BM25 does, with equal scores, for random texts and parameters', async () => {
    const text = fc.string({
      unit: fc.constantFrom('hub ', 'reset ', 'plug ', 'a ', 'é ', '漢字', '1.5 ', "it's "),
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 12 }),
        text,
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (texts, question, k1, b) => {
          const bruteForce = new BruteForceBm25();
          texts.forEach((content, i) => bruteForce.add(wholePassage(`d${i}`, content)));
          const found = await retrieverOver(texts, { k1, b }).retrieve(question, { topK: 100 });
          expect(found.map(({ id, score }) => ({ id, score }))).toEqual(bruteForce.rank(question, { k1, b }));
        },
      ),
    );
  });

  it('ranks exactly as a brute-force BM25 does for questions of the sample corpus', async () => {
    const { documents } = await loadCorpus(['corpora/help-centre']);
    const { questions } = await readSquadFile('corpora/help-centre.questions.json');
    const retriever = new Bm25Retriever({ matching: 'exact' });
    for (const document of documents) retriever.addDocument(document);
    const bruteForce = new BruteForceBm25();
    // A question that holds every word finds every passage.
    const all = await retriever.retrieve(documents.map(({ text }) => text).join(' '), {
      topK: retriever.size,
    });
    expect(all).toHaveLength(retriever.size);
    for (const passage of all) bruteForce.add(passage);
    for (const { question } of questions.filter((_, i) => i % 4 === 0)) {
      const found = await retriever.retrieve(question, { topK: 20 });
      expect(found.map(({ id, score }) => ({ id, score }))).toEqual(bruteForce.rank(question).slice(0, 20));
    }
  });

  it.each([
    ['topK', () => retrieverOver(['x']).retrieve('x', { topK: 0 })],
    ['k1', () => new Bm25Retriever({ bm25: { k1: -1 } })],
    ['b', () => new Bm25Retriever({ bm25: { b: 1.5 } })],
    ['maxWords', () => new Bm25Retriever({ passages: { maxWords: 0 } }).addDocument(markdown('d', 'Text.'))],
    [
      'overlapWords',
      () => new Bm25Retriever({ passages: { overlapWords: 100 } }).addDocument(markdown('d', 'Text.')),
    ],
  ])('refuses %s out of range, naming it', async (name, action) => {
    const error = await errorOf(action);
    expect(error.code).toBe('invalid-option');
    expect(error.message).toContain(`Expected ${name} to be`);
  });

  it('stops for an aborted signal', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(retrieverOver(['x']).retrieve('x', { signal })).rejects.toThrow('enough');
  });
});

describe('analyze', () => {
  it.each([
    ["The hub's LED isn't on", ['the', 'hub', 'led', 'isnt', 'on']],
    ['Café naïve ＡＢＣ', ['cafe', 'naive', 'abc']],
    ['Error E7, 1889 and 3.3', ['error', 'e7', '1889', 'and', '3', '3']],
    ['retention.hours --json', ['retention', 'hours', 'json']],
    ['東京タワー tower', ['東', '京', 'タ', 'ワ', 'ー', 'tower']],
    ['  …!? ', []],
  ])('%j', (text, terms) => {
    expect(analyze(text)).toEqual(terms);
  });
});

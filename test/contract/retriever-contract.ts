import { describe, expect, it, onTestFinished } from 'vitest';
import { comparePosition, wholePassage, type Passage } from '../../src/core/passage.js';
import type { Retriever } from '../../src/retriever/index.js';
import { errorOf } from '../support/error-of.js';

export interface OpenRetriever {
  readonly retriever: Retriever;
  readonly close: () => Promise<void>;
}

export interface RetrieverTraits {
  /** Scores are those of the formula in double precision; otherwise in single precision. */
  readonly exactScores: boolean;
  /** Documents can be filtered by a function; otherwise it is refused. */
  readonly functionFilters: boolean;
  /** What an engine cannot do, with the reason. @defaultValue nothing */
  readonly cannot?: Readonly<Partial<Record<Ability, string>>>;
}

/** What a retriever over documents of others may lack. */
export type Ability =
  | 'BM25 scores'
  | 'order of equal scores'
  | 'any term'
  | 'repeated terms'
  | 'folding'
  | 'unspaced scripts'
  | 'long terms'
  | 'parts of documents'
  | 'explanations'
  | 'criteria';

const DATED: readonly Passage[] = [
  { ...wholePassage('guides/hub.md', 'hub'), metadata: { tags: ['guide', 'hub'], date: '2026-03-01' } },
  { ...wholePassage('guides/de/hub.md', 'hub'), metadata: { tags: ['guide'], date: '2026-06-30T22:15:00Z' } },
  { ...wholePassage('faq.md', 'hub'), metadata: { tags: ['FAQ'] } },
  wholePassage('notes.txt', 'hub'),
];

/** What every retriever owes its callers, whatever is behind it. */
export function describeRetriever(
  name: string,
  makeRetriever: (passages: readonly Passage[]) => Promise<OpenRetriever>,
  { exactScores, functionFilters, cannot = {} }: RetrieverTraits,
): void {
  /** Skips the test, saying why, where the engine cannot do it. */
  const needs = ({ skip }: { skip: (why: string) => void }, ...abilities: Ability[]): void => {
    for (const ability of abilities) {
      const reason = cannot[ability];
      if (reason !== undefined) skip(`${ability}: ${reason}`);
    }
  };
  const digits = exactScores ? 12 : 5;

  const retrieverOver = async (passages: readonly Passage[]): Promise<Retriever> => {
    const { retriever, close } = await makeRetriever(passages);
    onTestFinished(close);
    return retriever;
  };
  const overTexts = (...texts: readonly string[]): Promise<Retriever> =>
    retrieverOver(texts.map((text, i) => wholePassage(`d${i}`, text)));
  const idsFound = async (
    retriever: Retriever,
    ...question: Parameters<Retriever['retrieve']>
  ): Promise<string[]> => (await retriever.retrieve(...question)).map(({ documentId }) => documentId);

  describe(`the contract of a retriever: ${name}`, () => {
    it('returns the best passages first, ranked from 1, with the scores of BM25', async (context) => {
      const retriever = await overTexts('plug', 'hub light', 'hub reset hub');
      const found = await retriever.retrieve('hub');
      expect(found.map(({ documentId, rank }) => [documentId, rank])).toEqual([
        ['d2', 1],
        ['d1', 2],
      ]);
      needs(context, 'BM25 scores');
      // Lengths 1, 2, 3; average 2; N = 3, n = 2: idf = ln(1 + 1.5 / 2.5). k1 = 1.2, b = 0.75:
      // d2: 2 / (2 + 1.2 · (0.25 + 0.75 · 3 / 2)) = 2 / 3.65; d1: 1 / (1 + 1.2 · (0.25 + 0.75)) = 1 / 2.2
      expect(found[0]?.score).toBeCloseTo((Math.log(1.6) * 2) / 3.65, digits);
      expect(found[1]?.score).toBeCloseTo(Math.log(1.6) / 2.2, digits);
    });

    it('returns topK passages at most, ten if nothing is said, and all there are if topK is larger', async () => {
      const retriever = await overTexts(...Array.from({ length: 12 }, () => 'hub'));
      expect(await retriever.retrieve('hub', { topK: 1 })).toHaveLength(1);
      expect(await retriever.retrieve('hub', { topK: 11 })).toHaveLength(11);
      expect(await retriever.retrieve('hub')).toHaveLength(10);
      expect(await retriever.retrieve('hub', { topK: 1000 })).toHaveLength(12);
    });

    it('orders equal scores by document id in code units, then by position', async (context) => {
      needs(context, 'order of equal scores');
      const at = (documentId: string, start: number): Passage => ({
        ...wholePassage(documentId, 'hub light'),
        ...{ id: `${documentId}#${start}-${start + 9}`, start, end: start + 9 },
      });
      const passages = [
        at('b', 0),
        at('a', 100),
        at('B', 0),
        at('a', 20),
        at('ä', 0),
        at('a', 0),
        at('a-', 0),
      ];
      const found = await (await retrieverOver(passages)).retrieve('hub');
      const expected = [...passages].sort(comparePosition).map(({ id }) => id);
      expect(found.map(({ id }) => id)).toEqual(expected);
      expect(expected.slice(0, 4)).toEqual(['B#0-9', 'a#0-9', 'a#20-29', 'a#100-109']);
      const best = await (await retrieverOver(passages)).retrieve('hub', { topK: 3 });
      expect(best.map(({ id }) => id)).toEqual(expected.slice(0, 3));
    });

    it('finds nothing without a shared term, and nothing in an empty index', async () => {
      const retriever = await overTexts('hub reset', 'plug light');
      expect(await retriever.retrieve('thermostat')).toEqual([]);
      expect(await retriever.retrieve('')).toEqual([]);
      expect(await retriever.retrieve(' …!? ')).toEqual([]);
      expect(await (await retrieverOver([])).retrieve('hub')).toEqual([]);
    });

    it('finds passages that share any term, and counts a repeated question term twice', async (context) => {
      needs(context, 'any term');
      const retriever = await overTexts('hub reset', 'plug light');
      expect(await retriever.retrieve('reset the light')).toHaveLength(2);
      needs(context, 'repeated terms');
      const [once] = await retriever.retrieve('reset');
      const [twice] = await retriever.retrieve('reset reset');
      expect((twice?.score ?? NaN) / (once?.score ?? NaN)).toBeCloseTo(2, digits);
    });

    it('does not tell letters apart by case or accent, and finds single characters of unspaced scripts', async (context) => {
      const retriever = await overTexts('Das CAFÉ', '東京タワー', 'E7 error');
      needs(context, 'folding');
      expect(await idsFound(retriever, 'cafe')).toEqual(['d0']);
      needs(context, 'unspaced scripts');
      expect(await idsFound(retriever, '京')).toEqual(['d1']);
      expect(await idsFound(retriever, "e7's")).toEqual(['d2']);
    });

    it('searches title and headings with the text, each once', async (context) => {
      needs(context, 'parts of documents', 'explanations');
      const titled = { title: 'Warranty', headings: ['Warranty', 'Hub'] };
      const retriever = await retrieverOver([
        { ...wholePassage('x', 'two years'), ...titled },
        wholePassage('y', 'other'),
      ]);
      const [found] = await retriever.retrieve('warranty hub', { explain: true });
      expect(found).toMatchObject({ documentId: 'x', ...titled });
      expect(found?.explanation?.map(({ termFrequency }) => termFrequency)).toEqual([1, 1]);
    });

    it('holds terms of any length', async (context) => {
      needs(context, 'long terms');
      const long = 'x'.repeat(40_000);
      const retriever = await overTexts(`hub ${long} light`, 'hub');
      expect(await idsFound(retriever, long)).toEqual(['d0']);
      expect(await idsFound(retriever, 'light')).toEqual(['d0']);
    });

    it('gives passages back as they were put in, emoji, line ends and all', async (context) => {
      needs(context, 'parts of documents');
      const passage: Passage = {
        id: 'a/b c#7-42',
        documentId: 'a/b c',
        title: 'Title “quoted” 😀',
        uri: 'https://example.com/a/b%20c?x=1#y',
        metadata: { tags: ['ä', 'x y'], date: '2026-11-21T08:00:00+01:00' },
        headings: ['One', 'Two'],
        start: 7,
        end: 42,
        text: 'hub \r\n\t👩‍👩‍👧 e\u0301 \u0000\u2028 </script> "\\" \u{10FFFF} end\n',
        anchors: [
          { start: 0, line: 3 },
          { start: 9, line: 4, fragment: 'two' },
          { start: 30, page: 2 },
        ],
      };
      const [found] = await (await retrieverOver([passage])).retrieve('hub');
      expect(found).toEqual({ ...passage, score: found?.score, rank: 1 });
    });

    it('explains a score: the contributions of the terms add up to it, in the order of the question', async (context) => {
      needs(context, 'explanations');
      const retriever = await overTexts('hub reset hub', 'hub light', 'plug');
      const found = await retriever.retrieve('reset the hub hub', { explain: true });
      expect(
        found[0]?.explanation?.map(({ term, queryFrequency, termFrequency, passageFrequency }) => ({
          ...{ term, queryFrequency, termFrequency, passageFrequency },
        })),
      ).toEqual([
        { term: 'reset', queryFrequency: 1, termFrequency: 1, passageFrequency: 1 },
        { term: 'hub', queryFrequency: 2, termFrequency: 2, passageFrequency: 2 },
      ]);
      expect(found[0]?.explanation?.[1]?.inverseDocumentFrequency).toBeCloseTo(Math.log(1.6), 12);
      for (const { score, explanation = [] } of found) {
        expect(explanation.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(
          score,
          digits,
        );
      }
      expect((await retriever.retrieve('hub'))[0]).not.toHaveProperty('explanation');
    });

    it.for<[string, Parameters<Retriever['retrieve']>[1], string[]]>([
      ['one of its tags', { filter: { tags: ['hub', 'FAQ'] } }, ['faq.md', 'guides/hub.md']],
      ['a tag as it is spelt', { filter: { tags: ['faq'] } }, []],
      ['a folder', { filter: { path: 'guides/**' } }, ['guides/de/hub.md', 'guides/hub.md']],
      ['names in one folder', { filter: { path: 'guides/*' } }, ['guides/hub.md']],
      ['names in any folder', { filter: { path: '**/h?b.md' } }, ['guides/de/hub.md', 'guides/hub.md']],
      ['a whole id', { filter: { path: 'faq.md' } }, ['faq.md']],
      ['a first day', { filter: { from: '2026-06-30' } }, ['guides/de/hub.md']],
      ['a last day', { filter: { to: '2026-06-30' } }, ['guides/de/hub.md', 'guides/hub.md']],
      ['a last instant', { filter: { to: '2026-06-30T22:14:59Z' } }, ['guides/hub.md']],
      [
        'a first instant, in another time zone',
        { filter: { from: '2026-07-01T00:15:00+02:00' } },
        ['guides/de/hub.md'],
      ],
      [
        'everything together',
        { filter: { tags: ['guide'], path: 'guides/**', from: '2026-01-01', to: '2026-03-01' } },
        ['guides/hub.md'],
      ],
    ])('filters by %s', async ([, options, expected], context) => {
      needs(context, 'criteria');
      const retriever = await retrieverOver(DATED);
      expect(await idsFound(retriever, 'hub', options)).toEqual(expected);
    });

    it('scores the same with a filter as without', async (context) => {
      needs(context, 'criteria');
      const retriever = await retrieverOver(DATED);
      const [filtered] = await retriever.retrieve('hub', { filter: { path: 'faq.md' } });
      const all = await retriever.retrieve('hub');
      expect(filtered?.score).toBe(all.find(({ documentId }) => documentId === 'faq.md')?.score);
    });

    it(functionFilters ? 'filters by a function' : 'refuses to filter by a function', async () => {
      const retriever = await retrieverOver(DATED);
      const filter = (id: string): boolean => id.startsWith('faq');
      if (functionFilters) {
        expect(await idsFound(retriever, 'hub', { filter })).toEqual(['faq.md']);
      } else {
        const error = await errorOf(() => retriever.retrieve('hub', { filter }));
        expect(error.code).toBe('invalid-option');
        expect(error.message).toContain('Expected filter to be');
      }
    });

    it.each<[string, Parameters<Retriever['retrieve']>[1]]>([
      ['topK', { topK: 0 }],
      ['topK', { topK: 1.5 }],
      ['topK', { topK: NaN }],
      ['filter.tags', { filter: { tags: [] } }],
      ['filter.path', { filter: { path: ' ' } }],
      ['filter.from', { filter: { from: 'yesterday' } }],
      ['filter.to', { filter: { to: '2026-13-01' } }],
    ])('refuses %s out of range, naming it', async (option, options) => {
      const retriever = await overTexts('hub');
      const error = await errorOf(() => retriever.retrieve('hub', options));
      expect(error.code).toBe('invalid-option');
      expect(error.message).toContain(`Expected ${option} to `);
    });

    it('stops for an aborted signal, with its reason', async () => {
      const retriever = await overTexts('hub');
      const reason = new Error('enough');
      await expect(retriever.retrieve('hub', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    });

    it('answers questions that come at once as it answers them one by one', async () => {
      const retriever = await overTexts('hub reset hub', 'hub light', 'plug hub reset');
      const questions = Array.from({ length: 20 }, (_, i) => ['hub', 'reset', 'light plug'][i % 3] ?? '');
      const together = await Promise.all(questions.map((question) => retriever.retrieve(question)));
      for (const [i, question] of questions.entries())
        expect(together[i]).toEqual(await retriever.retrieve(question));
    });
  });
}

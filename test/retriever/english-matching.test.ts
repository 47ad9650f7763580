import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wholePassage, type TermContribution } from '../../src/core/passage.js';
import { loadCorpus, readSquadFile } from '../../src/ingest/index.js';
import { bestWindow } from '../../src/retriever/best-window.js';
import { Bm25Retriever } from '../../src/retriever/index.js';
import { editDistance } from '../../src/retriever/spelling.js';
import { BruteForceBm25 } from '../support/brute-force-bm25.js';
import { BruteForceEnglish } from '../support/brute-force-english.js';
import { errorOf } from '../support/error-of.js';

const retrieverOver = (texts: readonly string[], options = {}): Bm25Retriever => {
  const retriever = new Bm25Retriever(options);
  texts.forEach((text, i) => retriever.addPassage(wholePassage(`d${String(i).padStart(3, '0')}`, text)));
  return retriever;
};
const idsFound = async (retriever: Bm25Retriever, question: string): Promise<string[]> =>
  (await retriever.retrieve(question)).map(({ documentId }) => documentId);
const explained = async (
  retriever: Bm25Retriever,
  question: string,
): Promise<readonly (readonly TermContribution[])[]> =>
  (await retriever.retrieve(question, { explain: true })).map(({ explanation = [] }) => explanation);

describe('english matching', () => {
  it('counts another form of a word half, and one idf for all its forms', async () => {
    // Three passages of length 2; "walk" or "walked" in two of them: idf = ln(1 + 1.5 / 2.5) = ln 1.6; norm = 0.9.
    const [whole, half] = await retrieverOver(['walk home', 'walked home', 'sit still']).retrieve('walk');
    // Term weights 1 / 1.9 and 0.5 / 1.4; the window adds 0.4 · ln 1.6 to both.
    expect(whole).toMatchObject({ documentId: 'd000', rank: 1 });
    expect(whole?.score).toBeCloseTo(Math.log(1.6) * (1 / 1.9 + 0.4), 12);
    expect(half).toMatchObject({ documentId: 'd001', rank: 2 });
    expect(half?.score).toBeCloseTo(Math.log(1.6) * (0.5 / 1.4 + 0.4), 12);
  });

  it('adds the forms up before it saturates them', async () => {
    // tf~ = 1 + 0.5 · (1 + 2) = 2.5; N = n = 1: idf = ln(1 + 0.5 / 1.5)
    const [found] = await retrieverOver(['walk walks walking walking']).retrieve('walk');
    expect(found?.score).toBeCloseTo(Math.log(4 / 3) * (2.5 / 3.4 + 0.4), 12);
  });

  it('finds a passage that holds only another form of a word that no passage holds', async () => {
    const retriever = retrieverOver(['the hub was installed', 'plug']);
    expect(await idsFound(retriever, 'installing')).toEqual(['d000']);
    expect(await explained(retriever, 'installing')).toMatchObject([
      [{ term: 'installing', termFrequency: 0, forms: [{ term: 'installed', termFrequency: 1 }] }],
    ]);
  });

  it('leaves question words out, unless there are no other words', async () => {
    const retriever = retrieverOver(['how to do it', 'reset']);
    expect(await idsFound(retriever, 'How do I reset?')).toEqual(['d001']);
    expect(await idsFound(retriever, 'How do?')).toEqual(['d000']);
    expect((await explained(retriever, 'How do I reset?'))[0]?.map(({ term }) => term)).toEqual(['reset']);
  });

  it('prefers question terms that stand near each other', async () => {
    const gap = (words: number): string => `hub ${'and '.repeat(words)}reset${' or'.repeat(20 - words)}`;
    const [near, far] = await retrieverOver([gap(9), gap(8), 'plug']).retrieve('hub reset');
    // Nine words between make the window too short by one. Both idf: N = 3, n = 2: ln 1.6; lengths 22, 22, 1: average 15.
    const bm25 = (2 * Math.log(1.6)) / (1 + 0.9 * (0.25 + (0.75 * 22) / 15));
    expect(near?.documentId).toBe('d001');
    expect(near?.score).toBeCloseTo(bm25 + 0.4 * 2 * Math.log(1.6), 12);
    expect(far?.score).toBeCloseTo(bm25 + 0.4 * Math.log(1.6), 12);
  });

  it('takes a term that it does not know for the nearest spellings that it knows', async () => {
    const retriever = retrieverOver(['thermostat', 'thermostats', 'thermometer']);
    // One error to thermostat (two letters exchanged), two to thermostats, which is another form of it.
    expect(await idsFound(retriever, 'thermotsat')).toEqual(['d000', 'd001']);
    expect(await explained(retriever, 'thermotsat')).toMatchObject([
      [{ term: 'thermostat', correctedFrom: 'thermotsat', termFrequency: 1, passageFrequency: 2 }],
      [
        {
          term: 'thermostat',
          correctedFrom: 'thermotsat',
          termFrequency: 0,
          forms: [{ term: 'thermostats', termFrequency: 1 }],
        },
      ],
    ]);
  });

  it.each([
    ['a term that is known, however rare', 'reset', ['reset', 'resat', 'resat'], ['d000']],
    ['a term of which a form is known', 'resets', ['reset', 'rests'], ['d000']],
    ['a term of three letters', 'hab', ['hub'], []],
    ['a term with a digit', 'e1985', ['e1986', 'exit'], []],
    ['another first letter', 'beset', ['reset'], []],
    ['two errors in seven letters', 'resettt', ['reset'], []],
  ])('does not correct: %s', async (_, question, texts, expected) => {
    expect(await idsFound(retrieverOver(texts), question)).toEqual(expected);
  });

  it('corrects one error in four letters, and two in eight', async () => {
    const retriever = retrieverOver(['plug', 'warranty']);
    expect(await idsFound(retriever, 'plog')).toEqual(['d000']);
    expect(await idsFound(retriever, 'warrentie')).toEqual([]);
    expect(await idsFound(retriever, 'warrenti')).toEqual(['d001']);
    expect(await idsFound(retriever, 'warenti')).toEqual([]);
  });

  it('takes the three commonest of equally near spellings, each in full', async () => {
    const retriever = retrieverOver(['cast', 'cost cost', 'cost', 'cust', 'cust', 'cest', 'cest']);
    // cost, cest and cust stand in two passages each, cast in one: N = 7, n = 6, idf = ln(1 + 1.5 / 6.5).
    const found = await retriever.retrieve('cxst', { explain: true });
    expect(found.map(({ documentId }) => documentId).sort()).not.toContain('d000');
    expect(found).toHaveLength(6);
    // The commonest comes first; equally common ones in code-unit order.
    expect(found[0]?.explanation?.[0]).toMatchObject({ term: 'cest', passageFrequency: 6 });
    const single = found.find(({ documentId }) => documentId === 'd002');
    const norm = 0.9 * (0.25 + (0.75 * 1) / (8 / 7));
    expect(single?.score).toBeCloseTo(Math.log(1 + 1.5 / 6.5) * (1 / (1 + norm) + 0.4), 12);
  });

  it('knows terms that are added after the first search', async () => {
    const retriever = retrieverOver(['plug']);
    expect(await idsFound(retriever, 'reseting walks')).toEqual([]);
    retriever.addPassage(wholePassage('later', 'resetting and walking'));
    expect(await idsFound(retriever, 'walks')).toEqual(['later']);
    expect(await idsFound(retriever, 'reseting')).toEqual(['later']);
  });

  it('explains a score: parts of the window are parts of the contributions, which add up to it', async () => {
    const texts = ['walked to the hub', `hub ${'or '.repeat(12)}walks`, 'walk'];
    const found = await retrieverOver(texts).retrieve('who walks to a hub hub', { explain: true });
    for (const { score, explanation = [] } of found) {
      expect(explanation.reduce((sum, { contribution }) => sum + contribution, 0)).toBe(score);
    }
    const windows = found.map(({ documentId, explanation = [] }) => [
      documentId,
      explanation.map(({ term, windowContribution }) => [term, windowContribution !== undefined]),
    ]);
    expect(windows).toContainEqual([
      'd000',
      [
        ['walks', true],
        ['to', true],
        ['hub', true],
      ],
    ]);
    // idf of walks (n = 3) is less than that of hub (n = 2).
    expect(windows).toContainEqual([
      'd001',
      [
        ['walks', false],
        ['hub', true],
      ],
    ]);
  });

  it('looks at the nearness in the 100 best only; the others follow by BM25', async () => {
    // Longer ones score less; all hold "hub" once.
    const texts = Array.from({ length: 120 }, (_, i) => `hub${' plug'.repeat(i)}`);
    const found = await retrieverOver(texts).retrieve('hub', { topK: 200, explain: true });
    expect(found).toHaveLength(120);
    expect(found.map(({ documentId }) => Number(documentId.slice(1)))).toEqual(Array.from(texts.keys()));
    const withWindow = found.map(({ explanation }) => explanation?.[0]?.windowContribution !== undefined);
    expect(withWindow).toEqual(texts.map((_, i) => i < 100));
    found.forEach(({ score }, i) => {
      expect(score).toBeLessThanOrEqual(found[i - 1]?.score ?? Infinity);
    });
    const few = await retrieverOver(texts).retrieve('hub', { topK: 3, explain: true });
    expect(few).toEqual(found.slice(0, 3));
  });

  it('ranks exactly as its definition, with equal scores, for random texts, forms, misspellings and parameters', async () => {
    const word = fc.constantFrom(
      ...[
        'walk ',
        'walks ',
        'walking ',
        'walkng ',
        'what ',
        'did ',
        'install ',
        'installation ',
        'instalation ',
      ],
      ...['cast ', 'cost ', 'cust ', 'coast ', 'cxst ', 'hub ', 'a ', 'é ', '漢字', '1985 ', '1986 ', '. '],
    );
    const text = fc.string({ unit: word, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 12 }),
        fc.string({ unit: word, maxLength: 8 }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 12 }),
        async (texts, question, k1, b, topK) => {
          const bruteForce = new BruteForceEnglish();
          texts.forEach((content, i) =>
            bruteForce.add(wholePassage(`d${String(i).padStart(3, '0')}`, content)),
          );
          const found = await retrieverOver(texts, { bm25: { k1, b } }).retrieve(question, { topK });
          expect(found.map(({ id, score }) => ({ id, score }))).toEqual(
            bruteForce.rank(question, { k1, b }).slice(0, topK),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('ranks exactly as its definition where more than 100 passages are found', async () => {
    const words = ['walk', 'walks', 'walked', 'hub', 'hubs', 'reset', 'the', 'of', 'plug', 'light'];
    const text = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 25 });
    const texts = fc.array(text, { minLength: 150, maxLength: 250 });
    await fc.assert(
      fc.asyncProperty(texts, text, fc.constantFrom(1, 10, 100, 101, 300), async (all, question, topK) => {
        const bruteForce = new BruteForceEnglish();
        const contents = all.map((list) => list.join(' '));
        contents.forEach((content, i) =>
          bruteForce.add(wholePassage(`d${String(i).padStart(3, '0')}`, content)),
        );
        const asked = question.slice(0, 4).join(' ');
        const found = await retrieverOver(contents).retrieve(asked, { topK });
        expect(found.map(({ id, score }) => ({ id, score }))).toEqual(bruteForce.rank(asked).slice(0, topK));
      }),
      { numRuns: 20 },
    );
  });

  it('ranks exactly as its definition for questions of the sample corpus', async () => {
    const { documents } = await loadCorpus(['corpora/help-centre']);
    const { questions } = await readSquadFile('corpora/help-centre.questions.json');
    const retriever = new Bm25Retriever();
    for (const document of documents) retriever.addDocument(document);
    const bruteForce = new BruteForceEnglish();
    const everything = documents.map(({ text }) => text).join(' ');
    for (const passage of await retriever.retrieve(everything, { topK: retriever.size }))
      bruteForce.add(passage);
    for (const { question } of questions.filter((_, i) => i % 16 === 0)) {
      const found = await retriever.retrieve(question);
      expect(found.map(({ id, score }) => ({ id, score }))).toEqual(bruteForce.rank(question).slice(0, 10));
    }
  });

  it('is what is done if nothing is said; exact matching is plain BM25 with k1 1.2', async () => {
    const texts = ['walk home', 'walked home', 'what'];
    const bruteForce = new BruteForceBm25();
    texts.forEach((text, i) => bruteForce.add(wholePassage(`d00${i}`, text)));
    const exact = await retrieverOver(texts, { matching: 'exact' }).retrieve('what walk');
    expect(exact.map(({ id, score }) => ({ id, score }))).toEqual(
      bruteForce.rank('what walk', { k1: 1.2, b: 0.75 }),
    );
    expect(await retrieverOver(texts, { matching: 'english' }).retrieve('what walk')).toEqual(
      await retrieverOver(texts).retrieve('what walk'),
    );
    const error = await errorOf(() => new Bm25Retriever({ matching: 'fuzzy' as 'exact' }));
    expect(error).toMatchObject({
      code: 'invalid-option',
      message: 'Expected matching to be "english" or "exact", got "fuzzy".',
    });
  });
});

describe('the best window', () => {
  const hits = (
    ...places: readonly (readonly [position: number, term: number])[]
  ): Parameters<typeof bestWindow>[0] => places.map(([position, term]) => ({ position, term }));

  it.each([
    ['of nothing is empty', hits(), []],
    ['holds terms less than its length apart', hits([0, 0], [9, 1]), [0, 1]],
    ['ends before the length is reached', hits([0, 0], [10, 1]), [1]],
    ['counts a term once', hits([0, 0], [1, 0], [2, 0], [20, 1]), [1]],
    ['moves on with the latest place of a term', hits([0, 0], [5, 0], [12, 1]), [0, 1]],
    ['may be hit twice in one place', hits([3, 0], [3, 2], [20, 1]), [0, 2]],
    ['is not only the last', hits([0, 2], [1, 1], [30, 2]), [1, 2]],
  ])('%s', (_, places, expected) => {
    expect(bestWindow(places, [1, 2, 3], 10)).toEqual(expected);
  });

  it('is the first of equal ones', () => {
    expect(bestWindow(hits([0, 1], [20, 0]), [2, 2], 10)).toEqual([1]);
  });
});

describe('errors between terms', () => {
  it.each([
    ['hub', 'hub', 0],
    ['hub', 'hubs', 1],
    ['hubs', 'hub', 1],
    ['hub', 'hob', 1],
    ['hub', 'hbu', 1],
    ['reset', 'rsete', 2],
    ['reset', 'plugs', 3],
  ])('%s, %s: %i', (a, b, errors) => {
    expect(editDistance(a, b, 2)).toBe(errors);
  });
});

import { describe, expect, it } from 'vitest';
import { wholePassage, type RetrievedPassage } from '../../src/core/passage.js';
import { highlights } from '../../src/server/answers/highlights.js';
import { contractClient, type Client } from './support/contract.js';
import { reply } from './support/reply.js';
import { serve } from './support/serve.js';

interface Page {
  readonly passages: readonly (RetrievedPassage & { highlights: { start: number; end: number }[] })[];
  readonly offset: number;
  readonly next?: number;
}

const client = async (): Promise<Client> => contractClient(await serve());

describe('GET /v1/search', () => {
  it('finds passages with rank, score and the words of the question', async () => {
    const { body } = reply(
      await (await client()).get('/v1/search?q=How+long+is+the+warranty%3F').expect(200),
    );
    const [first] = (body as Page).passages;
    expect(first).toMatchObject({ documentId: 'guides/warranty.md', rank: 1 });
    expect(first?.highlights.map(({ start, end }) => first.text.slice(start, end))).toEqual(
      expect.arrayContaining(['warranty']),
    );
    expect(first).not.toHaveProperty('explanation');
  });

  it('explains scores where that is asked for', async () => {
    const { body } = reply(await (await client()).get('/v1/search?q=warranty&explain=true').expect(200));
    expect((body as Page).passages[0]?.explanation?.length).toBeGreaterThan(0);
  });

  it('gives page after page what one page gives', async () => {
    const server = await client();
    const all = (await server.get('/v1/search?q=the+lamp&limit=50').expect(200)).body as Page;
    expect(all.passages.length).toBeGreaterThan(2);
    expect(all).not.toHaveProperty('next');
    const paged: unknown[] = [];
    for (let next: number | undefined = 0; next !== undefined;) {
      const { body } = reply(await server.get(`/v1/search?q=the+lamp&limit=2&offset=${next}`).expect(200));
      const page = body as Page;
      expect(page.offset).toBe(next);
      expect(page.passages.length).toBeLessThanOrEqual(2);
      paged.push(...page.passages);
      next = page.next;
    }
    expect(paged).toEqual(all.passages);
    const shallow = (await server.get('/v1/search?q=the+lamp&topK=1')).body as Page;
    expect(shallow.passages).toEqual(all.passages.slice(0, 1));
    expect(shallow).not.toHaveProperty('next');
    expect((await server.get('/v1/search?q=lamp&offset=100')).body).toEqual({ passages: [], offset: 100 });
  });

  it('filters by tag, path and date', async () => {
    const server = await client();
    const idsOf = async (filter: string): Promise<string[]> => {
      const { body } = reply(await server.get(`/v1/search?q=lamp+warranty+returns&${filter}`).expect(200));
      return [...new Set((body as Page).passages.map(({ documentId }) => documentId))].sort();
    };
    expect(await idsOf('tag=orders')).toEqual(['guides/returns.md']);
    expect(await idsOf('tag=orders&tag=warranty')).toEqual(['guides/returns.md', 'guides/warranty.md']);
    expect(await idsOf('path=*.md')).toEqual(['colours.md']);
    expect(await idsOf('from=2026-01-01')).toEqual(['guides/warranty.md']);
    expect(await idsOf('to=2025-12-31')).toEqual(['guides/returns.md']);
  });

  it('answers 304 to a client that has the page, and 200 after a change', async () => {
    const server = await client();
    const { headers } = await server.get('/v1/search?q=warranty').expect(200);
    const tag = headers['etag'] ?? '';
    await server.get('/v1/search?q=warranty').set('If-None-Match', tag).expect(304);
    await server.put('/v1/documents/new').send({ text: 'Another warranty.' }).expect(201);
    await server.get('/v1/search?q=warranty').set('If-None-Match', tag).expect(200);
  });

  it.each([
    ['no question', ''],
    ['an empty question', 'q='],
    ['two questions', 'q=a&q=b'],
    ['an unknown parameter', 'q=a&page=2'],
    ['a limit of 0', 'q=a&limit=0'],
    ['a limit that is no number', 'q=a&limit=ten'],
    ['a negative offset', 'q=a&offset=-1'],
    ['more passages than allowed', 'q=a&topK=101'],
    ['a key that could harm', 'q=a&__proto__=b'],
    ['explain=yes', 'q=a&explain=yes'],
  ])('refuses %s', async (_what, query) => {
    const { body } = reply(await (await client()).get(`/v1/search?${query}`).expect(400));
    expect(body).toMatchObject({ code: 'invalid-request' });
  });
});

describe('POST /v1/search', () => {
  it('gives what GET gives', async () => {
    const server = await client();
    const got = await server.get('/v1/search?q=lamp&limit=2&offset=1&path=guides%2F**').expect(200);
    const posted = await server
      .post('/v1/search')
      .send({ question: 'lamp', limit: 2, offset: 1, filter: { path: 'guides/**' } })
      .expect(200);
    expect(posted.body).toEqual(got.body);
  });
});

describe('highlights', () => {
  const passage = (text: string): RetrievedPassage => ({ ...wholePassage('x', text), score: 1, rank: 1 });
  const found = (question: string, text: string): string[] =>
    highlights(question, passage(text)).map(({ start, end }) => text.slice(start, end));

  it("marks the question's words whatever their case, accents and possessive", () => {
    expect(found("the café's lamp", '😀 The CAFE\u0301 and the lamp’s lamps')).toEqual([
      'The',
      'CAFE\u0301',
      'the',
      'lamp’s',
    ]);
  });

  it('marks single characters of scripts without spaces', () => {
    expect(found('東京', '東京と京都')).toEqual(['東', '京', '京']);
  });

  it('marks what an explanation says was matched', () => {
    const explanation = [
      {
        term: 'claim',
        forms: [{ term: 'claims', termFrequency: 1 }],
        queryFrequency: 1,
        termFrequency: 0,
        passageFrequency: 1,
        inverseDocumentFrequency: 1,
        contribution: 1,
      },
    ];
    const text = 'Two claims, one claimant.';
    expect(highlights('claiming', { ...passage(text), explanation })).toEqual([{ start: 4, end: 10 }]);
  });
});

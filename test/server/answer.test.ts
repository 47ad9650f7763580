import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadReader, type Answer, type LoadedReader } from '../../src/index.js';
import { contractClient, type Client } from './support/contract.js';
import { lampDocuments } from './support/documents.js';
import { reply } from './support/reply.js';
import { serve, serverDeps } from './support/serve.js';
import { createApp } from '../../src/server/index.js';

let reader: LoadedReader;
beforeAll(async () => {
  reader = await loadReader({ workers: 1 });
});
afterAll(() => reader.reader.close());

const client = async (): Promise<Client> => contractClient(await serve({ reader }));
const QUESTION = 'How long is the warranty?';
const UNANSWERED = 'Who won the football championship in Peru?';

/** The events of a stream, as [name, data]. */
function eventsOf(text: string): [string, Record<string, unknown>][] {
  return text
    .trimEnd()
    .split('\n\n')
    .map((event) => {
      const [, name = '', data = ''] = /^event: (.+)\ndata: (.+)$/.exec(event) ?? [];
      return [name, JSON.parse(data) as Record<string, unknown>];
    });
}

describe('POST /v1/answer', () => {
  it('answers with the exact words of a document and cites them', async () => {
    const { body } = reply(
      await (await client()).post('/v1/answer').send({ question: QUESTION }).expect(200),
    );
    expect(body).toMatchObject({
      kind: 'answer',
      answer: 'two years',
      citations: [{ documentId: 'guides/warranty.md' }],
    });
    const { start, end } = (body as { citations: [{ start: number; end: number }] }).citations[0];
    const document = lampDocuments().find(({ id }) => id === 'guides/warranty.md');
    expect(document?.text.slice(start, end)).toBe('two years');
  });

  it('says "no answer" with status 200, and what it rejected', async () => {
    const server = await client();
    const { body } = reply(
      await server.post('/v1/answer').send({ question: 'Where do lamps fly?', threshold: -1000 }).expect(200),
    );
    expect(body).toMatchObject({ kind: 'no-answer', reason: 'no-support', threshold: -1000 });
    const nothing = await server.post('/v1/answer').send({ question: 'Xylophonists?' }).expect(200);
    expect(nothing.body).toMatchObject({ kind: 'no-answer', reason: 'no-passages', bestRejected: null });
  });

  it('obeys topK, filter, explain and alternatives, and describes every number of an explanation', async () => {
    const { body } = reply(
      await (
        await client()
      )
        .post('/v1/answer')
        .send({ question: QUESTION, topK: 2, filter: { path: 'guides/**' }, explain: true, alternatives: 0 })
        .expect(200),
    );
    expect(body).toMatchObject({ passagesRead: 2, alternatives: [] });
    expect((body as { explanation: unknown[] }).explanation).toHaveLength(2);
    const none = await (
      await client()
    )
      .post('/v1/answer')
      .send({ question: QUESTION, filter: { tags: ['no-such-tag'] } });
    expect(none.body).toMatchObject({ reason: 'no-passages' });
  });

  it('explains every span and token of a passage, and the rule, as the OpenAPI document describes them', async () => {
    const { body } = reply(
      await (await client()).post('/v1/answer').send({ question: QUESTION, explain: true }).expect(200),
    );
    const { explanation, profile, answer } = body as Required<Answer>;
    expect(profile).toMatchObject({
      aggregation: 'fusion',
      weights: { margin: expect.any(Number) as number },
    });
    expect(profile).not.toHaveProperty('fittedOn');
    const [best] = explanation;
    expect(best?.spans[0]).toMatchObject({ text: answer });
    const { text } = best?.passage ?? { text: '' };
    const starts = best?.tokens?.find(({ start }) => start === best.spans[0]?.start);
    expect(starts?.startLogit).toBe(best?.spans[0]?.startLogit);
    expect(best?.tokens?.map(({ start, end }) => text.slice(start, end)).join('')).toBe(
      text.replaceAll(/\s/g, ''),
    );
  });

  it('says how long each stage took beside the result, which is the same however long', async () => {
    const server = await client();
    const first = await server.post('/v1/answer').send({ question: QUESTION });
    expect(first.headers['server-timing']).toMatch(
      /^retrieve;dur=[\d.]+, read;dur=[\d.]+, aggregate;dur=[\d.]+$/,
    );
    const again = await server.post('/v1/answer').send({ question: QUESTION });
    expect(again.headers['server-timing']).toBe('cache;desc="kept"');
    expect([again.text, again.headers['etag']]).toEqual([first.text, first.headers['etag']]);
    const other = await (await client()).post('/v1/answer').send({ question: QUESTION, explain: true });
    const anew = await (await client()).post('/v1/answer').send({ question: QUESTION, explain: true });
    expect([anew.text, anew.headers['etag']]).toEqual([other.text, other.headers['etag']]);
  });

  it.each([
    ['an empty question', { question: ' ' }, 'empty-question'],
    [
      'a question of more tokens than the reader takes',
      { question: 'warranty '.repeat(100) },
      'question-too-long',
    ],
    ['a question of more characters than allowed', { question: 'a'.repeat(2001) }, 'invalid-request'],
    ['no question', {}, 'invalid-request'],
    ['a misspelt option', { question: QUESTION, treshold: 1 }, 'invalid-request'],
    ['a topK of 0', { question: QUESTION, topK: 0 }, 'invalid-request'],
    ['more passages than allowed', { question: QUESTION, topK: 101 }, 'invalid-request'],
    ['two rules', { question: QUESTION, threshold: 0, minConfidence: 0.5 }, 'invalid-option'],
    ['a date that is none', { question: QUESTION, filter: { from: 'yesterday' } }, 'invalid-request'],
    ['many stars', { question: QUESTION, filter: { path: '*?*?*?*?x' } }, 'invalid-request'],
    ['nested groups', { question: QUESTION, filter: { path: '{a,{b,c}}' } }, 'invalid-request'],
    ['repetitions', { question: QUESTION, filter: { path: '[a-z]+[a-z]+' } }, 'invalid-request'],
    ['a list', [], 'invalid-request'],
  ])('refuses %s', async (_what, body, code) => {
    const response = await (await client()).post('/v1/answer').send(body).expect(400);
    expect(response.body).toMatchObject({ code, status: 400, type: `urn:verbatim-qa:problem:${code}` });
  });

  it('names what is wrong by JSON pointer', async () => {
    const response = await (
      await client()
    )
      .post('/v1/answer')
      .send({ question: QUESTION, filter: { tags: [7] } });
    expect(response.body).toMatchObject({
      detail: '/filter/tags/0: Invalid input: expected string, received number',
      errors: [{ pointer: '/filter/tags/0' }],
    });
  });
});

describe('the result cache', () => {
  it('gives the same answer again without reading, until the index changes', async () => {
    const deps = await serverDeps({ reader });
    let asked = 0;
    const { verbatim } = deps;
    const counting: typeof verbatim = {
      retriever: verbatim.retriever,
      ask: (...args) => {
        asked++;
        return verbatim.ask(...args);
      },
      close: () => verbatim.close(),
      [Symbol.asyncDispose]: () => verbatim.close(),
    };
    const server = await contractClient(createApp({ ...deps, verbatim: counting }));
    const first = await server.post('/v1/answer').send({ question: QUESTION });
    const again = await server.post('/v1/answer').send({ question: QUESTION });
    expect(again.body).toEqual(first.body);
    expect(asked).toBe(1);
    await server.post('/v1/answer').send({ question: QUESTION, topK: 1 });
    expect(asked).toBe(2);
    await server.delete('/v1/documents/guides%2Fwarranty.md').expect(200);
    const changed = await server.post('/v1/answer').send({ question: QUESTION });
    expect(asked).toBe(3);
    expect(changed.body).not.toEqual(first.body);
  });

  it('answers 304 to a client that has the answer', async () => {
    const server = await client();
    const first = await server.post('/v1/answer').send({ question: QUESTION });
    const tag = first.headers['etag'] ?? '';
    expect(tag).toBe(`W/"${(first.body as { answerId: string }).answerId}"`);
    for (const held of [tag, `"other", ${tag}`, tag.slice(2), '*']) {
      await server.post('/v1/answer').set('If-None-Match', held).send({ question: QUESTION }).expect(304);
    }
    await server.post('/v1/answer').set('If-None-Match', '"other"').send({ question: QUESTION }).expect(200);
  });
});

describe('POST /v1/answer as a stream of events', () => {
  it('tells of the passages, of each one as it is read, and then the answer that JSON gives', async () => {
    const app = await serve({ reader });
    const response = await request(app)
      .post('/v1/answer')
      .set('Accept', 'text/event-stream')
      .send({ question: QUESTION })
      .expect(200)
      .expect('Content-Type', 'text/event-stream; charset=utf-8');
    expect(response.headers['content-encoding']).toBeUndefined();
    const events = eventsOf(response.text);
    const passages = events[0]?.[1]['passages'] as { id: string; rank: number }[];
    const candidates = events.filter(([name]) => name === 'candidate').map(([, data]) => data);
    expect(events.map(([name]) => name)).toEqual([
      'passages',
      ...candidates.map(() => 'candidate'),
      'answer',
    ]);
    expect(candidates.map(({ passageId }) => passageId)).toEqual(
      passages.slice(0, candidates.length).map(({ id }) => id),
    );
    const json = await request(await serve({ reader }))
      .post('/v1/answer')
      .send({ question: QUESTION });
    expect(events.at(-1)?.[1]).toEqual(json.body);
  });

  it('tells how long each stage took before an explained answer', async () => {
    const response = await request(await serve({ reader }))
      .post('/v1/answer')
      .set('Accept', 'text/event-stream')
      .send({ question: QUESTION, explain: true });
    const [times, answer] = eventsOf(response.text).slice(-2);
    expect(times).toEqual([
      'times',
      {
        retrieveMs: expect.any(Number) as number,
        readMs: expect.any(Number) as number,
        aggregateMs: expect.any(Number) as number,
      },
    ]);
    expect(answer).toMatchObject(['answer', { kind: 'answer' }]);
  });

  it('gives an answer from the cache at once', async () => {
    const app = await serve({ reader });
    await request(app).post('/v1/answer').send({ question: QUESTION });
    const { text } = await request(app)
      .post('/v1/answer')
      .set('Accept', 'text/event-stream')
      .send({ question: QUESTION });
    expect(eventsOf(text).map(([name]) => name)).toEqual(['answer']);
  });

  it('refuses before the stream begins as any other request, and ends it with a problem after', async () => {
    const app = await serve({ reader });
    const ask = (question: string): request.Test =>
      request(app).post('/v1/answer').set('Accept', 'text/event-stream').send({ question });
    await ask(' ')
      .expect(400)
      .expect('Content-Type', /problem\+json/);
    const { text } = await ask('warranty '.repeat(100)).expect(200);
    expect(eventsOf(text).at(-1)).toMatchObject(['problem', { code: 'question-too-long' }]);
  });
});

describe('POST /v1/answer/batch', () => {
  it('gives the same as one by one, and a problem in the place of a question that cannot be answered', async () => {
    const server = await client();
    const questions = [
      QUESTION,
      '',
      UNANSWERED,
      'Where do I send the lamp?',
      'What colours are there?',
      QUESTION,
    ];
    const { body } = reply(await server.post('/v1/answer/batch').send({ questions, topK: 3 }).expect(200));
    const { results } = body as { results: unknown[] };
    expect(results).toHaveLength(questions.length);
    expect(results[1]).toMatchObject({ kind: 'problem', problem: { code: 'empty-question' } });
    for (const [i, question] of questions.entries()) {
      if (question === '') continue;
      const single = await server.post('/v1/answer').send({ question, topK: 3 });
      expect(results[i]).toEqual(single.body);
    }
  });

  it('refuses no question, and more than allowed', async () => {
    const server = await client();
    await server.post('/v1/answer/batch').send({ questions: [] }).expect(400);
    await server
      .post('/v1/answer/batch')
      .send({ questions: Array(65).fill(QUESTION) })
      .expect(400);
  });
});

describe('POST /v1/read', () => {
  const passages = [
    {
      id: 'a',
      text: 'Returns are free for 30 days.',
      score: 3.2,
      title: 'Returns',
      uri: 'https://lamps.example/a',
    },
    { id: 'b', text: 'The 😀 warranty lasts two years.' },
  ];

  it('answers from the passages of another engine, with offsets into their texts', async () => {
    const { body } = reply(
      await (
        await client()
      )
        .post('/v1/read')
        .send({ question: 'How long does the warranty last?', passages, explain: true })
        .expect(200),
    );
    expect(body).toMatchObject({
      kind: 'answer',
      answer: 'two years',
      citations: [{ documentId: 'b', start: 22, end: 31, quote: 'two years' }],
    });
  });

  it('answers from documents as an engine stores them, whose position stands for an id', async () => {
    const documents = [
      { headline: 'Returns', body: null },
      {
        headline: 'The warranty',
        body: '<p>It lasts <b>two years</b>.</p>',
        meta: { url: 'https://a.example' },
      },
      ...Array.from({ length: 200 }, () => ({ body: 'Nothing of it.' })),
    ];
    const fields = { textField: 'body', titleField: 'headline', uriField: 'meta.url' };
    const server = await client();
    const asked = { question: 'How long does the warranty last?', documents, fields };
    const { body } = reply(
      await server
        .post('/v1/read')
        .send({ ...asked, explain: true })
        .expect(200),
    );
    expect(body).toMatchObject({
      ...{ kind: 'answer', answer: 'two years', passagesRead: 10 },
      citations: [{ documentId: '1', start: 9, end: 18, title: 'The warranty', uri: 'https://a.example' }],
    });
    const { body: few } = reply(
      await server
        .post('/v1/read')
        .send({ ...asked, topK: 2 })
        .expect(200),
    );
    expect(few).toMatchObject({ passagesRead: 2 });
  });

  it.each([
    ['neither passages nor documents', {}],
    ['both', { passages, documents: [], fields: { textField: 'a' } }],
    ['documents without fields', { documents: [] }],
    ['passages with fields', { passages, fields: { textField: 'a' } }],
    ['passages with topK', { passages, topK: 3 }],
    ['fields without a text', { documents: [], fields: { titleField: 'a' } }],
    ['documents that are none', { documents: ['a'], fields: { textField: 'a' } }],
    ['topK out of range', { documents: [], fields: { textField: 'a' }, topK: 101 }],
  ])('refuses %s', async (_, sent) => {
    await (
      await client()
    )
      .post('/v1/read')
      .send({ question: QUESTION, ...sent })
      .expect(400);
  });

  it('says "no answer" to no passages, and to one without a word', async () => {
    const server = await client();
    const none = await server.post('/v1/read').send({ question: QUESTION, passages: [] }).expect(200);
    expect(none.body).toMatchObject({ reason: 'no-passages' });
    const empty = await server
      .post('/v1/read')
      .send({ question: QUESTION, passages: [{ id: 'a', text: ' ' }], explain: true })
      .expect(200);
    expect(empty.body).toMatchObject({ reason: 'no-support', explanation: [{ score: null, kept: false }] });
  });

  it.each([
    ['markdown', '# Warranty\n\nThe warranty lasts two years.'],
    ['html', '<h1>Warranty</h1><p>The warranty lasts two years.</p>'],
    ['text', 'The warranty lasts two years.'],
  ])('answers from a document that is given as %s, and keeps nothing of it', async (kind, content) => {
    const feedback = { add: async () => undefined };
    const deps = await serverDeps({ reader, feedback });
    const server = await contractClient(createApp(deps));
    const before = [deps.knowledgeBase.documentCount, deps.knowledgeBase.version];
    const { body, headers } = reply(
      await server
        .post('/v1/read')
        .send({ question: QUESTION, document: { [kind]: content }, explain: true })
        .expect(200),
    );
    expect(body).toMatchObject({
      kind: 'answer',
      answer: 'two years',
      aggregation: 'null-score',
      citations: [{ documentId: 'document', quote: 'two years' }],
      explanation: [{ passage: { explanation: expect.arrayContaining([]) as unknown } }],
    });
    expect(headers['server-timing']).toMatch(/^retrieve;dur=/);
    expect([deps.knowledgeBase.documentCount, deps.knowledgeBase.version]).toEqual(before);
    await server.get('/v1/documents/document').expect(404);
    const { answerId } = body as { answerId: string };
    await server.post('/v1/feedback').send({ answerId, verdict: 'right' }).expect(404);
  });

  it('finds as many passages of a document as asked for, of thousands, by the reader’s plain rule', async () => {
    const server = await client();
    const sections = Array.from({ length: 400 }, (_, i) => `## Lamp ${i}\n\nLamp ${i} has ${i} bulbs.\n`);
    const request = { question: 'How many bulbs has lamp 123?', document: { markdown: sections.join('\n') } };
    const { body } = reply(
      await server
        .post('/v1/read')
        .send({ ...request, topK: 3 })
        .expect(200),
    );
    expect(body).toMatchObject({ passagesRead: 3, answer: '123' });
    const none = await server
      .post('/v1/read')
      .send({ ...request, question: 'Xylophonists?' })
      .expect(200);
    expect(none.body).toMatchObject({ kind: 'no-answer', reason: 'no-passages' });
  });

  it.each([
    ['neither passages nor a document', {}, 400],
    ['both', { passages, document: { text: 'a' } }, 400],
    ['topK beside passages', { passages, topK: 1 }, 400],
    ['a topK of 0', { document: { text: 'a' }, topK: 0 }, 400],
    ['a document of two kinds', { document: { text: 'a', html: 'a' } }, 400],
    ['an empty document', { document: { text: '' } }, 400],
    ['a filter', { document: { text: 'a' }, filter: { path: '*' } }, 400],
    ['a document that is long to read', { document: { markdown: 'a'.repeat(300_001) } }, 400],
    ['a larger document than a body may be', { document: { text: 'a'.repeat(1_000_001) } }, 413],
  ])('refuses %s', async (_what, body, status) => {
    await (
      await client()
    )
      .post('/v1/read')
      .send({ question: QUESTION, ...body })
      .expect(status);
  });

  it('refuses a passage without a text, and more passages than allowed', async () => {
    const server = await client();
    await server
      .post('/v1/read')
      .send({ question: QUESTION, passages: [{ id: 'a' }] })
      .expect(400);
    const many = Array.from({ length: 101 }, (_, i) => ({ id: String(i), text: 'a' }));
    await server.post('/v1/read').send({ question: QUESTION, passages: many }).expect(400);
  });
});

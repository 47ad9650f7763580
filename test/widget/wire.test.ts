import { describe, expect, expectTypeOf, it } from 'vitest';
import type { RetrievedPassage } from '../../src/core/passage.js';
import type { AnswerResult } from '../../src/index.js';
import { isWireResult, type WirePassage, type WireResult } from '../../src/widget/wire.js';
import { contractClient } from '../server/support/contract.js';
import { reply } from '../server/support/reply.js';
import { serve } from '../server/support/serve.js';

describe('what comes over the wire', () => {
  it('is a result of the library, and a passage of it', () => {
    expectTypeOf<AnswerResult>().toExtend<WireResult>();
    expectTypeOf<RetrievedPassage>().toExtend<WirePassage>();
  });

  it('is recognised as the server gives it', async () => {
    const server = await contractClient(await serve());
    for (const question of ['How long is the warranty?', 'Xylophonists?']) {
      const { body } = reply(await server.post('/v1/answer').send({ question }));
      expect(isWireResult(body)).toBe(true);
      expect(isWireResult(JSON.parse(JSON.stringify(body)))).toBe(true);
    }
  });

  const candidate = { answer: 'a', confidence: 1, citations: [] };
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['another kind', { ...candidate, kind: 'perhaps', alternatives: [] }],
    ['an answer without alternatives', { ...candidate, kind: 'answer' }],
    ['an answer that is no text', { ...candidate, kind: 'answer', answer: {}, alternatives: [] }],
    ['an id that is no text', { ...candidate, kind: 'answer', answerId: 1, alternatives: [] }],
    ['a citation that is none', { ...candidate, kind: 'answer', citations: [{}], alternatives: [] }],
    ['a rejected candidate that is none', { kind: 'no-answer', bestRejected: {} }],
  ])('is not taken for a result where it is %s', (_what, value) => {
    expect(isWireResult(value)).toBe(false);
  });
});

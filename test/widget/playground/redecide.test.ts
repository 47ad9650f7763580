import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVerbatim, type AnswerResult, type Verbatim } from '../../../src/index.js';
import { decide, limitOf, readingsOf, withLimit } from '../../../src/widget/playground/redecide.js';
import type { ExplainedResult } from '../../../src/widget/playground/wire.js';

let verbatim: Verbatim;
beforeAll(async () => {
  verbatim = await createVerbatim({ corpus: 'corpora/help-centre', workers: 1 });
});
afterAll(() => verbatim.close());

const QUESTIONS = [
  'How long is the warranty?',
  'Who composed the opera about the thermostat?',
  'How do I reset the hub?',
  'Xylophonists?',
  '😀',
];

/** A result as it comes over the network. */
const sent = (result: AnswerResult): ExplainedResult =>
  JSON.parse(JSON.stringify({ answerId: 'x', ...result })) as ExplainedResult;

describe('deciding again in the page', () => {
  it.each([{}, { threshold: -2 }])(
    'gives what the server gave, from what it explains (%j)',
    async (options) => {
      for (const question of QUESTIONS) {
        const result = await verbatim.ask(question, { ...options, explain: true });
        const received = sent(result);
        const again = decide(question, readingsOf(received), received.profile);
        expect(sent(again.result)).toEqual(received);
      }
    },
  );

  it('gives with another threshold what the server gives when asked with it', async () => {
    for (const question of QUESTIONS) {
      const received = sent(await verbatim.ask(question, { threshold: 0, explain: true }));
      for (const limit of [-20, -1.5, 0.25, 30]) {
        const moved = decide(question, readingsOf(received), withLimit(received.profile, limit));
        const asked = await verbatim.ask(question, { threshold: limit, explain: true });
        expect(sent(moved.result)).toEqual(sent(asked));
      }
    }
  });

  it('gives with another least confidence what the server gives, once all passages are read', async () => {
    for (const question of QUESTIONS) {
      const received = sent(await verbatim.ask(question, { minConfidence: 0, explain: true }));
      for (const limit of [0.02, 0.5, 1]) {
        const moved = decide(question, readingsOf(received), withLimit(received.profile, limit));
        expect(limitOf(moved.profile)).toBe(limit);
        const asked = await verbatim.ask(question, { minConfidence: limit, explain: true });
        expect(sent(moved.result)).toEqual(sent(asked));
      }
    }
  });

  it('ranks every answer of the kept passages, also where none is given', async () => {
    const [question = ''] = QUESTIONS;
    const received = sent(await verbatim.ask(question, { explain: true }));
    const none = decide(question, readingsOf(received), withLimit(received.profile, 1));
    expect(none.result.kind).toBe('no-answer');
    expect(none.ranking).toHaveLength(none.distinct);
    expect(none.ranking[0]).toMatchObject({ answer: 'two years' });
    expect(none.ranking.reduce((sum, { citations }) => sum + citations.length, 0)).toBeLessThanOrEqual(
      none.spans,
    );
  });

  it('takes a passage without a word as dropped, though JSON has no infinity', async () => {
    const received = sent(
      await verbatim.ask('How long is the warranty?', { threshold: 0, topK: 1, explain: true }),
    );
    const [first] = received.explanation;
    if (first === undefined) throw new Error('no passage');
    const empty = {
      ...first,
      spans: [],
      score: null as unknown as number,
      margin: null as unknown as number,
    };
    const { result } = decide('When?', readingsOf({ explanation: [empty] }), received.profile);
    expect(result).toMatchObject({ kind: 'no-answer', passagesDropped: 1 });
  });
});

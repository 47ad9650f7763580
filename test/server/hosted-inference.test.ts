import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { InferenceClient } from '@huggingface/inference';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { loadReader, type LoadedReader } from '../../src/index.js';
import { contractClient, type Client } from './support/contract.js';
import { reply } from './support/reply.js';
import { serve } from './support/serve.js';

let reader: LoadedReader;
beforeAll(async () => {
  reader = await loadReader({ workers: 1 });
});
afterAll(() => reader.reader.close());

const client = async (): Promise<Client> => contractClient(await serve({ reader }));
const CONTEXT = '😀 The warranty on every lamp lasts two years. 😀 Returns are free for 30 days.';
const INPUTS = { question: 'How long does the warranty last?', context: CONTEXT };
const UNRELATED = { question: 'Who won the football championship?', context: CONTEXT };

interface HostedAnswer {
  readonly answer: string;
  readonly score: number;
  readonly start: number;
  readonly end: number;
}

/** What Python's `context[start:end]` gives. */
const codePoints = ({ start, end }: { start: number; end: number }): string =>
  Array.from(CONTEXT).slice(start, end).join('');

describe('POST /huggingface', () => {
  it('answers with code points', async () => {
    const { body } = reply(await (await client()).post('/huggingface').send({ inputs: INPUTS }).expect(200));
    const answer = body as HostedAnswer;
    expect(answer).toMatchObject({ answer: 'two years', start: 35 });
    expect(codePoints(answer)).toBe('two years');
  });

  it('gives a list for top_k, best first, and a list of results for a list of inputs', async () => {
    const server = await client();
    const { body } = reply(
      await server.post('/huggingface').send({ inputs: INPUTS, parameters: { top_k: 3 } }),
    );
    const answers = body as HostedAnswer[];
    expect(answers).toHaveLength(3);
    for (const answer of answers) expect(codePoints(answer)).toBe(answer.answer);
    expect(answers.map(({ score }) => score)).toEqual(
      answers.map(({ score }) => score).sort((a, b) => b - a),
    );
    const many = await server
      .post('/huggingface')
      .send({ inputs: [INPUTS, UNRELATED] })
      .expect(200);
    expect(many.body).toMatchObject([{ answer: 'two years' }, {}]);
  });

  it('abstains with handle_impossible_answer, and else gives the best span', async () => {
    const server = await client();
    const parameters = { handle_impossible_answer: true };
    const abstained = await server.post('/huggingface').send({ inputs: UNRELATED, parameters }).expect(200);
    expect(abstained.body).toMatchObject({ answer: '', start: 0, end: 0 });
    const forced = await server.post('/huggingface').send({ inputs: UNRELATED }).expect(200);
    expect((forced.body as HostedAnswer).answer).not.toBe('');
    const answered = await server.post('/huggingface').send({ inputs: INPUTS, parameters }).expect(200);
    expect(answered.body).toMatchObject({ answer: 'two years' });
  });

  it('gives "" for a context without a word', async () => {
    const inputs = { question: 'When?', context: ' \n' };
    const { body } = reply(await (await client()).post('/huggingface').send({ inputs }).expect(200));
    expect(body).toEqual({ answer: '', score: 1, start: 0, end: 0 });
  });

  it('takes every parameter, null ones, and those it does not know', async () => {
    const parameters = {
      top_k: 1,
      doc_stride: 32,
      max_answer_len: 10,
      max_seq_len: 128,
      max_question_len: 32,
      handle_impossible_answer: null,
      align_to_words: false,
      padding: 'longest',
    };
    await (await client()).post('/huggingface').send({ inputs: INPUTS, parameters, options: {} }).expect(200);
  });

  it.each([
    ['no context', { inputs: { question: 'When?' } }],
    ['an empty context', { inputs: { question: 'When?', context: '' } }],
    ['a top_k of 0', { inputs: INPUTS, parameters: { top_k: 0 } }],
    ['windows that hardly move', { inputs: INPUTS, parameters: { doc_stride: 120, max_seq_len: 128 } }],
    ['no inputs', { inputs: [] }],
  ])('refuses %s', async (_what, body) => {
    await (await client()).post('/huggingface').send(body).expect(400);
  });

  it("serves Hugging Face's own client", async () => {
    const server = (await serve({ reader })).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const endpointUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/huggingface`;
    const hub = new InferenceClient();
    const answer = (await hub.questionAnswering({ endpointUrl, inputs: INPUTS })) as unknown;
    expect([answer].flat()[0]).toMatchObject({ answer: 'two years', start: 35, end: 44 });
    const several = (await hub.questionAnswering({
      endpointUrl,
      inputs: INPUTS,
      parameters: { top_k: 2 },
    })) as unknown;
    expect([several].flat()[0]).toMatchObject({ answer: 'two years' });
    await expect(
      hub.questionAnswering({ endpointUrl, inputs: { question: '', context: CONTEXT } }),
    ).rejects.toThrow();
  });
});

describe('POST /score', () => {
  it('answers lists of questions and contexts in their order', async () => {
    const inputs = { question: [INPUTS.question, UNRELATED.question], context: [CONTEXT, CONTEXT] };
    const { body } = reply(await (await client()).post('/score').send({ inputs }).expect(200));
    expect(body).toHaveLength(2);
    expect(body).toMatchObject([{ answer: 'two years', start: 35, end: 44 }, {}]);
  });

  it('refuses lists of different lengths', async () => {
    const inputs = { question: ['When?'], context: [CONTEXT, CONTEXT] };
    const { body } = reply(await (await client()).post('/score').send({ inputs }).expect(400));
    expect(body).toMatchObject({ detail: '/inputs: expected as many contexts as questions' });
  });
});

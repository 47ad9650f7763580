import type { Document } from '@langchain/core/documents';
import { BaseRetriever } from '@langchain/core/retrievers';
import { RunnableLambda, type RunnableConfig } from '@langchain/core/runnables';
import { describe, expect, it, vi } from 'vitest';
import { createAnswerTool, VerbatimRetriever } from '../../src/langchain/index.js';
import { createAnswerer, type AnswerResult, type Verbatim } from '../../src/pipeline/index.js';
import { errorOf } from '../support/error-of.js';
import { ANSWERABLE, UNANSWERABLE, useHelpCentre } from './help-centre.js';
import { Recorder } from './recorder.js';
import { describeLangChainTool } from './standard-contract.js';

const helpCentre = useHelpCentre();

describeLangChainTool('createAnswerTool', () => createAnswerTool(helpCentre().qa), { question: ANSWERABLE });

/** What a model is told, and the artifact beside it. */
async function call(
  question: string,
  tool = createAnswerTool(helpCentre().qa),
  config: RunnableConfig = {},
): Promise<{ readonly content: string; readonly artifact: AnswerResult }> {
  const message: unknown = await tool.invoke(
    { type: 'tool_call', id: 'call_1', name: tool.name, args: { question } },
    config,
  );
  const { text, artifact } = message as { readonly text: string; readonly artifact: AnswerResult };
  return { content: text, artifact };
}

describe('the answer tool', () => {
  it('gives the answer with its source as text, and the whole result beside it', async () => {
    const { content, artifact } = await call(ANSWERABLE);
    const text = content.replace(/\d+%/, '#');
    expect(text.split('\n')).toEqual([
      'Answer, word for word: "two years"',
      'Confidence: #',
      'Source [1]: The Lumen Home warranty › How long is the warranty?; warranty/standard-warranty.md, line 11; https://help.lumenhome.example/warranty/standard-warranty',
      '  "The warranty on every Lumen device lasts two years from the date of delivery."',
      'Give this answer in these words and name its source.',
    ]);
    expect(artifact).toEqual(await helpCentre().qa.ask(ANSWERABLE));
    expect(JSON.parse(JSON.stringify(artifact))).toMatchObject({ kind: 'answer', answer: 'two years' });
  });

  it('relays "no answer" in words that leave nothing to make up, with the closest that was rejected', async () => {
    const { content, artifact: result } = await call(UNANSWERABLE);
    if (result.kind === 'answer') throw new Error('Expected no answer.');
    expect(content).toContain('No answer: none of the 10 passages read supports one.');
    expect(content).toContain('Do not answer from memory and do not guess.');
    expect(content).toContain(`rejected, so not the answer: "${result.bestRejected?.answer ?? ''}"`);
    expect(content).not.toContain('Answer, word for word');
  });

  it('says so where nothing matches the question', async () => {
    const { content, artifact } = await call('Xylophonists?');
    expect(content).toBe(
      'No answer: nothing in the documents matches this question.\n' +
        'Tell the user that the documents do not answer this. Do not answer from memory and do not guess.',
    );
    expect(artifact).toMatchObject({ kind: 'no-answer', reason: 'no-passages' });
  });

  it('tells of the other answer where the sources disagree', async () => {
    const citation = { documentId: 'a', title: '', uri: 'a', headings: [], start: 0, end: 1, quote: '1' };
    const numbers = { confidence: 0.5, score: 1, nullScore: 0, margin: 1 };
    const cited = (text: string): object => ({
      ...numbers,
      answer: text,
      citations: [{ ...citation, page: 3, sentence: { start: 0, end: 1, text: `It is ${text}.` } }],
    });
    const ask: Verbatim['ask'] = async () =>
      ({
        ...cited('one'),
        kind: 'answer',
        conflicting: true,
        alternatives: [cited('two')],
      }) as unknown as AnswerResult;
    expect((await call('?!a', createAnswerTool({ ask }))).content).toBe(
      [
        'Answer, word for word: "one"',
        'Confidence: 50%',
        'Source [1]: a, page 3\n  "It is one."',
        'The sources disagree. Another answer is nearly as sure:',
        '"two"',
        'Source: a, page 3\n  "It is two."',
        'Tell the user both.',
        'Give this answer in these words and name its source.',
      ].join('\n'),
    );
  });

  it('asks as it was told to', async () => {
    const tool = createAnswerTool(helpCentre().qa, {
      name: 'help',
      description: 'About Lumen.',
      topK: 2,
      threshold: -1000,
    });
    expect(tool).toMatchObject({ name: 'help', description: 'About Lumen.' });
    const { artifact } = await call(ANSWERABLE, tool);
    expect(artifact).toMatchObject({ kind: 'no-answer', passagesRead: 2, threshold: -1000 });
  });

  it('refuses an empty question by its schema, and one that is too long as the library does', async () => {
    await expect(call('')).rejects.toThrow('did not match expected schema');
    await expect(call(' \n\t')).rejects.toThrow('did not match expected schema');
    expect(await errorOf(() => call('word '.repeat(100)))).toMatchObject({ code: 'question-too-long' });
  });

  it('answers from what a retriever of LangChain finds, as a run inside its own', async () => {
    const { loaded, qa } = helpCentre();
    const answerer = await createAnswerer({ reader: loaded });
    const retriever = new VerbatimRetriever({ retriever: qa.retriever });
    const recorder = new Recorder();
    const tool = createAnswerTool({ answerer, retriever }, { topK: 5, tags: ['kb'] });
    const { artifact: result } = await call(ANSWERABLE, tool, { callbacks: [recorder] });
    expect(result).toMatchObject({ kind: 'answer', answer: 'two years', passagesRead: 5 });
    if (result.kind === 'answer') {
      const [citation] = result.citations;
      const { text = '' } = helpCentre().documents.get(citation?.documentId ?? '') ?? {};
      expect(text.slice(citation?.start, citation?.end)).toBe('two years');
      expect(citation).toMatchObject({ line: 11, title: 'The Lumen Home warranty' });
    }
    expect(recorder.summary).toEqual([
      'tool start answer_from_documents',
      'retriever start VerbatimRetriever',
      'retriever end VerbatimRetriever',
      'tool end answer_from_documents',
    ]);
    expect(recorder.events[0]?.tags).toEqual(['kb']);
    expect(recorder.events[1]?.parent).toBe('answer_from_documents');
  });

  it('stops when it is cancelled, and tells callbacks', async () => {
    const ask = vi.fn<Verbatim['ask']>(async (_, options) => {
      controller.abort(new Error('enough'));
      options?.signal?.throwIfAborted();
      throw new Error('unreachable');
    });
    const controller = new AbortController();
    const recorder = new Recorder();
    const tool = createAnswerTool({ ask });
    await expect(
      tool.invoke({ question: 'hub?' }, { signal: controller.signal, callbacks: [recorder] }),
    ).rejects.toThrow('enough');
    expect(ask).toHaveBeenCalledOnce();
    expect(recorder.summary).toEqual([
      'tool start answer_from_documents',
      'tool error answer_from_documents',
    ]);
  });

  it('does not wait for a retriever that hears no signal', async () => {
    class Endless extends BaseRetriever {
      lc_namespace = ['test'];
      override async _getRelevantDocuments(): Promise<Document[]> {
        controller.abort(new Error('enough'));
        return new Promise(() => undefined);
      }
    }
    const controller = new AbortController();
    const answerer = await createAnswerer({ reader: helpCentre().loaded });
    const tool = createAnswerTool({ answerer, retriever: new Endless() });
    await expect(tool.invoke({ question: 'hub?' }, { signal: controller.signal })).rejects.toThrow('enough');
  });

  it('answers several at once, and as a step of a chain', async () => {
    const tool = createAnswerTool(helpCentre().qa);
    const contents: unknown[] = await tool.batch([{ question: ANSWERABLE }, { question: UNANSWERABLE }]);
    expect(contents.map((content) => String(content).split(/[:,]/)[0])).toEqual(['Answer', 'No answer']);
    const chain = RunnableLambda.from((question: string) => ({ question })).pipe(tool);
    const events: string[] = [];
    for await (const { event, name } of chain.streamEvents(ANSWERABLE, { version: 'v2' }))
      if (event.startsWith('on_tool')) events.push(`${event} ${name}`);
    expect(events).toEqual(['on_tool_start answer_from_documents', 'on_tool_end answer_from_documents']);
  });
});

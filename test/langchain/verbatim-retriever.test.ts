import { randomUUID } from 'node:crypto';
import { StringOutputParser } from '@langchain/core/output_parsers';
import { ChatPromptTemplate } from '@langchain/core/prompts';
import { RunnableLambda, RunnablePassthrough, RunnableSequence } from '@langchain/core/runnables';
import { createRetrieverTool } from '@langchain/classic/tools/retriever';
import { AIMessage } from '@langchain/core/messages';
import { expect, it, describe, vi } from 'vitest';
import { ScriptedChatModel } from '../../examples/langchain-agent/scripted-chat-model.js';
import { wholePassage } from '../../src/core/passage.js';
import { fromLangChainRetriever, VerbatimRetriever } from '../../src/langchain/index.js';
import { Bm25Retriever, type Retriever } from '../../src/retriever/index.js';
import { errorOf } from '../support/error-of.js';
import { ANSWERABLE, useHelpCentre } from './help-centre.js';
import { Recorder } from './recorder.js';
import { describeLangChainRetriever } from './standard-contract.js';

const helpCentre = useHelpCentre();
const over = (options: { k?: number } = {}): VerbatimRetriever =>
  new VerbatimRetriever({ retriever: helpCentre().qa.retriever, ...options });

describeLangChainRetriever('VerbatimRetriever', over, ANSWERABLE);

describe('VerbatimRetriever', () => {
  it('gives passages whose offsets, scores, headings, address and line are those of the library', async () => {
    const found = await helpCentre().qa.retriever.retrieve(ANSWERABLE);
    const documents = await over().invoke(ANSWERABLE);
    expect(documents).toHaveLength(10);
    documents.forEach(({ id, pageContent, metadata }, i) => {
      const { start, end, documentId } = metadata;
      expect(helpCentre().documents.get(documentId)?.text.slice(start, end)).toBe(pageContent);
      const { score, rank, headings, title, uri } = found[i] ?? {};
      expect({ id, ...metadata }).toMatchObject({ id: found[i]?.id, score, rank, headings, title, uri });
    });
    expect(documents[0]?.metadata).toMatchObject({
      documentId: 'warranty/standard-warranty.md',
      line: 11,
      rank: 1,
    });
  });

  it('names the page where the source has pages', async () => {
    const index = new Bm25Retriever();
    index.addPassage({ ...wholePassage('a.pdf', 'hub reset'), anchors: [{ start: 0, page: 7 }] });
    const [document] = await new VerbatimRetriever({ retriever: index }).invoke('hub');
    expect(document?.metadata).toMatchObject({ page: 7 });
    expect(document?.metadata).not.toHaveProperty('line');
  });

  it('searches only what its filter, or that of one call, allows', async () => {
    const filter = { path: 'hub/*' };
    const retriever = new VerbatimRetriever({ retriever: helpCentre().qa.retriever, filter });
    const folders = async (options = {}): Promise<Set<string>> =>
      new Set(
        (await retriever.invoke('warranty hub', options)).map(
          ({ metadata }) => metadata.documentId.split('/')[0] ?? '',
        ),
      );
    expect(await folders()).toEqual(new Set(['hub']));
    expect(await folders({ filter: { path: 'warranty/*' } })).toEqual(new Set(['warranty']));
  });

  it('finds nothing for a question without a word', async () => {
    expect(await over().invoke('')).toEqual([]);
    expect(await over().invoke(' …?! ')).toEqual([]);
  });

  it('refuses a k that is none, named as it was given', async () => {
    const refusal = {
      code: 'invalid-option',
      message: 'Expected k to be a whole number of at least 1, got 0.',
    };
    expect(await errorOf(() => over({ k: 0 }))).toMatchObject(refusal);
    expect(await errorOf(() => over().invoke('hub', { k: 0 }))).toMatchObject(refusal);
  });

  it('keeps calls that run at once apart', async () => {
    const retriever = over();
    const counts = await Promise.all([1, 2, 3, 4].map((k) => retriever.invoke(ANSWERABLE, { k })));
    expect(counts.map(({ length }) => length)).toEqual([1, 2, 3, 4]);
    const several = await retriever.batch([ANSWERABLE, 'hub'], [{ runName: 'a' }, { runName: 'b' }]);
    expect(several.map(([first]) => first?.metadata.rank)).toEqual([1, 1]);
  });

  it('hands the signal to the search, in a sequence, too', async () => {
    const retrieve = vi.fn<Retriever['retrieve']>(async (_, options) => {
      controller.abort(new Error('enough'));
      options?.signal?.throwIfAborted();
      return [];
    });
    let controller = new AbortController();
    const retriever = new VerbatimRetriever({ retriever: { retrieve } });
    await expect(retriever.invoke('hub', { signal: controller.signal })).rejects.toThrow('enough');
    controller = new AbortController();
    const sequence = RunnableSequence.from([RunnableLambda.from((text: string) => text), retriever]);
    await expect(sequence.invoke('hub', { signal: controller.signal })).rejects.toThrow('enough');
    expect(retrieve).toHaveBeenCalledTimes(2);
  });

  it('tells callbacks of its runs, also of one that was cancelled, with tags and metadata', async () => {
    const recorder = new Recorder();
    const retriever = new VerbatimRetriever({
      retriever: helpCentre().qa.retriever,
      tags: ['own'],
      metadata: { where: 'help' },
    });
    await retriever.invoke('hub', { callbacks: [recorder], tags: ['call'], runName: 'search' });
    expect(recorder.summary).toEqual(['retriever start search', 'retriever end search']);
    expect(recorder.events[0]?.tags.toSorted()).toEqual(['call', 'own']);
    expect(recorder.events[0]?.metadata).toMatchObject({ where: 'help' });
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(retriever.invoke('hub', { callbacks: [recorder], signal })).rejects.toThrow('enough');
    expect(recorder.summary.slice(2)).toEqual([
      'retriever start VerbatimRetriever',
      'retriever error VerbatimRetriever',
    ]);
  });

  it('serves a sequence of question, passages, prompt and model, whose events name it', async () => {
    const model = new ScriptedChatModel([() => new AIMessage('Two years.')]);
    const chain = RunnableSequence.from([
      {
        context: over({ k: 1 }).pipe((documents) =>
          documents.map(({ pageContent }) => pageContent).join('\n'),
        ),
        question: new RunnablePassthrough<string>(),
      },
      ChatPromptTemplate.fromTemplate('{context}\n\n{question}'),
      model,
      new StringOutputParser(),
    ]);
    const names: string[] = [];
    for await (const { event, name } of chain.streamEvents(ANSWERABLE, { version: 'v2' }))
      if (event.startsWith('on_retriever')) names.push(`${event} ${name}`);
    expect(names).toEqual(['on_retriever_start VerbatimRetriever', 'on_retriever_end VerbatimRetriever']);
    expect(model.calls[0]?.[0]?.text).toContain('lasts two years from the date of delivery');
  });

  it('has a retriever of LangChain that searches for it run inside its own run', async () => {
    const recorder = new Recorder();
    const inner = fromLangChainRetriever(over({ k: 5 }).withConfig({ runName: 'inner' }));
    const outer = new VerbatimRetriever({ retriever: inner });
    const config = { callbacks: [recorder], runName: 'outer', runId: randomUUID(), k: 2 };
    expect(await outer.invoke('hub', config)).toHaveLength(2);
    expect(recorder.events.filter(({ event }) => event === 'retriever start')).toMatchObject([
      { name: 'outer', parent: undefined },
      { name: 'inner', parent: 'outer' },
    ]);
  });

  it('can be a tool of LangChain’s own making', async () => {
    const tool = createRetrieverTool(over({ k: 1 }), { name: 'search', description: 'Searches.' });
    expect(await tool.invoke({ query: ANSWERABLE })).toContain('lasts two years');
  });
});

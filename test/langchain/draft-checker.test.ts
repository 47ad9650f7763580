import { AIMessage } from '@langchain/core/messages';
import { StringOutputParser } from '@langchain/core/output_parsers';
import { describe, expect, it, vi } from 'vitest';
import { ScriptedChatModel } from '../../examples/langchain-agent/scripted-chat-model.js';
import { readPlainText } from '../../src/ingest/index.js';
import {
  createDraftChecker,
  fromLangChainRetriever,
  VerbatimRetriever,
  type CheckedDraft,
  type DraftCheckerOptions,
} from '../../src/langchain/index.js';
import { Bm25Retriever, type Retriever } from '../../src/retriever/index.js';
import { errorOf } from '../support/error-of.js';
import { useHelpCentre } from './help-centre.js';
import { Recorder } from './recorder.js';

const helpCentre = useHelpCentre();

const check = (draft: string, options: Partial<DraftCheckerOptions> = {}): Promise<CheckedDraft> =>
  createDraftChecker({ retriever: helpCentre().qa.retriever, ...options }).invoke(draft);

/** Each sentence as why it was flagged, or the quote that supports it. */
const verdicts = ({ sentences }: CheckedDraft): string[] =>
  sentences.map((sentence) => (sentence.supported ? sentence.citation.quote : sentence.reason));

const SENTENCE = 'The warranty on every Lumen device lasts two years from the date of delivery.';

describe('a checker of drafts', () => {
  it('supports what a source says, by a quote where the source has it', async () => {
    const draft = `${SENTENCE} [1]\n\n- **You do not have to register anything for the warranty to begin.**`;
    const checked = await check(draft);
    expect(checked.supported).toBe(true);
    for (const sentence of checked.sentences) {
      if (!sentence.supported) throw new Error('Expected support.');
      const { documentId, start, end, quote } = sentence.citation;
      expect(helpCentre().documents.get(documentId)?.text.slice(start, end)).toBe(quote);
      expect(draft.slice(sentence.start, sentence.end)).toBe(sentence.text);
      expect(sentence.leftOut).toEqual([]);
    }
  });

  it('says what a supported sentence leaves out, and flags it where it is to be strict', async () => {
    const draft = 'According to the documents, the warranty lasts two years.';
    expect(await check(draft)).toMatchObject({
      supported: true,
      sentences: [{ leftOut: ['on every Lumen device', 'from the date of delivery'] }],
    });
    expect(verdicts(await check(draft, { strict: true }))).toEqual(['not-quoted']);
  });

  it.each([
    ['number', 'The warranty on every Lumen device lasts three years from the date of delivery.', ['three']],
    ['negation', 'The warranty on every Lumen device does not last two years.', ['does', 'not', 'last']],
    ['invention', 'The warranty on every Lumen device covers earthquakes.', ['covers', 'earthquakes']],
  ])(
    'flags a changed sentence (%s), with the words that the closest does not have',
    async (_, draft, missing) => {
      const { supported, sentences } = await check(`${SENTENCE} ${draft}`);
      expect(supported).toBe(false);
      expect(sentences[0]).toMatchObject({ supported: true });
      expect(sentences[1]).toMatchObject({
        supported: false,
        reason: 'not-quoted',
        missing,
        closest: { documentId: 'warranty/standard-warranty.md', quote: SENTENCE },
      });
    },
  );

  it('flags what nothing was found for, and questions', async () => {
    expect(verdicts(await check('Xylophonists! Is there more?'))).toEqual(['no-source', 'no-statement']);
  });

  it('supports "it" only where it means what it means in the source', async () => {
    const retriever = new Bm25Retriever();
    const text = 'The warranty is free. It lasts two years. The battery is new.';
    retriever.addDocument(readPlainText(text, { id: 'a', title: '', uri: 'a' }));
    expect(verdicts(await check('The warranty is free. It lasts two years.', { retriever }))).toEqual([
      'The warranty is free',
      'It lasts two years',
    ]);
    const other = await check('The battery is new. It lasts two years.', { retriever });
    expect(verdicts(other)).toEqual(['The battery is new', 'unclear-reference']);
    expect(verdicts(await check('It lasts two years.', { retriever }))).toEqual(['unclear-reference']);
    const between = await check('The warranty is free. Is it? It lasts two years.', { retriever });
    expect(verdicts(between).at(-1)).toBe('unclear-reference');
  });

  it('does not take an empty draft for a supported one, and refuses what is no text', async () => {
    for (const draft of ['', ' \n', '[1] …'])
      expect(await check(draft)).toEqual({ supported: false, sentences: [] });
    expect(await errorOf(() => check(7 as unknown as string))).toMatchObject({
      message: 'Expected the draft to be text, got 7.',
    });
    expect(await errorOf(() => check('x', { topK: 0 }))).toMatchObject({ code: 'invalid-option' });
  });

  it('ends a chain from a model, with a run of its own, and says the same each time', async () => {
    const model = new ScriptedChatModel([() => new AIMessage(SENTENCE), () => new AIMessage(SENTENCE)]);
    const recorder = new Recorder();
    const retriever = fromLangChainRetriever(new VerbatimRetriever({ retriever: helpCentre().qa.retriever }));
    const chain = model.pipe(new StringOutputParser()).pipe(createDraftChecker({ retriever }));
    const first = await chain.invoke('How long?', { callbacks: [recorder] });
    expect(first.supported).toBe(true);
    expect(await chain.invoke('How long?')).toEqual(first);
    expect(recorder.events.find(({ name }) => name === 'check_draft')?.parent).toBe('RunnableSequence');
    expect(recorder.events.find(({ event }) => event === 'retriever start')?.parent).toBe('check_draft');
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const retrieve = vi.fn<Retriever['retrieve']>(async () => {
      controller.abort(new Error('enough'));
      return [];
    });
    const checker = createDraftChecker({ retriever: { retrieve } });
    await expect(checker.invoke('One here. Two there.', { signal: controller.signal })).rejects.toThrow(
      'enough',
    );
    expect(retrieve).toHaveBeenCalledOnce();
  });

  it('checks several drafts at once', async () => {
    const checker = createDraftChecker({ retriever: helpCentre().qa.retriever, topK: 3 });
    const checked = await checker.batch([SENTENCE, 'Bananas are yellow.']);
    expect(checked.map(({ supported }) => supported)).toEqual([true, false]);
  });
});

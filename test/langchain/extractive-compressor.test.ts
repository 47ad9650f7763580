import { ContextualCompressionRetriever } from '@langchain/classic/retrievers/contextual_compression';
import { DocumentCompressorPipeline } from '@langchain/classic/retrievers/document_compressors';
import { Document, type DocumentInterface } from '@langchain/core/documents';
import { RunnableLambda, type RunnableConfig } from '@langchain/core/runnables';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExtractiveCompressor, VerbatimRetriever, type PassageMetadata } from '../../src/langchain/index.js';
import type { PassageReading, ReadablePassage, Reader, ReadOptions } from '../../src/reader/index.js';
import { errorOf } from '../support/error-of.js';
import { ANSWERABLE, UNANSWERABLE, useHelpCentre } from './help-centre.js';
import { Recorder } from './recorder.js';

const helpCentre = useHelpCentre();

function expectSlices(documents: readonly DocumentInterface[]): void {
  for (const { pageContent, metadata } of documents) {
    const { documentId, start, end } = metadata as PassageMetadata;
    expect(helpCentre().documents.get(documentId)?.text.slice(start, end)).toBe(pageContent);
  }
}

/** A reader whose spans are the marked words of each text: `[word|margin]` is read as `word`. */
class MarkedReader implements Reader {
  read<P extends ReadablePassage>(
    _: string,
    passages: readonly P[],
    { signal }: ReadOptions = {},
  ): Promise<PassageReading<P>[]> {
    signal?.throwIfAborted();
    return Promise.resolve(
      passages.map((passage) => {
        const spans = Array.from(
          passage.text.matchAll(/\w+(?=<(-?\d+)>)/g),
          ({ 0: text, 1: margin, index }) => {
            const score = Number(margin);
            return { start: index, end: index + text.length, text, startLogit: score, endLogit: 0, score };
          },
        ).sort((a, b) => b.score - a.score);
        return { passage, spans, nullScore: 0, margin: spans[0]?.score ?? -Infinity, windowCount: 1 };
      }),
    );
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const marked = (options: { minMargin?: number; maxMarginGap?: number } = {}): ExtractiveCompressor =>
  new ExtractiveCompressor({ reader: new MarkedReader(), ...options });

describe('ExtractiveCompressor', () => {
  it('hands on the sentences that can answer, each where its document has it', async () => {
    const { qa, loaded } = helpCentre();
    const documents = await new VerbatimRetriever({ retriever: qa.retriever }).invoke(ANSWERABLE);
    const kept = await new ExtractiveCompressor({ reader: loaded }).compressDocuments(documents, ANSWERABLE);
    expectSlices(kept);
    const length = (all: readonly DocumentInterface[]): number =>
      all.reduce((sum, { pageContent }) => sum + pageContent.length, 0);
    expect(length(kept)).toBeLessThan(length(documents) / 4);
    const sentence = kept.find(({ pageContent }) => pageContent.includes('lasts two years'));
    expect(sentence).toMatchObject({
      pageContent: 'The warranty on every Lumen device lasts two years from the date of delivery.',
      metadata: { documentId: 'warranty/standard-warranty.md', line: 11, title: 'The Lumen Home warranty' },
    });
    expect(sentence?.id).toBe(
      `warranty/standard-warranty.md#${sentence?.metadata['start']}-${sentence?.metadata['end']}`,
    );
  });

  it('hands on nothing where nothing can answer', async () => {
    const { qa, loaded } = helpCentre();
    const documents = await new VerbatimRetriever({ retriever: qa.retriever }).invoke(UNANSWERABLE);
    const compressor = new ExtractiveCompressor({ reader: loaded, minMargin: 0 });
    expect(await compressor.compressDocuments(documents, UNANSWERABLE)).toEqual([]);
    expect(await compressor.compressDocuments([], UNANSWERABLE)).toEqual([]);
  });

  it('works inside LangChain’s own retriever and pipeline of compressors', async () => {
    const { qa, loaded } = helpCentre();
    const baseCompressor = new ExtractiveCompressor({ reader: loaded });
    const recorder = new Recorder();
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- LangChain has this class twice
    const twice = new DocumentCompressorPipeline({ transformers: [baseCompressor, baseCompressor] });
    const retriever = new ContextualCompressionRetriever({
      baseRetriever: new VerbatimRetriever({ retriever: qa.retriever, k: 5 }),
      baseCompressor: twice,
    });
    const kept = await retriever.invoke(ANSWERABLE, { callbacks: [recorder] });
    expectSlices(kept);
    expect(kept.length).toBeGreaterThan(0);
    expect(recorder.summary).toEqual([
      'retriever start ContextualCompressionRetriever',
      'retriever start VerbatimRetriever',
      'retriever end VerbatimRetriever',
      'retriever end ContextualCompressionRetriever',
    ]);
    expect(await retriever.batch([ANSWERABLE, ''])).toEqual([kept, []]);
  });

  it('keeps what reaches both limits, sentences next to each other as one, best documents first', async () => {
    const source = 'One a<-5> here. Two b<-7> there. Three c<-9> out. Four d<-6> apart. Five e<-20> low.';
    const better = 'No word here. Best f<0> of all.';
    const kept = await marked({ minMargin: -8, maxMarginGap: 100 }).compressDocuments(
      [
        new Document({ pageContent: source, metadata: { tag: 1 }, id: 'a' }),
        new Document({ pageContent: better }),
      ],
      'x',
    );
    expect(kept.map(({ pageContent, metadata }) => [pageContent, metadata['margin'] as number])).toEqual([
      ['Best f<0> of all.', 0],
      ['One a<-5> here. Two b<-7> there.', -5],
      ['Four d<-6> apart.', -6],
    ]);
    for (const { pageContent, metadata } of kept.slice(1)) {
      expect(source.slice(metadata['start'] as number, metadata['end'] as number)).toBe(pageContent);
      expect(metadata).toMatchObject({ tag: 1, documentId: 'a' });
    }
    const near = await marked({ minMargin: -100, maxMarginGap: 1 }).compressDocuments(
      [new Document({ pageContent: source })],
      'x',
    );
    expect(near.map(({ pageContent }) => pageContent)).toEqual(['One a<-5> here.', 'Four d<-6> apart.']);
  });

  it('hands a sentence that two overlapping passages share on once', async () => {
    const at = (start: number, pageContent: string): Document =>
      new Document({ pageContent, metadata: { documentId: 'a', start, end: start + pageContent.length } });
    const kept = await marked().compressDocuments(
      [at(17, 'One a<-1> here.'), at(0, 'Long b<-2> word. One a<-1> here.')],
      'x',
    );
    expect(kept.map(({ id }) => id)).toEqual(['a#17-32', 'a#0-16']);
    const same = await marked().compressDocuments(
      [at(0, 'One a<-1> here.'), at(0, 'One a<-1> here. No.')],
      'x',
    );
    expect(same.map(({ id }) => id)).toEqual(['a#0-15']);
  });

  it('says on which line a piece begins', async () => {
    const document = new Document({
      pageContent: 'First line.\n\nSecond a<1> line.',
      metadata: { source: 'a.txt', loc: { lines: { from: 5, to: 7 } } },
    });
    expect(await marked().compressDocuments([document], 'x')).toMatchObject([{ metadata: { line: 7 } }]);
  });

  it('gives slices of whatever text it is given', async () => {
    const { reader } = helpCentre().loaded;
    const compressor = new ExtractiveCompressor({ reader, minMargin: -1000, maxMarginGap: 1000 });
    const unit = fc.constantFrom(
      'The hub is blue. ',
      '😀',
      'cafe\u0301 ',
      '\r\n',
      '\n\n',
      'lasts ',
      '👩‍👩‍👧 ',
      'ﬃ ',
      '漢字。',
    );
    await fc.assert(
      fc.asyncProperty(fc.string({ unit, minLength: 1, maxLength: 12 }), async (text) => {
        for (const { pageContent, metadata } of await compressor.compressDocuments(
          [new Document({ pageContent: text })],
          'What is blue?',
        )) {
          expect(text.slice(metadata['start'] as number, metadata['end'] as number)).toBe(pageContent);
          expect(pageContent).not.toBe('');
        }
      }),
      { numRuns: 25 },
    );
  });

  it('hears the signal of a config, and of the run that it is part of', async () => {
    const documents = [new Document({ pageContent: 'One a<1>.' })];
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(marked().compressDocuments(documents, 'x', { signal })).rejects.toThrow('enough');
    const controller = new AbortController();
    const step = RunnableLambda.from(async (_: string, config: RunnableConfig) => {
      controller.abort(new Error('enough'));
      return marked().compressDocuments(documents, 'x', config);
    });
    await expect(step.invoke('x', { signal: controller.signal })).rejects.toThrow('enough');
  });

  it('refuses limits out of range and an empty question', async () => {
    expect(await errorOf(() => marked({ maxMarginGap: -1 }))).toMatchObject({
      message: 'Expected maxMarginGap to be a finite number >= 0, got -1.',
    });
    expect(await errorOf(() => marked({ minMargin: NaN }))).toMatchObject({ code: 'invalid-option' });
    const { reader } = helpCentre().loaded;
    const compressor = new ExtractiveCompressor({ reader });
    const documents = [new Document({ pageContent: 'One.' })];
    expect(await errorOf(() => compressor.compressDocuments(documents, ' '))).toMatchObject({
      code: 'empty-question',
    });
  });
});

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SourceDocument } from '../../src/core/document.js';
import {
  createAnswerer,
  createVerbatim,
  loadCorpus,
  loadReader,
  readPlainText,
  type AnswerResult,
  type Citation,
  type LoadedReader,
  type Verbatim,
} from '../../src/index.js';
import { readSquadFile } from '../../src/ingest/index.js';
import { errorOf } from '../support/error-of.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let documents: Map<string, SourceDocument>;
let helpCentre: Verbatim;
let loaded: LoadedReader;
beforeAll(async () => {
  const corpus = await loadCorpus(['corpora/help-centre']);
  documents = new Map(corpus.documents.map((document) => [document.id, document]));
  helpCentre = await createVerbatim({ documents: corpus.documents });
  loaded = await loadReader();
});
afterAll(async () => {
  await helpCentre.close();
  await loaded.reader.close();
});

const citationsOf = (result: AnswerResult): Citation[] =>
  result.kind === 'answer'
    ? [result, ...result.alternatives].flatMap(({ citations }) => citations)
    : (result.bestRejected?.citations.slice() ?? []);

function expectExact(result: AnswerResult, source: ReadonlyMap<string, SourceDocument>): void {
  for (const { documentId, start, end, quote, sentence } of citationsOf(result)) {
    const text = source.get(documentId)?.text ?? '';
    expect(quote).not.toBe('');
    expect(text.slice(start, end)).toBe(quote);
    expect(text.slice(sentence.start, sentence.end)).toBe(sentence.text);
    expect(sentence.start <= start && end <= sentence.end).toBe(true);
  }
}

describe('createVerbatim', () => {
  it('answers from a folder with the exact words of a document', async () => {
    await using qa = await createVerbatim({ corpus: 'corpora/help-centre' });
    const result = await qa.ask('How long is the warranty?');
    expect(result).toMatchObject({ kind: 'answer', answer: 'two years' });
    expectExact(result, documents);
  });

  it('says "no answer", and why, where the corpus does not support one', async () => {
    expect(await helpCentre.ask('Who won the football championship in Peru?')).toMatchObject({
      kind: 'no-answer',
      reason: 'no-support',
    });
    expect(await helpCentre.ask('Xylophonists?')).toMatchObject({
      kind: 'no-answer',
      reason: 'no-passages',
      bestRejected: null,
    });
  });

  it('quotes exactly for every question of the sample corpus, and gives the same result again', async () => {
    const { questions } = await readSquadFile('corpora/help-centre.questions.json');
    for (const { question } of questions.filter((_, i) => i % 10 === 0)) {
      const result = await helpCentre.ask(question, { explain: true });
      expectExact(result, documents);
      expect(await helpCentre.ask(question, { explain: true })).toEqual(result);
    }
  });

  it('quotes exactly from texts with emoji, CRLF, combining marks and window edges', async () => {
    const unit = fc.constantFrom(
      'The warranty lasts two years. ',
      '😀',
      'cafe\u0301 ',
      '\r\n',
      '\r\n\r\n',
      'İstanbul ',
      '漢字',
      '\u00ad',
      '— ',
      'lasts ',
      '👩‍👩‍👧 ',
      'ﬃ ',
      '\u200f',
    );
    await fc.assert(
      fc.asyncProperty(fc.string({ unit, minLength: 1, maxLength: 40 }), async (text) => {
        const document = readPlainText(text, { id: 'x.txt', title: 'Warranty', uri: 'x' });
        const qa = await createVerbatim({
          documents: [document],
          reader: loaded.reader,
          profile: { aggregation: 'null-score', threshold: 20, calibration: { slope: 1, intercept: 0 } },
        });
        const result = await qa.ask('How long does the warranty last?', {
          maxSequenceLength: 48,
          stride: 8,
          maxQuestionLength: 12,
          maxPreambleLength: 8,
        });
        expectExact(result, new Map([['x.txt', document]]));
      }),
      { numRuns: 60 },
    );
  });

  it('obeys topK, threshold, filter and explain', async () => {
    const strict = await helpCentre.ask('How long is the warranty?', { threshold: -1000 });
    expect(strict).toMatchObject({ kind: 'no-answer', threshold: -1000 });
    const zero = await helpCentre.ask('How long is the warranty?', { threshold: 0, topK: 2, explain: true });
    expect(zero).toMatchObject({ threshold: 0, passagesRead: 2 });
    expect(zero.explanation?.map(({ rank }) => rank)).toEqual([1, 2]);
    expect(zero.explanation?.[0]?.passage.explanation?.length).toBeGreaterThan(0);
    const filtered = await helpCentre.ask('How long is the warranty?', {
      filter: (id) => id.startsWith('hub/'),
    });
    expect(citationsOf(filtered).every(({ documentId }) => documentId.startsWith('hub/'))).toBe(true);
  });

  it.each([
    ['an empty question', () => helpCentre.ask(''), 'empty-question'],
    ['a blank question', () => helpCentre.ask(' \n\t'), 'empty-question'],
    [
      'a question longer than the model takes',
      () => helpCentre.ask('warranty '.repeat(100)),
      'question-too-long',
    ],
    ['a negative topK', () => helpCentre.ask('When?', { topK: -1 }), 'invalid-option'],
    ['a threshold that is no number', () => helpCentre.ask('When?', { threshold: NaN }), 'invalid-option'],
    [
      'a negative number of alternatives',
      () => helpCentre.ask('When?', { alternatives: -1 }),
      'invalid-option',
    ],
    ['two sources', () => createVerbatim({ corpus: 'corpora', documents: [] }), 'invalid-option'],
    ['no source', () => createVerbatim({}), 'invalid-option'],
    ['an empty list of paths', () => createVerbatim({ corpus: [] }), 'invalid-option'],
    ['a corpus that does not exist', () => createVerbatim({ corpus: 'no/such' }), 'path-not-found'],
    [
      'a model that does not exist',
      () => createVerbatim({ documents: [], model: 'no/such' }),
      'model-not-found',
    ],
  ])('refuses %s', async (_what, action, code) => {
    expect((await errorOf(action)).code).toBe(code);
  });

  it('refuses a corpus with a damaged file, unless it is told where to report it', async () => {
    const folder = temporaryFolder({
      'good.md': 'The warranty lasts two years.',
      'bad.md': Uint8Array.from([0, 0, 1, 2]),
    });
    expect((await errorOf(() => createVerbatim({ corpus: folder }))).code).toBe('file-binary');
    const problems: string[] = [];
    await using qa = await createVerbatim({ corpus: folder, onProblem: ({ code }) => problems.push(code) });
    expect(problems).toEqual(['file-binary']);
    expect(await qa.ask('How long does the warranty last?')).toMatchObject({ answer: 'two years' });
  });

  it('finds nothing in no documents', async () => {
    await using qa = await createVerbatim({ documents: [] });
    expect(await qa.ask('When?')).toMatchObject({
      kind: 'no-answer',
      reason: 'no-passages',
      passagesRead: 0,
    });
  });
});

describe('createAnswerer', () => {
  it('answers from the hits of any search engine; offsets index the hit', async () => {
    await using answerer = await createAnswerer();
    const hits = [
      {
        id: '7',
        text: 'Returns are free for 30 days.',
        title: 'Returns',
        uri: 'https://example.com/7',
        score: 3.2,
      },
      { id: '9', text: 'The warranty lasts two years.' },
    ];
    const result = await answerer.answerFromHits('How long does the warranty last?', hits);
    expect(result).toMatchObject({
      kind: 'answer',
      answer: 'two years',
      citations: [{ documentId: '9', start: 19, end: 28, sentence: { start: 0, end: 29 } }],
    });
    expect(await answerer.answerFromHits('When?', [])).toMatchObject({ reason: 'no-passages' });
  });

  it('refuses a reader without a profile, and a hit without a text', async () => {
    expect((await errorOf(() => createAnswerer({ reader: loaded.reader }))).code).toBe('invalid-option');
    await using answerer = await createAnswerer();
    const hits = [{ id: '7' } as unknown as { id: string; text: string }];
    const error = await errorOf(() => answerer.answerFromHits('When?', hits));
    expect(error.message).toContain('Expected a text in hit "7", got undefined');
  });
});

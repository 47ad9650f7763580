import { appendFileSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Feedback } from '../../../src/server/deps.js';
import { exportFeedback } from '../../../src/server/operations/feedback-export.js';
import {
  FeedbackStore,
  readFeedback,
  type StoredFeedback,
} from '../../../src/server/operations/feedback-store.js';
import { parseSquad, readPlainText } from '../../../src/ingest/index.js';
import type { SourceDocument } from '../../../src/core/document.js';
import { errorOf } from '../../support/error-of.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

// The emoji is one code point and two UTF-16 units: SQuAD's offset of everything behind it is one less.
const TEXT = '🔋 The battery lasts two years. A spare costs 12 euros, 112 with shipping to the Moon.';

const DOCUMENT: SourceDocument = readPlainText(TEXT, {
  id: 'battery.txt',
  title: 'Battery',
  uri: 'battery.txt',
});

function citationOf(quote: string): StoredFeedback['result'] {
  const start = TEXT.indexOf(quote);
  const sentenceEnd = TEXT.indexOf('.', start) + 1;
  const sentenceStart = start < TEXT.indexOf(' A spare') ? 0 : TEXT.indexOf('A spare');
  return {
    kind: 'answer',
    citations: [
      {
        documentId: 'battery.txt',
        title: 'Battery',
        start,
        end: start + quote.length,
        quote,
        sentence: {
          start: sentenceStart,
          end: sentenceEnd,
          text: TEXT.slice(sentenceStart, sentenceEnd),
        },
      },
    ],
    alternatives: [],
  };
}

const NO_ANSWER: StoredFeedback['result'] = {
  kind: 'no-answer',
  bestRejected: citationOf('two years') as Extract<StoredFeedback['result'], { kind: 'answer' }>,
};

let nextId = 0;

function verdict(
  given: 'right' | 'wrong',
  result: StoredFeedback['result'],
  more: Partial<StoredFeedback> = {},
): StoredFeedback {
  return { answerId: `a${nextId++}`, verdict: given, question: 'How long does it last?', result, ...more };
}

const withDocument = async (id: string): Promise<SourceDocument | undefined> =>
  id === DOCUMENT.id ? DOCUMENT : undefined;
const withoutDocuments = async (): Promise<undefined> => undefined;

describe('exported feedback', () => {
  it('makes of "right" the answer at its offset in code points, in the passage that was cited', async () => {
    const { squad, answerable } = await exportFeedback(
      [verdict('right', citationOf('two years'))],
      withDocument,
    );
    expect(answerable).toBe(1);
    const [question] = squad.data[0]?.paragraphs[0]?.qas ?? [];
    expect(squad.data[0]).toMatchObject({ title: 'Battery', paragraphs: [{ context: TEXT }] });
    expect(question?.answers).toEqual([{ text: 'two years', answer_start: 20 }]);
    expect(Array.from(TEXT).slice(20, 29).join('')).toBe('two years');
    const { questions } = parseSquad(squad, 'export');
    expect(questions[0]?.answers).toEqual([{ text: 'two years', start: 21, end: 30 }]);
  });

  it('takes the cited sentence where the document is not known or has changed', async () => {
    const changed: SourceDocument = { ...DOCUMENT, text: `New. ${TEXT}` };
    for (const documentOf of [withoutDocuments, async () => changed]) {
      const { squad } = await exportFeedback([verdict('right', citationOf('two years'))], documentOf);
      expect(squad.data[0]?.paragraphs[0]?.context).toBe('🔋 The battery lasts two years.');
      expect(parseSquad(squad, 'export').questions[0]?.answers[0]?.text).toBe('two years');
    }
  });

  it('makes of "wrong" the correct answer, where it stands as whole words in the cited passage', async () => {
    const wrong = verdict('wrong', citationOf('two years'), { correctAnswer: '12  Euros' });
    const { squad } = await exportFeedback([wrong], withDocument);
    const [question] = parseSquad(squad, 'export').questions;
    expect(question?.answers).toEqual([
      { text: '12 euros', start: TEXT.indexOf('12 euros'), end: TEXT.indexOf('12 euros') + 8 },
    ]);
    const part = await exportFeedback(
      [verdict('wrong', citationOf('two years'), { correctAnswer: 'euro' })],
      withDocument,
    );
    expect(part.leftOut.map(({ reason }) => reason)).toEqual(['correct-answer-not-found']);
  });

  it('makes of "wrong" without the correct answer, and of a right "no answer", an unanswerable question', async () => {
    const { squad, unanswerable } = await exportFeedback(
      [
        verdict('wrong', citationOf('two years')),
        verdict('right', NO_ANSWER, { question: 'Who invented it?' }),
      ],
      withDocument,
    );
    expect(unanswerable).toBe(2);
    const { questions } = parseSquad(squad, 'export');
    expect(questions.map(({ answers }) => answers)).toEqual([[], []]);
  });

  it('leaves out what teaches nothing, with the reason', async () => {
    const moved = citationOf('two years');
    if (moved.kind === 'answer') {
      const [citation] = moved.citations;
      if (citation !== undefined) moved.citations = [{ ...citation, start: 0, end: 9 }];
    }
    const { leftOut, squad } = await exportFeedback(
      [
        verdict('right', { kind: 'no-answer', bestRejected: null }),
        verdict('wrong', NO_ANSWER),
        verdict('right', moved),
      ],
      withoutDocuments,
    );
    expect(leftOut.map(({ reason }) => reason)).toEqual(['no-citation', 'no-correct-answer', 'text-changed']);
    expect(squad.data).toEqual([]);
  });

  it('counts the last of several verdicts on one question and passage, whatever case and spaces', async () => {
    const { squad, replaced } = await exportFeedback(
      [
        verdict('wrong', citationOf('two years')),
        verdict('right', citationOf('two years'), { question: ' how long does  it last?' }),
      ],
      withDocument,
    );
    expect(replaced).toBe(1);
    const { questions } = parseSquad(squad, 'export');
    expect(questions.map(({ answers }) => answers.length)).toEqual([1]);
  });

  it('has the same ids each time', async () => {
    const verdicts = [verdict('right', citationOf('two years'))];
    const first = await exportFeedback(verdicts, withDocument);
    expect(await exportFeedback(verdicts, withDocument)).toEqual(first);
  });
});

const FEEDBACK = verdict('right', citationOf('two years')) as unknown as Feedback;

describe('FeedbackStore', () => {
  it('keeps verdicts in order, in a file for this user alone, across openings', async () => {
    const file = path.join(temporaryFolder(), 'feedback.ndjson');
    const first = await FeedbackStore.open(file);
    await Promise.all(['a', 'b', 'c'].map((answerId) => first.add({ ...FEEDBACK, answerId })));
    await first.close();
    const second = await FeedbackStore.open(file);
    await second.add({ ...FEEDBACK, answerId: 'd' });
    await second.close();
    const { feedback, damaged } = await readFeedback(file);
    expect([feedback.map(({ answerId }) => answerId), damaged]).toEqual([['a', 'b', 'c', 'd'], 0]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('passes over a line that a crash cut off, and begins the next on a line of its own', async () => {
    const file = path.join(temporaryFolder(), 'feedback.ndjson');
    const line = JSON.stringify({ ...FEEDBACK, answerId: 'whole' });
    appendFileSync(file, `${line}\n${line.slice(0, 40)}`);
    expect(await readFeedback(file)).toMatchObject({ feedback: [{ answerId: 'whole' }], damaged: 1 });
    const store = await FeedbackStore.open(file);
    await store.add({ ...FEEDBACK, answerId: 'after' });
    await store.close();
    expect(await readFeedback(file)).toMatchObject({
      feedback: [{ answerId: 'whole' }, { answerId: 'after' }],
      damaged: 1,
    });
    expect(readFileSync(file, 'utf8').endsWith('\n')).toBe(true);
  });

  it('says which file cannot be written or read', async () => {
    const folder = temporaryFolder();
    expect((await errorOf(() => FeedbackStore.open(folder))).message).toContain(folder);
    expect((await errorOf(() => readFeedback(path.join(folder, 'none')))).code).toBe('path-not-found');
  });
});

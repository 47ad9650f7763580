import { describe, expect, it } from 'vitest';
import { locateParagraphs, paragraphPassages } from '../../src/evaluation/index.js';
import { goldSpansIn, holdsGoldAnswer } from '../../src/evaluation/gold-passages.js';

const answer = (text: string, start: number) => ({ text, start, end: start + text.length });

describe('where labelled paragraphs stand in a corpus', () => {
  const documents = [
    { id: 'old.md', title: 'Old', text: 'Intro. The port is 80. End.' },
    { id: 'new.md', title: 'New', text: 'The port is 80.' },
  ];

  it('is first sought in the document that the article is named after, by id or title', () => {
    const text = 'The port is 80.';
    expect(
      locateParagraphs(
        ['old.md', 'new.md', 'New', 'elsewhere'].map((title) => ({ title, text })),
        documents,
      ),
    ).toEqual([
      { documentId: 'old.md', start: 7 },
      { documentId: 'new.md', start: 0 },
      { documentId: 'new.md', start: 0 },
      { documentId: 'old.md', start: 7 },
    ]);
  });

  it('is sought elsewhere if the namesake does not hold it, and may be unknown', () => {
    expect(
      locateParagraphs(
        [
          { title: 'new.md', text: 'Intro.' },
          { title: 'new.md', text: 'Not there.' },
        ],
        documents,
      ),
    ).toEqual([{ documentId: 'old.md', start: 0 }, undefined]);
  });

  it('is a document of its own where the paragraphs are the corpus, in the order of the file', () => {
    const passages = paragraphPassages([
      { title: 'Old_Bridge', text: 'One.' },
      { title: 'Old_Bridge', text: 'Two.' },
    ]);
    expect(passages.map(({ documentId, title, text }) => [documentId, title, text])).toEqual([
      ['Old_Bridge#000000', 'Old Bridge', 'One.'],
      ['Old_Bridge#000001', 'Old Bridge', 'Two.'],
    ]);
  });
});

describe('a passage that is a slice of a document', () => {
  // The paragraph begins at 100 of the document; "1932" stands at 10 of it, so at 110 to 114 of the document.
  const place = { documentId: 'd', start: 100 };
  const question = { answers: [answer('1932', 10), answer('in 1932', 7)] };

  it('holds the gold answers that stand whole in it', () => {
    const spans = (start: number, end: number) =>
      goldSpansIn({ documentId: 'd', start, end }, question, place);
    expect(spans(90, 120)).toEqual([
      { start: 20, end: 24 },
      { start: 17, end: 24 },
    ]);
    expect(spans(110, 114)).toEqual([{ start: 0, end: 4 }]);
    expect(spans(111, 200)).toEqual([]);
    expect(spans(0, 113)).toEqual([]);
  });

  it('of another document holds none', () => {
    expect(goldSpansIn({ documentId: 'e', start: 0, end: 500 }, question, place)).toEqual([]);
  });
});

describe('a text', () => {
  it('holds an answer as whole tokens of the official normalisation', () => {
    const holds = (text: string, ...answers: string[]): boolean =>
      holdsGoldAnswer(text, { answers: answers.map((each) => answer(each, 0)) });
    expect(holds('It opened in March, 1932.', 'march 1932')).toBe(true);
    expect(holds('It opened in 1932.', '193')).toBe(false);
    expect(holds('It opened in 1932.', 'nothing', 'The 1932')).toBe(true);
    // "the" normalises to nothing, which every text would hold.
    expect(holds('It opened.', 'the')).toBe(false);
    expect(holds('It opened.')).toBe(false);
  });
});

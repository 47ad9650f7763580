import { describe, expect, it } from 'vitest';
import { errorOf } from '../support/error-of.js';
import { readFileOf } from '../support/source-file.js';

const textsOf = async (name: string, content: string): Promise<string[]> =>
  (await readFileOf(name, content)).documents.map(({ text }) => text);

describe('CSV', () => {
  it('reads an FAQ list: the question as a heading, the answer as paragraphs', async () => {
    const { documents, problems } = await readFileOf(
      'faq.csv',
      'ID,Question,ANSWER,Tags\nw1," How long?","Two years.\n\nFrom delivery.",warranty;hub\n,Where?,Here.,\n',
    );
    expect(problems).toEqual([]);
    const [first, second] = documents;
    expect(first).toMatchObject({
      id: 'faq.csv#w1',
      title: 'How long?',
      metadata: { tags: ['warranty', 'hub'] },
    });
    expect(
      first?.blocks.map(({ kind, start, end, headings }) => [kind, first.text.slice(start, end), headings]),
    ).toEqual([
      ['heading', 'How long?', []],
      ['paragraph', 'Two years.', ['How long?']],
      ['paragraph', 'From delivery.', ['How long?']],
    ]);
    expect([second?.id, second?.anchors]).toEqual(['faq.csv#3', [{ start: 0, line: 5 }]]);
  });

  it('reads rows with a text column', async () => {
    const { documents } = await readFileOf(
      'a.csv',
      'text,title,uri,date,price\n"a, ""b""",T,https://x.org/,2026-01-02,5\n',
    );
    expect(documents).toMatchObject([
      { id: 'a.csv#2', text: 'a, "b"', title: 'T', uri: 'https://x.org/', metadata: { date: '2026-01-02' } },
    ]);
  });

  it('writes any other row with its column names, without the empty cells', async () => {
    const { documents } = await readFileOf('plugs.csv', 'id,Watts,,Colour\np1,2300,x,\n\np2,,,white\n');
    expect(
      documents.map(({ id, title, text, blocks }) => [id, title, text, blocks.map(({ kind }) => kind)]),
    ).toEqual([
      ['plugs.csv#p1', 'plugs', 'id: p1; Watts: 2300; x', ['table-row']],
      ['plugs.csv#p2', 'plugs', 'id: p2; Colour: white', ['table-row']],
    ]);
  });

  it.each([
    ['a semicolon', 'a.csv', 'a;b\n"1;2";3,4\n', ['a: 1;2; b: 3,4']],
    ['a tab', 'a.csv', 'a\tb\n1\t2\n', ['a: 1; b: 2']],
    ['a tab by its name', 'a.tsv', 'a,b\tc\n1\t2\n', ['a,b: 1; c: 2']],
    ['a comma, quoted semicolons aside', 'a.csv', '"a;;;",b\n1,2\n', ['a;;;: 1; b: 2']],
    ['nothing: one column', 'a.csv', 'a\r\n1\r\n', ['a: 1']],
  ])('finds the delimiter: %s', async (_what, name, content, texts) => {
    expect(await textsOf(name, content)).toEqual(texts);
  });

  it('goes on with the next line after broken quotes, and names the row and the line', async () => {
    const { documents, problems } = await readFileOf(
      'a.csv',
      'text,n\n"two\nlines",1\n"x"y,2\nok,3\na"b,4\nfine,5\n"never closed,6\nlast,7\n',
    );
    expect(documents.map(({ text }) => text)).toEqual(['two\nlines', 'ok', 'fine', 'last']);
    expect(problems).toEqual([
      '"a.csv", row 3 (line 4): its quotes are broken.',
      '"a.csv", row 5 (line 6): its quotes are broken.',
      '"a.csv", row 7 (line 8): its quotes are broken.',
    ]);
  });

  it('does not let an open quote swallow the rest of a large file', async () => {
    const { documents, problems } = await readFileOf(
      'a.csv',
      `text\n"open\n${'row of text\n'.repeat(100_000)}`,
    );
    expect([documents.length, problems.length]).toEqual([100_000, 1]);
  });

  it('reports rows with too many cells and without a text, and takes short rows', async () => {
    const { documents, problems } = await readFileOf('a.csv', 'title,text\nT,one\nT,two,three\nT\n,four\n');
    expect(documents.map(({ text }) => text)).toEqual(['one', 'four']);
    expect(problems[0]).toBe('"a.csv", row 3 (line 3): expected at most 2 cells, got 3.');
    expect(problems[1]).toMatch(/^"a\.csv", row 4 \(line 4\): text: /);
  });

  it('names both rows of an id that stands twice', async () => {
    const { problems } = await readFileOf('a.csv', 'id,text\nx,one\nx,two\n');
    expect(problems).toEqual(['"a.csv", row 3 (line 3): the id "x" stands at row 2 (line 2) already.']);
  });

  it('reads UTF-16 and gives nothing for an empty file', async () => {
    const { documents } = await readFileOf('a.csv', Buffer.from('\ufefftext\nGrüße\n', 'utf16le'));
    expect(documents.map(({ text }) => text)).toEqual(['Grüße']);
    expect(await textsOf('a.csv', '')).toEqual([]);
  });

  it('refuses a file that is no text', async () => {
    expect((await errorOf(() => readFileOf('a.csv', Uint8Array.from([1, 0, 0, 2])))).code).toBe(
      'file-binary',
    );
  });
});

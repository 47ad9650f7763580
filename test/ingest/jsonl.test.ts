import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCorpusFile } from '../../src/ingest/index.js';
import { errorOf } from '../support/error-of.js';
import { readFileOf } from '../support/source-file.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const lines = (...values: unknown[]): string => values.map((value) => JSON.stringify(value)).join('\n');

describe('JSON Lines', () => {
  it('gives one document a line, with its fields, its text to the character and its line', async () => {
    const text = ' One.\r\n\r\n\r\nTwo 😀.\n';
    const { documents, problems } = await readFileOf(
      'a.jsonl',
      lines(
        {
          id: 'x',
          title: 'T',
          uri: 'https://example.com/x',
          text,
          tags: ['hub', ' hub', ''],
          date: '2026-01-02',
        },
        { id: 7, text: 'Seven.', title: null, tags: 'a; b,c', date: 'yesterday', other: {} },
        { text: 'Third.' },
      ),
    );
    expect(problems).toEqual([]);
    expect(documents.map(({ id, title, metadata }) => [id, title, metadata])).toEqual([
      ['a.jsonl#x', 'T', { tags: ['hub'], date: '2026-01-02' }],
      ['a.jsonl#7', 'a', { tags: ['a', 'b', 'c'] }],
      ['a.jsonl#3', 'a', undefined],
    ]);
    const [first, second] = documents;
    expect([first?.uri, first?.text]).toEqual(['https://example.com/x', text]);
    expect(first?.blocks.map(({ start, end }) => text.slice(start, end))).toEqual([' One.', 'Two 😀.\n']);
    expect(second?.uri).toMatch(/^file:\/\/.*a\.jsonl$/);
    expect(second?.anchors).toEqual([{ start: 0, line: 2 }]);
  });

  it('goes on after a bad line, and says which it was and why', async () => {
    const { documents, problems } = await readFileOf(
      'a.jsonl',
      `${lines({ text: 'One.' })}\n{"text": \n\n${lines({ title: 'x' }, { text: ' ' }, { text: 'x', tags: 7 }, 5, { text: 'Last.' })}`,
    );
    expect(documents.map(({ text }) => text)).toEqual(['One.', 'Last.']);
    expect(problems.map((problem) => problem.slice(0, 28))).toEqual([
      '"a.jsonl", line 2: expected ',
      '"a.jsonl", line 4: text: Inv',
      '"a.jsonl", line 5: text: exp',
      '"a.jsonl", line 6: tags: Inv',
      '"a.jsonl", line 7: Invalid i',
    ]);
  });

  it('names both places of an id that stands twice', async () => {
    const { documents, problems } = await readFileOf(
      'a.jsonl',
      lines(
        { text: 'One.' },
        { id: 'b', text: 'Two.' },
        { id: 'b', text: 'Three.' },
        { id: 1, text: 'Four.' },
      ),
    );
    expect(documents).toHaveLength(2);
    expect(problems).toEqual([
      '"a.jsonl", line 3: the id "b" stands at line 2 already.',
      '"a.jsonl", line 4: the id "1" stands at line 1 already.',
    ]);
  });

  it.each([
    ['UTF-16 LE', Buffer.from('\ufeff{"text":"Grüße 😀"}\r\n{"text":"Zwei"}', 'utf16le')],
    ['UTF-16 BE', Buffer.from('\ufeff{"text":"Grüße 😀"}\r\n{"text":"Zwei"}', 'utf16le').swap16()],
    ['UTF-8 with a mark', Buffer.from('\ufeff{"text":"Grüße 😀"}\r\n{"text":"Zwei"}')],
  ])('reads %s', async (_what, content) => {
    const { documents } = await readFileOf('a.ndjson', content);
    expect(documents.map(({ text }) => text)).toEqual(['Grüße 😀', 'Zwei']);
  });

  it('leaves out a line that is no UTF-8, and one over the limit', async () => {
    const content = Buffer.concat([
      Buffer.from('{"text":"One."}\n{"text":"'),
      Uint8Array.from([0xff]),
      Buffer.from(`"}\n{"text":"${'x'.repeat(200_000)}"}\n{"text":"Last."}`),
    ]);
    const { documents, problems } = await readFileOf('a.jsonl', content, { maxFileBytes: 1000 });
    expect(documents.map(({ text }) => text)).toEqual(['One.', 'Last.']);
    expect(problems).toEqual([
      '"a.jsonl", line 2 is not valid UTF-8; save the file as UTF-8.',
      '"a.jsonl", line 3: expected at most 1000 bytes in a line (option maxFileBytes), got more.',
    ]);
  });

  it('refuses a file that is no text', async () => {
    expect((await errorOf(() => readFileOf('a.jsonl', Uint8Array.from([1, 0, 0, 2])))).code).toBe(
      'file-binary',
    );
  });

  it('reads no further than it is asked to', async () => {
    const file = path.join(temporaryFolder({ 'a.jsonl': lines({ text: 'One.' }) + '\n' }), 'a.jsonl');
    const reading = readCorpusFile({ file, id: 'a.jsonl', bytes: 0, named: true });
    expect((await reading.next()).value).toMatchObject({ id: 'a.jsonl#1' });
    appendFileSync(file, lines({ text: 'Two.' }));
    expect((await reading.next()).value).toMatchObject({ id: 'a.jsonl#2' });
    expect((await reading.next()).done).toBe(true);
  });
});

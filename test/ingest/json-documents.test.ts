import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../support/error-of.js';
import { readFileOf } from '../support/source-file.js';

const squad = {
  version: 'v2.0',
  data: [
    {
      title: 'Solar_Hub',
      paragraphs: [
        { context: 'One.', qas: [] },
        { context: 'Two\n\nlines.', qas: [] },
      ],
    },
    { title: 'Empty', paragraphs: [] },
    { paragraphs: [{ context: 'Untitled.' }] },
  ],
};

describe('JSON documents', () => {
  it.each([
    ['plain', 'a.json', JSON.stringify(squad)],
    ['gzipped', 'a.json.gz', gzipSync(JSON.stringify(squad))],
  ])('reads %s SQuAD: an article is a document, its paragraphs are blocks', async (_what, name, content) => {
    const { documents, problems } = await readFileOf(name, content);
    expect(problems).toEqual([]);
    expect(
      documents.map(({ id, title, text, blocks }) => [
        id,
        title,
        blocks.map(({ start, end }) => text.slice(start, end)),
      ]),
    ).toEqual([
      [`${name}#Solar_Hub`, 'Solar Hub', ['One.', 'Two\n\nlines.']],
      [`${name}#Empty`, 'Empty', []],
      [`${name}#3`, 'a', ['Untitled.']],
    ]);
  });

  it('leaves out what is no article or paragraph, and says where it stands', async () => {
    const [first] = squad.data;
    const data = [first, 5, first, { title: 'B', paragraphs: [{ text: 'x' }, null, { context: 'Kept.' }] }];
    const { documents, problems } = await readFileOf('a.json', JSON.stringify({ data }));
    expect(documents.map(({ text }) => text)).toEqual(['One.\n\nTwo\n\nlines.', 'Kept.']);
    expect(problems).toEqual([
      '"a.json", article 2: expected an object with a list "paragraphs".',
      '"a.json", article 3: the id "Solar_Hub" stands at article 1 already.',
      '"a.json", article 4, paragraph 1: expected a text "context".',
      '"a.json", article 4, paragraph 2: expected a text "context".',
    ]);
  });

  it('reads an FAQ list and a list of texts', async () => {
    const { documents, problems } = await readFileOf(
      'faq.json',
      JSON.stringify([
        { question: 'How long?', answer: 'Two years.', id: 'w', tags: ['a'], uri: 'https://x.org/w' },
        { question: 'Why?' },
        { text: 'A text.' },
      ]),
    );
    expect(documents.map(({ id, title, text }) => [id, title, text])).toEqual([
      ['faq.json#w', 'How long?', 'How long?\n\nTwo years.'],
      ['faq.json#3', 'faq', 'A text.'],
    ]);
    expect(documents[0]).toMatchObject({ uri: 'https://x.org/w', metadata: { tags: ['a'] } });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^"faq\.json", entry 2: answer: /);
  });

  it.each(['{}', '[]', '[1, 2]', '"text"', 'null', '{"data": [1]}', '[{"name": "x"}]'])(
    'refuses other JSON that was named, and passes it over in a folder: %s',
    async (content) => {
      const error = await errorOf(() => readFileOf('a.json', content));
      expect(error.code).toBe('file-unsupported');
      expect(error.message).toMatch(/expected SQuAD JSON, .*"question" and "answer", .*"text"\.$/);
      expect(await readFileOf('a.json', content, { named: false })).toEqual({ documents: [], problems: [] });
    },
  );

  it.each([
    ['damaged JSON', 'a.json', '[{"text": "x"', 'file-invalid'],
    ['a cut gzip file', 'a.json.gz', gzipSync('[{"text": "x"}]').subarray(0, 20), 'file-invalid'],
    ['a gzip bomb', 'a.json.gz', gzipSync(Buffer.alloc(2_000_000)), 'file-too-large'],
  ])('refuses %s', async (_what, name, content, code) => {
    expect((await errorOf(() => readFileOf(name, content, { maxFileBytes: 1_000_000 }))).code).toBe(code);
  });
});

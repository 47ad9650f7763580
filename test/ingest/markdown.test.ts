import { describe, expect, it } from 'vitest';
import { anchorAt } from '../../src/core/document.js';
import { readMarkdown } from '../../src/ingest/index.js';

const identity = { id: 'a.md', title: 'a', uri: 'file:///a.md' };
const blocksOf = (source: string): [string, string, readonly string[]][] => {
  const document = readMarkdown(source, identity);
  return document.blocks.map((block) => [
    block.kind,
    document.text.slice(block.start, block.end),
    block.headings,
  ]);
};
const lineOf = (source: string, words: string): number | undefined => {
  const document = readMarkdown(source, identity);
  return anchorAt(document.anchors, document.text.indexOf(words))?.line;
};

describe('readMarkdown', () => {
  it('keeps the text and the heading path, and leaves the markup out', () => {
    expect(
      blocksOf(
        '# Guide\n\nPress **and hold** the [button](x).\n\n## Reset\n\nWait `10 s`.\n\n# Other\n\nEnd.',
      ),
    ).toEqual([
      ['heading', 'Guide', []],
      ['paragraph', 'Press and hold the button.', ['Guide']],
      ['heading', 'Reset', ['Guide']],
      ['paragraph', 'Wait 10 s.', ['Guide', 'Reset']],
      ['heading', 'Other', []],
      ['paragraph', 'End.', ['Other']],
    ]);
  });

  it('writes a table row with its column names', () => {
    expect(blocksOf('| Code | Meaning |\n|---|---|\n| E1 | *low* battery |\n| E2 | no signal |')).toEqual([
      ['table-row', 'Code: E1; Meaning: low battery', []],
      ['table-row', 'Code: E2; Meaning: no signal', []],
    ]);
  });

  it('reads nested lists, quotes and code, and skips raw HTML and comments', () => {
    const source =
      '- one\n  - two\n\n> quoted\n\n```sh\ntide up\n```\n\n<script>alert(1)</script>\n\n<!-- hidden -->\n';
    expect(blocksOf(source).map(([kind, text]) => [kind, text])).toEqual([
      ['list-item', 'one'],
      ['list-item', 'two'],
      ['paragraph', 'quoted'],
      ['code', 'tide up'],
    ]);
  });

  it('takes title and uri from the front matter, else the title from the first heading', () => {
    const titled = readMarkdown(
      '---\ntitle: From YAML\nuri: https://example.com/x\n---\n# Heading\n\nText.',
      identity,
    );
    expect([titled.title, titled.uri]).toEqual(['From YAML', 'https://example.com/x']);
    const plain = readMarkdown('# Heading\n\nText.', identity);
    expect([plain.title, plain.uri]).toEqual(['Heading', 'file:///a.md']);
    expect(readMarkdown('Text.', identity).title).toBe('a');
  });

  it('reads a document with damaged front matter', () => {
    expect(readMarkdown('---\ntitle: [\n---\nText.', identity).text).toBe('Text.');
  });

  it.each([
    [
      'a list',
      'tags: [hub, " light ", hub, 7]\ndate: 2026-01-02',
      { tags: ['hub', 'light'], date: '2026-01-02' },
    ],
    ['a string', 'tags: hub, light', { tags: ['hub', 'light'] }],
    ['a time', 'date: 2026-01-02T03:04:05+01:00', { date: '2026-01-02T03:04:05+01:00' }],
    ['another form of date', 'date: 2 January 2026', undefined],
    ['a day that does not exist', 'date: 2026-02-30', undefined],
    ['nothing', 'tags: []\ndate: 2026', undefined],
  ])('takes tags and date from the front matter: %s', (_what, yaml, metadata) => {
    expect(readMarkdown(`---\n${yaml}\n---\nText.`, identity).metadata).toEqual(metadata);
  });

  it('knows the slug of the heading above, as GitHub makes it', () => {
    const source = [
      'start',
      ...['Set up: *your* Hub_1!', 'Notes', 'Notes 1', 'Notes', 'Grüße 😀', '!!'].map(
        (heading, i) => `# ${heading}\n\ntext${i}`,
      ),
    ].join('\n\n');
    const document = readMarkdown(source, identity);
    const fragments = ['start', 'text0', 'text1', 'text2', 'text3', 'text4', 'text5'].map(
      (word) => anchorAt(document.anchors, document.text.indexOf(word))?.fragment,
    );
    expect(fragments).toEqual([
      undefined,
      'set-up-your-hub_1',
      'notes',
      'notes-1',
      'notes-2',
      'grüße-',
      undefined,
    ]);
  });

  it('knows the source line of every stretch, in wrapped paragraphs, tables and code too', () => {
    const source = '# T\n\nfirst line\nsecond line\n\n```\ncode a\ncode b\n```\n\n| A |\n|---|\n| cell |\n';
    expect(lineOf(source, 'first')).toBe(3);
    expect(lineOf(source, 'second')).toBe(4);
    expect(lineOf(source, 'code b')).toBe(8);
    expect(lineOf(source, 'cell')).toBe(13);
  });

  it('counts lines by CRLF as well', () => {
    expect(lineOf('one\r\n\r\ntwo\r\nthree\r\n', 'three')).toBe(4);
  });

  it('gives no blocks for an empty document', () => {
    expect(readMarkdown('', identity)).toMatchObject({ text: '', blocks: [], anchors: [] });
  });
});

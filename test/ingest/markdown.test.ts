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

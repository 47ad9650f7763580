import { describe, expect, it } from 'vitest';
import { anchorAt } from '../../src/core/document.js';
import { readPlainText } from '../../src/ingest/index.js';

const read = (source: string): ReturnType<typeof readPlainText> =>
  readPlainText(source, { id: 'a.txt', title: 'a', uri: 'file:///a.txt' });

describe('readPlainText', () => {
  it('separates paragraphs at empty lines and keeps the characters inside as they are', () => {
    const document = read('one\r\nstill one\r\n \r\n\r\ntwo  😀\n');
    expect(document.blocks.map(({ start, end }) => document.text.slice(start, end))).toEqual([
      'one\r\nstill one',
      'two  😀\n',
    ]);
  });

  it('knows the line of every paragraph', () => {
    const document = read('one\r\nstill one\r\n \r\n\r\ntwo');
    expect(anchorAt(document.anchors, document.text.indexOf('still'))?.line).toBe(2);
    expect(anchorAt(document.anchors, document.text.indexOf('two'))?.line).toBe(5);
  });

  it('gives no blocks for white space alone', () => {
    expect(read(' \n\n \n').blocks).toEqual([]);
  });
});

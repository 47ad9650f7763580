import { describe, expect, it } from 'vitest';
import { readDroppedFile } from '../../../src/widget/playground/dropped-file.js';
import { errorOf } from '../../support/error-of.js';

const dropped = (name: string, ...parts: (string | Uint8Array<ArrayBuffer>)[]): Promise<unknown> =>
  readDroppedFile(new File(parts, name));

describe('a dropped file', () => {
  it.each([
    ['a.md', { markdown: 'été' }],
    ['A.MARKDOWN', { markdown: 'été' }],
    ['a.html', { html: 'été' }],
    ['a.HTM', { html: 'été' }],
    ['a.txt', { title: 'a.txt', text: 'été' }],
    ['README', { title: 'README', text: 'été' }],
  ])('is read by its ending: %s', async (name, document) => {
    expect(await dropped(name, 'été')).toEqual(document);
  });

  it('is decoded as the server decodes files: byte order marks, and what a page declares', async () => {
    expect(await dropped('a.md', new Uint8Array([0xff, 0xfe, 0x61, 0]))).toEqual({ markdown: 'a' });
    expect(await dropped('a.html', '<meta charset=latin1>', new Uint8Array([0xe9]))).toEqual({
      html: '<meta charset=latin1>é',
    });
  });

  it.each([
    ['a PDF', ['%PDF-1.7\n', new Uint8Array([0, 1, 2, 0])], 'file-binary'],
    ['bytes that are no UTF-8', [new Uint8Array([0x61, 0xff])], 'file-invalid-utf8'],
    ['nothing', [], 'file-invalid'],
    ['nothing but white space', [' \n'], 'file-invalid'],
  ] as const)('is refused if it holds %s', async (_what, parts, code) => {
    expect(await errorOf(() => dropped('a.txt', ...parts))).toMatchObject({ code });
  });
});

import { describe, expect, it } from 'vitest';
import type { SourceDocument } from '../../src/core/document.js';
import { readDocx } from '../../src/ingest/docx.js';
import { docx, wordParagraph as paragraph, wordTable, zip } from '../support/docx.js';
import { errorOf } from '../support/error-of.js';

const read = (bytes: Uint8Array): Promise<SourceDocument> =>
  readDocx(bytes, { id: 'a.docx', title: 'a', uri: 'file:///a.docx' }, 'a.docx');

const bold = (text: string): string => `<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>${text}</w:t></w:r></w:p>`;

/** 30 MB of spaces, which deflate to 30 kB. */
const BOMB = ' '.repeat(30_000_000);

describe('readDocx', () => {
  it('reads headings, paragraphs and tables', async () => {
    const document = await read(
      await docx(
        paragraph('Hub guide', 'Title') +
          paragraph('Before anything else.') +
          paragraph('Reset', 'Heading2') +
          paragraph('Hold the button &amp; wait 😀.') +
          wordTable(
            [bold('Code'), bold('Meaning')],
            [paragraph('E1'), paragraph('low') + paragraph('battery')],
          ),
      ),
    );
    expect([document.id, document.title, document.uri, document.anchors]).toEqual([
      'a.docx',
      'Hub guide',
      'file:///a.docx',
      [],
    ]);
    expect(
      document.blocks.map(({ kind, start, end, headings }) => [
        kind,
        document.text.slice(start, end),
        headings,
      ]),
    ).toEqual([
      ['heading', 'Hub guide', []],
      ['paragraph', 'Before anything else.', ['Hub guide']],
      ['heading', 'Reset', ['Hub guide']],
      ['paragraph', 'Hold the button & wait 😀.', ['Hub guide', 'Reset']],
      ['table-row', 'Code: E1; Meaning: low battery', ['Hub guide', 'Reset']],
    ]);
  });

  it('does not read pictures, however large they claim to be', async () => {
    const document = await read(await docx(paragraph('Text.'), { 'word/media/image1.png': BOMB }));
    expect(document.text).toBe('Text.');
  });

  it('refuses a zip bomb by what its directory says', async () => {
    const error = await errorOf(async () => read(await docx('', { 'word/footnotes.xml': BOMB })));
    expect([error.code, error.message]).toEqual([
      'file-too-large',
      'Cannot read "a.docx": expected parts of at most 25000000 bytes when inflated, got more.',
    ]);
  });

  it('refuses a zip bomb whose directory lies', async () => {
    const bytes = await docx('', { 'word/footnotes.xml': BOMB });
    // The uncompressed size stands 24 bytes into the entry of the directory (APPNOTE.TXT 4.3.12), and nowhere else for yazl's entries.
    let lies = 0;
    for (let at = bytes.indexOf('PK\x01\x02'); at !== -1; at = bytes.indexOf('PK\x01\x02', at + 1)) {
      if (bytes.readUInt32LE(at + 24) === BOMB.length) lies += bytes.writeUInt32LE(100, at + 24) > 0 ? 1 : 0;
    }
    expect(lies).toBe(1);
    const error = await errorOf(() => read(bytes));
    expect([error.code, error.message]).toEqual([
      'file-too-large',
      'Cannot read "a.docx": expected parts of at most 25000000 bytes when inflated, got more.',
    ]);
  });

  it('refuses parts that are compressed beyond what text is', async () => {
    const error = await errorOf(async () => read(await docx('', { 'word/x.xml': ' '.repeat(2_000_000) })));
    expect(error.message).toContain('at most 200 times their size');
  });

  it('refuses a directory of too many parts', async () => {
    const bytes = await docx(paragraph('Text.'));
    // The number of entries stands 10 bytes into the end of the directory (APPNOTE.TXT 4.3.16).
    bytes.writeUInt16LE(10_001, bytes.lastIndexOf('PK\x05\x06') + 10);
    const error = await errorOf(() => read(bytes));
    expect([error.code, error.message.includes('at most 10000 parts')]).toEqual(['file-too-large', true]);
  });

  it.each([
    ['no zip', async () => Buffer.from('hello')],
    ['an empty file', async () => Buffer.alloc(0)],
    ['a zip of something else', () => zip({ 'a.txt': 'x' })],
    ['damaged XML', () => docx('<w:p><w:r>')],
    ['a cut file', async () => (await docx(paragraph('Text.'))).subarray(0, 400)],
    [
      'entries outside the file',
      async () =>
        Buffer.from((await docx('')).toString('latin1').replaceAll('PK\x03\x04', 'PK\x03\x05'), 'latin1'),
    ],
    [
      'nesting too deep for its parser',
      () => docx('<w:sdt><w:sdtContent>'.repeat(20_000) + '</w:sdtContent></w:sdt>'.repeat(20_000)),
    ],
  ])('refuses %s', async (_what, make) => {
    const bytes = await make();
    const error = await errorOf(() => read(bytes));
    expect([error.code, error.message]).toEqual(['file-invalid', '"a.docx" is damaged or no Word document.']);
  });

  it('tells an encrypted document from one in the old format', async () => {
    const ole = Buffer.from('d0cf11e0a1b11ae1', 'hex');
    const encrypted = await errorOf(() =>
      read(Buffer.concat([ole, Buffer.from('EncryptedPackage', 'utf16le')])),
    );
    expect([encrypted.code, encrypted.message]).toEqual([
      'file-encrypted',
      '"a.docx" is encrypted; save it without a password.',
    ]);
    const old = await errorOf(() => read(ole));
    expect([old.code, old.message]).toEqual([
      'file-invalid',
      '"a.docx" is in Word\'s old format; save it as .docx.',
    ]);
  });
});

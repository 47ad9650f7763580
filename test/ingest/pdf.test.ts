import { describe, expect, it, vi } from 'vitest';
import { anchorAt, type SourceDocument } from '../../src/core/document.js';
import { readPdf } from '../../src/ingest/pdf.js';
import { errorOf } from '../support/error-of.js';
import { pdf, textContent } from '../support/pdf.js';

const read = (bytes: Uint8Array, signal?: AbortSignal): Promise<SourceDocument> =>
  readPdf(bytes, { id: 'a.pdf', title: 'a', uri: 'file:///a.pdf' }, 'a.pdf', signal);
const paragraphsOf = async (...pages: (string | string[])[]): Promise<string[]> => {
  const { text, blocks } = await read(pdf(pages));
  return blocks.map(({ start, end }) => text.slice(start, end));
};

describe('readPdf', () => {
  it('knows the page of every stretch', async () => {
    const document = await read(pdf([['First page.'], [], ['Third (page).']]));
    const pageOf = (words: string): number | undefined =>
      anchorAt(document.anchors, document.text.indexOf(words))?.page;
    expect(document.text).toBe('First page.\n\nThird (page).');
    expect([pageOf('First'), pageOf('Third'), document.anchors]).toEqual([
      1,
      3,
      [
        { start: 0, page: 1 },
        { start: 13, page: 3 },
      ],
    ]);
  });

  it('joins lines to paragraphs, parted by larger gaps', async () => {
    expect(
      await paragraphsOf([
        'The warranty lasts',
        'two years from',
        'delivery.',
        '',
        'It covers',
        'every part.',
      ]),
    ).toEqual(['The warranty lasts two years from delivery.', 'It covers every part.']);
  });

  it('parts paragraphs where letters change size, at items and after short last lines', async () => {
    const content = [
      'BT /F1 18 Tf 72 720 Td 20 TL (A heading) Tj T* /F1 12 Tf 14 TL',
      '(A paragraph of some words that fills the line) Tj T* (and ends early.) Tj T*',
      '(The next one is as long as the first one was) Tj T* (1. item one) Tj T* (2. item two) Tj ET',
    ].join('\n');
    expect(await paragraphsOf(content)).toEqual([
      'A heading',
      'A paragraph of some words that fills the line and ends early.',
      'The next one is as long as the first one was',
      '1. item one',
      '2. item two',
    ]);
  });

  it('goes on with a sentence in the next column', async () => {
    const column = (x: number, lines: string[]): string =>
      textContent(lines).replace('72 720 Td', `${x} 720 Td`);
    expect(
      await paragraphsOf(
        `${column(72, ['The warranty', 'lasts for'])}\n${column(320, ['two years', 'in all.'])}`,
      ),
    ).toEqual(['The warranty lasts for two years in all.']);
    expect(
      await paragraphsOf(
        `${column(72, ['One column', 'ends here.'])}\n${column(320, ['Another', 'begins.'])}`,
      ),
    ).toEqual(['One column ends here.', 'Another begins.']);
  });

  it('undoes hyphenation where both sides are lower case and the word is not written so elsewhere', async () => {
    expect(
      await paragraphsOf(
        ['The warran-', 'ty is for read-', 'only use, as in COVID-', '19 and the North-', 'South line.'],
        ['A read-only device.'],
      ),
    ).toEqual([
      'The warranty is for read-only use, as in COVID-19 and the North-South line.',
      'A read-only device.',
    ]);
  });

  it('leaves out running heads and page numbers', async () => {
    const page = (number: number): string[] => ['Hub guide', `Text of page ${number}.`, '', `- ${number} -`];
    expect(await paragraphsOf(page(1), page(2), page(10))).toEqual([
      'Text of page 1.',
      'Text of page 2.',
      'Text of page 10.',
    ]);
    expect(await paragraphsOf(page(1), page(2))).toContain('Hub guide Text of page 1.');
    expect(await paragraphsOf(['Slide 1'], ['Slide 2'], ['Slide 3'])).toHaveLength(3);
  });

  it.each([
    ['Hub guide', 'Hub guide'],
    ['Microsoft Word - guide.doc', 'a'],
    ['guide.indd', 'a'],
    ['untitled', 'a'],
    ['  ', 'a'],
    ['123', 'a'],
  ])('takes the title %j for %j', async (title, expected) => {
    expect((await read(pdf([['Text.']], { title }))).title).toBe(expected);
  });

  it('refuses pages without text, and points to text recognition', async () => {
    const error = await errorOf(() => read(pdf(['q Q', '0 0 100 100 re f', ['- . -']])));
    expect([error.code, error.message]).toEqual([
      'file-without-text',
      '"a.pdf" has no text in its 3 page(s); run text recognition (OCR) on it, for instance with ocrmypdf.',
    ]);
  });

  it('refuses a file that needs a password', async () => {
    const error = await errorOf(() => read(pdf([['Secret.']], { encrypted: true })));
    expect([error.code, error.message]).toEqual([
      'file-encrypted',
      '"a.pdf" is encrypted; save it without a password.',
    ]);
  });

  it.each([
    ['a cut file', pdf([['Text.']]).subarray(0, 200)],
    ['no PDF', Buffer.from('hello')],
    ['an empty file', Buffer.alloc(0)],
    [
      'a catalog without pages',
      Buffer.from(
        pdf([['Text.']])
          .toString('latin1')
          .replace('/Pages 2 0 R', '/Nope 2 0 R'),
        'latin1',
      ),
    ],
  ])('refuses %s', async (_what, bytes) => {
    const error = await errorOf(() => read(bytes));
    expect([error.code, error.message]).toEqual(['file-invalid', '"a.pdf" is damaged or no PDF.']);
  });

  it('writes nothing to the console', async () => {
    const spies = (['log', 'warn', 'error', 'info'] as const).map((method) => vi.spyOn(console, method));
    const damaged = pdf([['Text.']])
      .toString('latin1')
      .replace('startxref', 'startxxxx');
    expect((await read(Buffer.from(damaged, 'latin1'))).text).toBe('Text.');
    await errorOf(() => read(Buffer.from('hello')));
    for (const spy of spies) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
  });

  it('leaves the caller’s bytes alone, and stops when it is told to', async () => {
    const bytes = pdf([['Text.']]);
    await read(bytes);
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
    await expect(read(bytes, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});

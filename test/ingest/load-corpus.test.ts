import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DOCUMENT_EXTENSIONS, loadCorpus } from '../../src/ingest/index.js';
import { docx, wordParagraph } from '../support/docx.js';
import { errorOf } from '../support/error-of.js';
import { pdf } from '../support/pdf.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const BINARY = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 1, 2]);
const INVALID_UTF8 = Uint8Array.from([0x61, 0x62, 0x63, 0xff, 0x64]);

describe('loadCorpus', () => {
  it('reads a folder recursively, in the order of the ids, without hidden entries, links and other files', async () => {
    const folder = temporaryFolder({
      'b.md': '# B\n\nText b.',
      'sub/a.txt': 'Text a.',
      'A.MD': 'Text A.',
      '.hidden.md': 'x',
      '.git/x.md': 'x',
      'image.png': BINARY,
      'data.json': '{}',
    });
    symlinkSync('/etc', path.join(folder, 'link'));
    const { documents, files, problems } = await loadCorpus([folder]);
    expect(documents.map(({ id, title }) => [id, title])).toEqual([
      ['A.MD', 'A'],
      ['b.md', 'B'],
      ['sub/a.txt', 'a'],
    ]);
    expect(files.get('sub/a.txt')).toBe(path.join(folder, 'sub/a.txt'));
    expect(problems).toEqual([]);
  });

  it('puts the folder name before the ids when there are several paths', async () => {
    const folder = temporaryFolder({ 'one/x.md': 'One.', 'two/x.md': 'Two.', 'three.txt': 'Three.' });
    const paths = ['one', 'two', 'three.txt'].map((name) => path.join(folder, name));
    const { documents } = await loadCorpus(paths);
    expect(documents.map(({ id }) => id)).toEqual(['one/x.md', 'three.txt', 'two/x.md']);
  });

  it('leaves damaged files in a folder out and reports each', async () => {
    const folder = temporaryFolder({ 'good.md': 'Good.', 'binary.md': BINARY, 'latin1.txt': INVALID_UTF8 });
    const { documents, problems } = await loadCorpus([folder]);
    expect(documents.map(({ id }) => id)).toEqual(['good.md']);
    expect(problems.map(({ code }) => code)).toEqual(['file-binary', 'file-invalid-utf8']);
    expect(problems[1]?.message).toContain('latin1.txt" is not valid UTF-8: byte 3');
  });

  it('decodes UTF-16 and drops byte order marks', async () => {
    const folder = temporaryFolder({
      'utf16.txt': Buffer.from('\ufeffGrüße 😀', 'utf16le'),
      'utf16be.html': Buffer.from('\ufeff<p>Grüße 😀', 'utf16le').swap16(),
      'utf8.txt': '\ufeffGrüße',
    });
    const { documents } = await loadCorpus([folder]);
    expect(documents.map(({ text }) => text)).toEqual(['Grüße 😀', 'Grüße 😀', 'Grüße']);
  });

  it('reads a web page in the encoding that it declares', async () => {
    const page = (charset: string): Buffer => Buffer.from(`<meta charset="${charset}"><p>Grüße`, 'latin1');
    const { documents, problems } = await loadCorpus([
      temporaryFolder({ 'a.html': page('windows-1252'), 'b.html': page('utf-8'), 'c.html': page('no-such') }),
    ]);
    expect(documents.map(({ text }) => text)).toEqual(['Grüße']);
    expect(problems.map(({ code }) => code)).toEqual(['file-invalid-utf8', 'file-invalid-utf8']);
  });

  it('reads every kind of file', async () => {
    const folder = temporaryFolder({
      'a.html': '<title>T</title><p>Page.',
      'b.pdf': pdf([['Sheet.']]),
      'c.docx': await docx(wordParagraph('Letter.')),
      'd.jsonl': '{"text":"Line."}\n{"text":"Next."}\n',
      'e.csv': 'question,answer\nQ?,A.\n',
      'f.json': '[{"text":"Entry."}]',
      'g.json.gz': gzipSync('{"data":[{"title":"T","paragraphs":[{"context":"Squad."}]}]}'),
    });
    const { documents, files, problems } = await loadCorpus([folder]);
    expect(documents.map(({ id, title, text }) => [id, title, text])).toEqual([
      ['a.html', 'T', 'Page.'],
      ['b.pdf', 'b', 'Sheet.'],
      ['c.docx', 'c', 'Letter.'],
      ['d.jsonl#1', 'd', 'Line.'],
      ['d.jsonl#2', 'd', 'Next.'],
      ['e.csv#2', 'Q?', 'Q?\n\nA.'],
      ['f.json#1', 'f', 'Entry.'],
      ['g.json.gz#T', 'T', 'Squad.'],
    ]);
    expect(files.get('d.jsonl#2')).toBe(path.join(folder, 'd.jsonl'));
    expect(problems).toEqual([]);
  });

  it('reports bad lines of a named file and files over the limit, and goes on', async () => {
    const folder = temporaryFolder({
      'a.jsonl': '{"text":"One."}\n{',
      'b.txt': 'x'.repeat(101),
      'c.txt': 'C.',
    });
    const { documents, problems } = await loadCorpus([folder], { maxFileBytes: 100 });
    expect(documents.map(({ id }) => id)).toEqual(['a.jsonl#1', 'c.txt']);
    expect(problems.map(({ message }) => message.replace(folder, ''))).toEqual([
      '"/a.jsonl", line 2: expected one JSON object, got damaged JSON.',
      'Expected "/b.txt" to have at most 100 bytes (option maxFileBytes), got 101.',
    ]);
    const named = await errorOf(() => loadCorpus([path.join(folder, 'b.txt')], { maxFileBytes: 100 }));
    expect(named.code).toBe('file-too-large');
  });

  it('refuses a page of more than 50 MB unless it is told to', async () => {
    const file = path.join(temporaryFolder({ 'a.html': Buffer.alloc(50_000_001, '<p>text ') }), 'a.html');
    const error = await errorOf(() => loadCorpus([file]));
    expect([error.code, error.message.includes('at most 50000000 bytes (option maxFileBytes)')]).toEqual([
      'file-too-large',
      true,
    ]);
  });

  it('keeps one of two documents whose ids are the same', async () => {
    const folder = temporaryFolder({ 'a.jsonl': '{"id":"1.md","text":"Entry."}', 'a.jsonl#1.md': 'File.' });
    const { documents, problems } = await loadCorpus([folder]);
    expect(documents.map(({ id, text }) => [id, text])).toEqual([['a.jsonl#1.md', 'Entry.']]);
    expect(problems[0]?.message).toMatch(
      /a\.jsonl#1\.md": the id "a\.jsonl#1\.md" is that of a document of ".*a\.jsonl" already\.$/,
    );
  });

  it('stops when it is told to', async () => {
    const folder = temporaryFolder({ 'a.md': 'A.', 'b.md': 'B.' });
    const controller = new AbortController();
    const loading = loadCorpus([folder], {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    });
    await expect(loading).rejects.toThrow('enough');
  });

  it('tells progress after every file', async () => {
    const folder = temporaryFolder({ 'a.md': 'A.', 'b.md': 'B.' });
    const calls: number[][] = [];
    await loadCorpus([folder], { onProgress: (...call) => calls.push(call) });
    expect(calls).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  it.each([
    ['a binary file', 'x.md', BINARY, 'file-binary'],
    ['invalid UTF-8', 'x.txt', INVALID_UTF8, 'file-invalid-utf8'],
    ['a file of another kind', 'x.png', BINARY, 'file-unsupported'],
    ['UTF-16 without a mark', 'x.txt', Buffer.from('Hello there', 'utf16le'), 'file-invalid-utf8'],
    ['a damaged PDF', 'x.pdf', 'hello', 'file-invalid'],
  ])('refuses %s that was named itself', async (_what, name, content, code) => {
    const file = path.join(temporaryFolder({ [name]: content }), name);
    const error = await errorOf(() => loadCorpus([file]));
    expect(error.code).toBe(code);
    expect(error.message).toContain(file);
    expect(error.message).not.toContain('\n');
  });

  it('gives the first problem if no file of a folder can be read', async () => {
    const error = await errorOf(() => loadCorpus([temporaryFolder({ 'x.md': BINARY })]));
    expect(error.code).toBe('file-binary');
  });

  it('refuses an empty folder, naming it and the kinds of files', async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, 'empty'));
    const error = await errorOf(() => loadCorpus([folder]));
    expect(error.code).toBe('corpus-empty');
    expect(error.message).toBe(
      `No documents in "${folder}"; expected files ending in ${DOCUMENT_EXTENSIONS.join(', ')}.`,
    );
    expect(error.message).toContain('.md, .markdown, .txt, .html');
  });

  it('refuses a path that does not exist', async () => {
    const error = await errorOf(() => loadCorpus(['no/such/folder']));
    expect([error.code, error.message]).toEqual([
      'path-not-found',
      'No such file or folder: "no/such/folder".',
    ]);
  });

  it('reports a file that cannot be opened', async () => {
    // A path through a file and a name that is too long fail for every user, root included.
    const folder = temporaryFolder({ 'a.md': 'A.' });
    const through = await errorOf(() => loadCorpus([path.join(folder, 'a.md/b.md')]));
    expect(through.code).toBe('path-not-found');
    const long = await errorOf(() => loadCorpus([path.join(folder, `${'x'.repeat(300)}.md`)]));
    expect([long.code, long.message.endsWith(': ENAMETOOLONG.')]).toEqual(['file-unreadable', true]);
  });
});

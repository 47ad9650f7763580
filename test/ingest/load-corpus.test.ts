import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCorpus } from '../../src/ingest/index.js';
import { errorOf } from '../support/error-of.js';
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
    expect(problems[1]?.message).toContain('latin1.txt is not valid UTF-8: byte 3');
  });

  it('decodes UTF-16 and drops byte order marks', async () => {
    const folder = temporaryFolder({
      'utf16.txt': Buffer.from('\ufeffGrüße 😀', 'utf16le'),
      'utf8.txt': '\ufeffGrüße',
    });
    const { documents } = await loadCorpus([folder]);
    expect(documents.map(({ text }) => text)).toEqual(['Grüße 😀', 'Grüße']);
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
    ['a file of another kind', 'x.csv', 'a,b', 'file-unsupported'],
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
    expect(error.message).toBe(`No documents in "${folder}"; expected files ending in .md, .markdown, .txt.`);
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

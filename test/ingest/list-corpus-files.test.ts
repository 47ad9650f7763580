import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  listCorpusFiles,
  loadCorpus,
  readCorpusFile,
  watchedRoots,
  type CorpusOptions,
} from '../../src/ingest/index.js';
import { errorOf } from '../support/error-of.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const idsOf = async (paths: readonly string[], options?: CorpusOptions): Promise<string[]> =>
  (await listCorpusFiles(paths, options)).map(({ id }) => id);

describe('listCorpusFiles', () => {
  it('lists files of every known kind in the order of their ids, with their sizes', async () => {
    const folder = temporaryFolder({
      'b/x.HTML': '12345',
      'a.pdf': '',
      'c.json.gz': '1',
      'd.gz': '',
      'e.png': '',
      'B.md': '',
    });
    expect(await listCorpusFiles([folder])).toEqual([
      { file: path.join(folder, 'B.md'), id: 'B.md', bytes: 0, named: false },
      { file: path.join(folder, 'a.pdf'), id: 'a.pdf', bytes: 0, named: false },
      { file: path.join(folder, 'b/x.HTML'), id: 'b/x.HTML', bytes: 5, named: false },
      { file: path.join(folder, 'c.json.gz'), id: 'c.json.gz', bytes: 1, named: false },
    ]);
  });

  it('follows no symbolic link inside a folder, neither to files nor to folders', async () => {
    const outside = temporaryFolder({ 'secret.md': 'x', 'sub/secret.md': 'x' });
    const folder = temporaryFolder({ 'a.md': 'x' });
    symlinkSync(path.join(outside, 'secret.md'), path.join(folder, 'link.md'));
    symlinkSync(outside, path.join(folder, 'linked'));
    symlinkSync(folder, path.join(folder, 'loop'));
    expect(await idsOf([folder])).toEqual(['a.md']);
  });

  it('follows a link that was named itself', async () => {
    const folder = temporaryFolder({ 'real/a.md': 'x' });
    symlinkSync(path.join(folder, 'real'), path.join(folder, 'link'));
    symlinkSync(path.join(folder, 'real/a.md'), path.join(folder, 'b.md'));
    expect(await idsOf([path.join(folder, 'link')])).toEqual(['a.md']);
    expect(await idsOf([path.join(folder, 'b.md')])).toEqual(['b.md']);
    expect(await idsOf([path.join(folder, 'link'), path.join(folder, 'b.md')])).toEqual(['link/a.md']);
  });

  it.each([
    [['*.md'], ['a.md', 'sub/b.md', 'sub/deep/c.md']],
    [['sub/*.md'], ['sub/b.md']],
    [['sub/**'], ['sub/b.md', 'sub/d.txt', 'sub/deep/c.md']],
    [
      ['a.*', '*.txt'],
      ['a.md', 'sub/d.txt'],
    ],
    [['../**'], []],
    [[], []],
  ])('takes only what fits one of the globs %j', async (include, ids) => {
    const folder = temporaryFolder({
      'a.md': '',
      'sub/b.md': '',
      'sub/deep/c.md': '',
      'sub/d.txt': '',
      'sub/e.png': '',
    });
    expect(await idsOf([folder], { include })).toEqual(ids);
  });

  it('leaves out what .verbatimignore and the option exclude name, in the syntax of .gitignore', async () => {
    const folder = temporaryFolder({
      '.verbatimignore': '# drafts\n*.draft.md\n!keep.draft.md\n/old/\n',
      'a.md': '',
      'x.draft.md': '',
      'sub/keep.draft.md': '',
      'old/b.md': '',
      'sub/old/c.md': '',
      'notes/d.md': '',
    });
    expect(await idsOf([folder], { exclude: ['notes/'] })).toEqual([
      'a.md',
      'sub/keep.draft.md',
      'sub/old/c.md',
    ]);
  });

  it('reads globs where no such file exists, with ids relative to the folder they begin with', async () => {
    const folder = temporaryFolder({
      'docs/a.md': '',
      'docs/sub/b.md': '',
      'docs/c.txt': '',
      'x[1].md': '',
      '.h/x.md': '',
    });
    expect(await idsOf([path.join(folder, 'docs/**/*.md')])).toEqual(['a.md', 'sub/b.md']);
    expect(await idsOf([path.join(folder, 'docs/*.{md,txt}')])).toEqual(['a.md', 'c.txt']);
    expect(await idsOf([path.join(folder, 'x[1].md')])).toEqual(['x[1].md']);
    expect(await idsOf([path.join(folder, 'docs/*.md'), path.join(folder, 'docs/*.txt')])).toEqual([
      'docs/a.md',
      'docs/c.txt',
    ]);
    for (const glob of ['docs/*.pdf', 'none/*.md', 'docs/a.md/*']) {
      expect((await errorOf(() => listCorpusFiles([path.join(folder, glob)]))).code).toBe('path-not-found');
    }
  });

  it('names several paths by as much as tells them apart, whatever their order', async () => {
    const folder = temporaryFolder({ 'a/docs/x.md': '', 'b/docs/x.md': '', 'c/x.md': '', 'd/x.md': '' });
    const paths = ['a/docs', 'b/docs', 'c/x.md', 'd/x.md'].map((name) => path.join(folder, name));
    const ids = ['a/docs/x.md', 'b/docs/x.md', 'c/x.md', 'd/x.md'];
    expect(await idsOf(paths)).toEqual(ids);
    expect(await idsOf(paths.toReversed())).toEqual(ids);
  });

  it('gives every file one id, and none that leads out of its folder', async () => {
    const folder = temporaryFolder({
      'x/docs/sub/a.md': '',
      'y/sub/a.md': '',
      'y/docs/a.md': '',
      'x/docs/a.md': '',
    });
    const from = path.join(folder, 'y/../x/docs');
    const paths = [from, 'x/docs/sub', 'y/sub', 'y/docs/a.md', 'x/docs/a.md'].map((name) =>
      path.resolve(folder, name),
    );
    const files = await listCorpusFiles([from, ...paths]);
    expect(files.map(({ file }) => path.relative(folder, file)).sort()).toEqual([
      'x/docs/a.md',
      'x/docs/sub/a.md',
      'y/docs/a.md',
      'y/sub/a.md',
    ]);
    expect(new Set(files.map(({ id }) => id)).size).toBe(4);
    expect(files.filter(({ id }) => id.split('/').includes('..') || path.isAbsolute(id))).toEqual([]);
    expect(files.filter(({ named }) => named).map(({ file }) => path.relative(folder, file))).toEqual([
      'x/docs/a.md',
      'y/docs/a.md',
    ]);
  });

  it('refuses more files than it may take', async () => {
    const folder = temporaryFolder({ 'a.md': '', 'b.md': '', 'c.png': '' });
    expect(await idsOf([folder], { maxFiles: 2 })).toHaveLength(2);
    const error = await errorOf(() => listCorpusFiles([folder], { maxFiles: 1 }));
    expect([error.code, error.message]).toEqual([
      'too-many-files',
      `Expected at most 1 files (option maxFiles) in "${folder}", got more.`,
    ]);
    expect((await errorOf(() => listCorpusFiles([folder], { maxFiles: 0 }))).code).toBe('invalid-option');
  });

  it('refuses what is neither a file nor a folder', async () => {
    expect((await errorOf(() => listCorpusFiles(['/dev/null']))).code).toBe('file-unreadable');
  });

  it('copes with line breaks and control characters in names, and shows them escaped', async () => {
    const name = 'a\nb\u001b[31m\u009b\u202e.md';
    const folder = temporaryFolder({ [`x\n/${name}`]: 'Text.', [`x\n/bad${name}`]: Uint8Array.from([0xff]) });
    const { documents, problems } = await loadCorpus([folder], { include: ['**/*.md'] });
    expect(documents.map(({ id }) => id)).toEqual([`x\n/${name}`]);
    expect(documents[0]?.uri).toMatch(/^[ -~]+$/);
    expect(problems[0]?.message).toMatch(/^[ -~]+$/);
    expect(problems[0]?.message).toContain('x\\n/bada\\nb\\u001b[31m\\u009b\\u202e.md" is not valid UTF-8');
    expect(await idsOf([folder], { exclude: ['*.md'] })).toEqual([]);
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(listCorpusFiles([temporaryFolder({ 'a.md': '' })], { signal })).rejects.toThrow('enough');
  });
});

describe('readCorpusFile', () => {
  it('reports a file that is gone, or has become a link, since it was listed', async () => {
    const folder = temporaryFolder({ 'a.md': 'A.', 'b.md': 'B.', 'c.md': 'C.' });
    const files = await listCorpusFiles([folder]);
    rmSync(path.join(folder, 'a.md'));
    rmSync(path.join(folder, 'b.md'));
    symlinkSync('/etc/hostname', path.join(folder, 'b.md'));
    rmSync(path.join(folder, 'c.md'));
    mkdirSync(path.join(folder, 'c.md'));
    const errors = await Promise.all(files.map((file) => errorOf(() => readCorpusFile(file).next())));
    expect(errors.map(({ code, message }) => [code, message.replace(folder, '')])).toEqual([
      ['file-unreadable', '"/a.md" is gone since its folder was listed.'],
      ['file-unreadable', 'Cannot read "/b.md": ELOOP.'],
      ['file-unreadable', 'Cannot read "/c.md": EISDIR.'],
    ]);
  });

  it('refuses a text nested too deeply for its parser', async () => {
    const file = path.join(temporaryFolder({ 'a.md': '> '.repeat(6000) + 'x' }), 'a.md');
    const error = await errorOf(() => readCorpusFile({ file, id: 'a.md', bytes: 0, named: true }).next());
    expect([error.code, error.message]).toEqual([
      'file-invalid',
      `"${file}" is nested too deeply to be read.`,
    ]);
  });

  it('refuses a file that has grown over the limit, and a limit that is none', async () => {
    const folder = temporaryFolder({ 'a.md': 'A.' });
    const [file] = await listCorpusFiles([folder]);
    if (file === undefined) throw new Error('no file');
    writeFileSync(file.file, 'x'.repeat(11));
    expect((await errorOf(() => readCorpusFile(file, { maxFileBytes: 10 }).next())).code).toBe(
      'file-too-large',
    );
    expect((await errorOf(() => readCorpusFile(file, { maxFileBytes: 0 }).next())).code).toBe(
      'invalid-option',
    );
  });
});

describe('watchedRoots', () => {
  it('watches files and folders as they are and globs from the folder they begin with', () => {
    const folder = temporaryFolder({ 'docs/x[1].md': '' });
    const paths = ['docs', 'docs/x[1].md', 'docs/**/*.md', 'none'].map((name) => path.join(folder, name));
    expect(watchedRoots(paths)).toEqual([paths[0], paths[1], paths[0], paths[3]]);
    expect(watchedRoots(['*.md'])).toEqual(['.']);
  });
});

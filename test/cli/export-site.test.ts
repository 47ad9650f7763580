import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SiteManifest } from '../../src/browser/site-manifest.js';
import { writeFolder } from '../../src/cli/site/site-folder.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const NOTE = '# Warranty\n\nThe warranty lasts two years.\n';

const manifestOf = (site: string): SiteManifest =>
  JSON.parse(readFileSync(path.join(site, 'manifest.json'), 'utf8')) as SiteManifest;

const digest = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

function paths(): { readonly folder: string; readonly docs: string; readonly out: string } {
  const folder = temporaryFolder({ 'docs/note.md': NOTE });
  return { folder, docs: path.join(folder, 'docs'), out: path.join(folder, 'site') };
}

describe('verbatim export-site', () => {
  it('writes a folder whose manifest says what it holds', async () => {
    const { folder, docs, out } = paths();
    const { code, stdout } = await runCli(['export-site', '--corpus', docs, '--out', out, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ out, documents: 1, passages: 1, model: { dtype: 'q8' } });
    const { files } = manifestOf(out);
    for (const [name, { bytes, sha256 }] of Object.entries(files)) {
      const file = path.join(out, name);
      expect([readFileSync(file).length, digest(file)], name).toEqual([bytes, sha256]);
    }
    const entries = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(entries).toHaveLength(Object.keys(files).length + 2);
    expect(readdirSync(folder).sort()).toEqual(['docs', 'site']);
    expect(readFileSync(path.join(out, 'LICENSES.txt'), 'utf8')).toMatch(
      /flexsearch[^]*onnxruntime-web \(MIT\)/,
    );
  });

  it('writes the same from an index as from its files, and the same again', async () => {
    const { folder, docs, out } = paths();
    const index = path.join(folder, 'kb');
    await runCli(['index', docs, '--out', index]);
    await runCli(['export-site', '--corpus', docs, '--out', out]);
    const fromFiles = manifestOf(out);
    const again = await runCli(['export-site', '--index', index, '--out', out]);
    expect(again.code).toBe(0);
    expect(manifestOf(out)).toEqual(fromFiles);
    expect(readdirSync(folder).sort()).toEqual(['docs', 'kb', 'site']);
  });

  it('makes fp32 of the int8 weights of the embedded reader', async () => {
    const { docs, out } = paths();
    await runCli(['export-site', '--corpus', docs, '--out', out, '--dtype', 'fp32']);
    const network = readFileSync(path.join(out, 'data/network.onnx'));
    expect(manifestOf(out).model.dtype).toBe('fp32');
    expect(network.includes('MatMulInteger')).toBe(false);
    expect(network.length).toBeLessThan(24_000_000);
  });

  it.each([
    ['a folder of other files', { 'index.html': 'mine' }, '"index.html"'],
    ['the manifest of something else', { 'manifest.json': '{"name":"App"}' }, '"manifest.json"'],
    ['a hidden file', { '.htaccess': 'mine' }, '".htaccess"'],
  ])('refuses to replace %s', async (_case, files, named) => {
    const { docs, out } = paths();
    mkdirSync(out);
    for (const [name, content] of Object.entries(files)) writeFileSync(path.join(out, name), content);
    const { code, stderr } = await runCli(['export-site', '--corpus', docs, '--out', out]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`[invalid-option] Expected --out`)]);
    expect(stderr).toContain(`which holds ${named}.`);
    for (const [name, content] of Object.entries(files)) {
      expect(readFileSync(path.join(out, name), 'utf8')).toBe(content);
    }
  });

  it('refuses to replace a site to which something was added', async () => {
    const { docs, out } = paths();
    await runCli(['export-site', '--corpus', docs, '--out', out]);
    writeFileSync(path.join(out, 'CNAME'), 'answers.example');
    const { code, stderr } = await runCli(['export-site', '--corpus', docs, '--out', out]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('which holds "CNAME"')]);
    expect(readFileSync(path.join(out, 'CNAME'), 'utf8')).toBe('answers.example');
  });

  it.each([
    ['an index that is not there', ['--index', 'nowhere'], 1, '[index-not-found]'],
    ['files that are not there', ['--corpus', 'nowhere'], 1, '[path-not-found]'],
    ['a number format that browsers are not given', ['--dtype', 'fp16'], 2, '[invalid-option]'],
    ['a model that is not there', ['--model', 'no/such'], 1, '[model-not-found]'],
    ['a profile that is none', ['--profile', 'package.json'], 1, '[profile-invalid]'],
  ])('names %s, and writes nothing', async (_case, args, expected, message) => {
    const { out } = paths();
    const { code, stderr } = await runCli(['export-site', '--out', out, ...args]);
    expect([code, stderr]).toEqual([expected, expect.stringContaining(message)]);
    expect(existsSync(out)).toBe(false);
  });

  it('names --out where it cannot be written', async () => {
    const { docs, folder } = paths();
    const { code, stderr } = await runCli([
      'export-site',
      '--corpus',
      docs,
      '--out',
      path.join(folder, 'docs/note.md'),
    ]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('[invalid-option] Expected --out to be a folder'),
    ]);
    const below = await runCli([
      'export-site',
      '--corpus',
      docs,
      '--out',
      path.join(folder, 'docs/note.md/site'),
    ]);
    expect([below.code, below.stderr]).toEqual([2, expect.stringContaining('Expected --out to be a folder')]);
  });
});

describe('writing the folder of a site', () => {
  const files = new Map([
    ['a.txt', Buffer.from('new')],
    ['data/b.txt', Buffer.from('new')],
  ]);

  it('leaves what was there, and nothing else, when it is interrupted', async () => {
    const { folder, out } = paths();
    mkdirSync(out);
    writeFileSync(path.join(out, 'a.txt'), 'old');
    const controller = new AbortController();
    const written = writeFolder(out, files, {
      signal: controller.signal,
      onProgress: (done, total) => {
        expect(readdirSync(folder)).toContain(`site.${process.pid}.tmp`);
        if (done === total) controller.abort(new Error('interrupted'));
      },
    });
    await expect(written).rejects.toThrow('interrupted');
    expect(readFileSync(path.join(out, 'a.txt'), 'utf8')).toBe('old');
    expect(readdirSync(folder).sort()).toEqual(['docs', 'site']);
  });

  it('replaces a folder whole', async () => {
    const { folder, out } = paths();
    mkdirSync(out);
    writeFileSync(path.join(out, 'old.txt'), 'old');
    await writeFolder(out, files, { signal: new AbortController().signal, onProgress: () => undefined });
    expect(readdirSync(out, { recursive: true }).sort()).toEqual(['a.txt', 'data', 'data/b.txt']);
    expect(readdirSync(folder).sort()).toEqual(['docs', 'site']);
  });
});

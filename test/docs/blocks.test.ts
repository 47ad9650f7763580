import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { transformSync } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { parseDockerfile } from '../../scripts/dockerfile-steps.js';
import { blocksOf, valueOf, type MarkdownBlock } from '../support/markdown-blocks.js';
import { PAGES } from './pages.js';

const BLOCKS = PAGES.flatMap(blocksOf);
const nameOf = ({ page, line }: MarkdownBlock): string => `${page}:${line}`;
const inLanguage = (...languages: readonly string[]): MarkdownBlock[] =>
  BLOCKS.filter(({ language }) => languages.includes(language));

/** Run, checked by type or parsed, here or in the tests beside. */
const CHECKED = new Set(['sh', 'console', 'ts', 'js', 'json', 'yaml', 'dockerfile']);
/** Output and settings of other programs, which nothing here can check. */
const SHOWN = new Set(['', 'text', 'md', 'html', 'css', 'http', 'ini', 'nginx', 'sql', 'toml', 'python']);

describe('the code blocks of the pages', () => {
  it('are of a language that says how to check them', () => {
    const unknown = BLOCKS.filter(({ language }) => !CHECKED.has(language) && !SHOWN.has(language));
    expect(unknown.map((block) => `${nameOf(block)}: ${block.language}`)).toEqual([]);
  });

  it('are right by type where they are TypeScript', () => {
    // Inside the package, so that it finds itself by its name, and its dependencies.
    mkdirSync('dist', { recursive: true });
    const folder = mkdtempSync(path.resolve('dist/docs-examples-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const files = inLanguage('ts')
      .filter((block) => valueOf(block, 'needs') === undefined)
      .map((block) => {
        const file = path.join(folder, `${nameOf(block).replaceAll(/[/:]/g, '_')}.mts`);
        writeFileSync(file, `${block.text}\nexport {};\n`);
        return file;
      });
    expect(files.length).toBeGreaterThan(5);
    const { status, stdout } = spawnSync(
      path.resolve('node_modules/.bin/tsc'),
      [
        ...['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--types', 'node'],
        ...['--module', 'nodenext', '--target', 'es2023', '--lib', 'ES2023,ESNext.Disposable,DOM'],
        ...files,
      ],
      { encoding: 'utf8', cwd: folder },
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });

  // Parts of a program, which `needs=` tells.
  it('can be parsed where they are parts of a TypeScript program', () => {
    for (const block of inLanguage('ts').filter((part) => valueOf(part, 'needs') !== undefined))
      expect(() => transformSync(block.text, { loader: 'ts', format: 'esm' }), nameOf(block)).not.toThrow();
  });

  it.each(inLanguage('js').map((block) => [nameOf(block), block] as const))(
    '%s is JavaScript',
    (_, block) => {
      const { status, stderr } = spawnSync(process.execPath, ['--check', '--input-type=module', '-'], {
        input: block.text,
        encoding: 'utf8',
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    },
  );

  it.each(inLanguage('json').map((block) => [nameOf(block), block] as const))('%s is JSON', (_, { text }) => {
    expect(() => JSON.parse(text) as unknown).not.toThrow();
  });

  it.each(inLanguage('yaml').map((block) => [nameOf(block), block] as const))('%s is YAML', (_, { text }) => {
    expect(() => parse(text) as unknown).not.toThrow();
  });

  it.each(inLanguage('dockerfile').map((block) => [nameOf(block), block] as const))(
    '%s is a Dockerfile',
    (_, { text }) => {
      expect(() => parseDockerfile(text)).not.toThrow();
    },
  );
});

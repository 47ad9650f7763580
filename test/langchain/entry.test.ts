import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import * as index from '../../src/langchain/index.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A project that has this package, as built, and of its dependencies those that are wanted. */
function project(isInstalled: (dependency: string) => boolean): string {
  const folder = temporaryFolder();
  const modules = path.join(folder, 'node_modules');
  mkdirSync(path.join(modules, 'verbatim-qa'), { recursive: true });
  for (const part of ['dist', 'package.json'])
    cpSync(part, path.join(modules, 'verbatim-qa', part), { recursive: true });
  for (const name of readdirSync('node_modules')) {
    if (!isInstalled(name) || name.startsWith('.') || name === 'verbatim-qa') continue;
    symlinkSync(path.resolve('node_modules', name), path.join(modules, name));
  }
  return folder;
}

/** What a line of JavaScript prints, and how it fails. */
async function run(folder: string, type: 'module' | 'commonjs', code: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--no-warnings', `--input-type=${type}`, '-e', code],
    { cwd: folder },
  );
  return stdout;
}

const NAMES = Object.keys(index).sort();
const ESM = `import * as langchain from 'verbatim-qa/langchain'; console.log(JSON.stringify(Object.keys(langchain).sort()))`;
const COMMON_JS = `console.log(JSON.stringify(Object.keys(require('verbatim-qa/langchain')).sort()))`;

describe('verbatim-qa/langchain', () => {
  it('is the same module, whole, by import and by require', async () => {
    const folder = project(() => true);
    expect(JSON.parse(await run(folder, 'module', ESM))).toEqual(NAMES);
    expect(JSON.parse(await run(folder, 'commonjs', COMMON_JS))).toEqual(NAMES);
    const both = `
      import { createRequire } from 'node:module';
      import { VerbatimRetriever } from 'verbatim-qa/langchain';
      const required = createRequire(process.cwd() + '/x.js')('verbatim-qa/langchain');
      console.log(required.VerbatimRetriever === VerbatimRetriever);`;
    expect(await run(folder, 'module', both)).toBe('true\n');
  });

  it.each([
    ['import', 'module', ESM],
    ['require', 'commonjs', COMMON_JS],
  ] as const)('names the package to install where it is missing: %s', async (_, type, code) => {
    const folder = project((name) => !['@langchain', 'langchain'].includes(name));
    await expect(run(folder, type, code)).rejects.toThrow(
      'VerbatimError: Expected the package @langchain/core to be installed for verbatim-qa/langchain; install it with: npm install @langchain/core',
    );
    // The rest of the package does without it.
    expect(await run(folder, 'module', `import 'verbatim-qa'; console.log('fine')`)).toBe('fine\n');
  });
});

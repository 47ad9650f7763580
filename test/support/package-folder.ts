import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from './temporary-folder.js';

/** A folder in which this package is installed, with the sample corpora, and some documents in `docs`; gone when the test ends. */
export function folderWithPackage(): string {
  const folder = temporaryFolder();
  const bin = path.join(folder, 'node_modules/.bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(process.cwd(), path.join(folder, 'node_modules/verbatim-qa'));
  symlinkSync('../verbatim-qa/dist/cli/main.js', path.join(bin, 'verbatim'));
  symlinkSync(path.resolve('corpora'), path.join(folder, 'corpora'));
  cpSync('corpora/help-centre/warranty', path.join(folder, 'docs'), { recursive: true });
  return folder;
}

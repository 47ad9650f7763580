import { spawnSync } from 'node:child_process';

/** Pages that people read: what is committed, or about to be. */
export const PAGES: readonly string[] = spawnSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'],
  { encoding: 'utf8' },
)
  .stdout.split('\n')
  .filter((page) => page !== '' && !page.startsWith('corpora/') && !page.startsWith('test/'));

/** Those below docs. */
export const DOCS: readonly string[] = PAGES.filter((page) => page.startsWith('docs/'));

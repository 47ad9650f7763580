import { describe, expect, it } from 'vitest';
import { blocksOf } from '../support/markdown-blocks.js';
import { folderWithPackage } from '../support/package-folder.js';
import { differenceOf, runPage } from '../support/run-page.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { DOCS } from './pages.js';

/** Pages whose commands are run by tests of their own: where, and with what. */
const RUN_ELSEWHERE: ReadonlySet<string> = new Set([
  // training/tests/test_docs.py, in Python.
  'docs/train-on-your-own-data.md',
  'docs/langchain.md',
  'docs/mcp.md',
  'docs/engines.md',
  'docs/how-to-opensearch-search-pipeline.md',
  'docs/faq-bot.md',
  'docs/playground.md',
  'docs/in-the-browser.md',
]);

/** The page's commands name files of the checkout. */
const IN_THE_CHECKOUT: ReadonlySet<string> = new Set(['docs/index.md']);

const runnable = DOCS.filter(
  (page) =>
    !RUN_ELSEWHERE.has(page) &&
    blocksOf(page).some(
      ({ language, words }) => /^(?:sh|console)$/.test(language) && !words.join().includes('needs='),
    ),
);

describe('the commands of the pages', () => {
  it.each(runnable)('%s: succeed, and print what it says', async (page) => {
    const folder = IN_THE_CHECKOUT.has(page) ? process.cwd() : folderWithPackage();
    const env = { PATH: `${folder}/node_modules/.bin:${process.env['PATH'] ?? ''}` };
    expect(await runPage(page, { folder, env })).toBeGreaterThan(0);
  });

  it('would be told of a command that fails, or prints something else', async () => {
    const folder = temporaryFolder({
      'fails.md': '```sh\ntrue\nfalse\ntrue\n```\n',
      'prints.md': '```console\n$ echo 12 apples\n12 pears\n```\n',
    });
    await expect(runPage(`${folder}/fails.md`, { folder })).rejects.toThrow('fails.md:1 ends with 1');
    await expect(runPage(`${folder}/prints.md`, { folder })).rejects.toThrow('12 apples');
  });

  it('may print figures that another processor rounds otherwise, and how long it took, and nothing else', () => {
    expect(differenceOf('confidence 85%\n', 'confidence 83%\n')).toBeUndefined();
    expect(differenceOf('confidence 85%\n', 'confidence 79%\n')).toBeDefined();
    expect(differenceOf('17 files in 12.5 s\n', '17 files in 0.8 s\n')).toBeUndefined();
    expect(differenceOf('17 files\n', '18 files\n')).toBeDefined();
  });
});

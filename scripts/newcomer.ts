// What a newcomer does: clones the project into an empty folder, and follows the README and docs/getting-started.md word by word. Fails where a
// command fails or prints something else than the page says. Needs git and the npm registry.
//
//     npm run newcomer
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { blocksOf, transcriptsOf } from '../test/support/markdown-blocks.js';
import { differenceOf, runPage, shell } from '../test/support/run-page.js';

const folder = mkdtempSync(path.join(tmpdir(), 'verbatim-newcomer-'));
const checkout = path.join(folder, 'verbatim');
const began = performance.now();
const done: string[] = [];

try {
  const { status } = spawnSync('git', ['clone', '--quiet', process.cwd(), checkout], { stdio: 'inherit' });
  if (status !== 0) throw new Error('git clone failed.');
  await followReadme();
  const started = path.join(checkout, 'docs/getting-started.md');
  await runPage(started, {
    folder: checkout,
    // Installing it once more would only take longer: the README's first command is the same.
    has: new Set(['registry']),
    onCommand: note,
  });
  console.log(`\n${done.length} steps in ${seconds()} s: all as the pages say.`);
} catch (error) {
  console.error(`\nAfter ${seconds()} s: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The README's first command, then everything that it shows the output of. Its tests are `npm test`, which is long and runs elsewhere. */
async function followReadme(): Promise<void> {
  const blocks = blocksOf(path.join(checkout, 'README.md'));
  const [install] = blocks.filter(({ language }) => language === 'sh');
  if (install === undefined) throw new Error('The README has no command to begin with.');
  await run(install.text.trim());
  for (const block of blocks) {
    if (block.language !== 'console') continue;
    for (const { command, output } of transcriptsOf(block)) await run(command, output);
  }
}

async function run(command: string, documented?: string): Promise<void> {
  note(command);
  const { stdout, stderr, code } = await shell(command, checkout);
  // A command that is shown with its output may end with any code: "no answer" has one of its own.
  if (documented === undefined && code !== 0)
    throw new Error(`${command} ends with ${String(code)}.\n${stderr}`);
  const difference = documented === undefined ? undefined : differenceOf(stdout, documented);
  if (difference !== undefined) throw new Error(`${command}\n${difference}`);
}

function note(command: string): void {
  done.push(command);
  console.log(`${seconds().padStart(6)} s  $ ${command.replaceAll('\n', '\n          ')}`);
}

function seconds(): string {
  return ((performance.now() - began) / 1000).toFixed(1);
}

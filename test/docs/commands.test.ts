import { spawnSync } from 'node:child_process';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.js';
import { blocksOf, transcriptsOf } from '../support/markdown-blocks.js';
import { PAGES } from './pages.js';

const PROGRAM = createProgram();

/** The shell text of every block of a page. */
const scriptsOf = (page: string): string[] =>
  blocksOf(page).flatMap((block) => {
    if (block.language === 'sh') return [block.text];
    return block.language === 'console' ? transcriptsOf(block).map(({ command }) => command) : [];
  });

/** What is wrong with a command of ours: a sub-command or flag that there is not. */
function faultsOf(invocation: string): string[] {
  const words = invocation.match(/"[^"]*"|'[^']*'|[^\s"']+/g) ?? [];
  let command: Command = PROGRAM;
  const faults: string[] = [];
  for (const word of words) {
    const sub = command.commands.find((candidate) => candidate.name() === word);
    if (sub !== undefined) command = sub;
    else if (command.commands.length > 0 && /^[a-z]/.test(word) && command.args.length === 0)
      faults.push(`no command ${word}`);
    const name = word.split('=')[0] ?? '';
    if (!/^--?[a-z]/i.test(name) || ['--help', '-h', '--version', '-V'].includes(name)) continue;
    const isKnown = command.options.some(({ long, short }) => long === name || short === name);
    if (!isKnown) faults.push(`no flag ${name} of ${command.name()}`);
  }
  return faults;
}

/** Commands of ours in a script: what follows `verbatim` up to the end of the command. */
const invocationsOf = (script: string): string[] =>
  Array.from(
    script
      .replaceAll(/\\\n\s*/g, ' ')
      .replaceAll(/#[^\n]*/g, '')
      .matchAll(/(?:^|[;&|(] *|npx )verbatim((?: +(?:"[^"]*"|'[^']*'|[^\s"'|&;()<>]+))+)/gm),
    ([, words = '']) => words.trim(),
  );

describe('the commands that the pages show', () => {
  it.each(PAGES.filter((page) => scriptsOf(page).length > 0))('%s: are shell commands', (page) => {
    for (const script of scriptsOf(page)) {
      const { status, stderr } = spawnSync('sh', ['-n', '-c', script], { encoding: 'utf8' });
      expect(status, `${script}\n${stderr}`).toBe(0);
    }
  });

  it.each(PAGES.filter((page) => scriptsOf(page).some((script) => invocationsOf(script).length > 0)))(
    '%s: have commands and flags that there are',
    (page) => {
      expect(scriptsOf(page).flatMap(invocationsOf).flatMap(faultsOf)).toEqual([]);
    },
  );

  it('would be told of a flag or command that there is not', () => {
    expect(invocationsOf('npx verbatim ask "Why?" --topk 3 | head').flatMap(faultsOf)).toEqual([
      'no flag --topk of ask',
    ]);
    expect(invocationsOf('verbatim fetch x && verbatim keys drop').flatMap(faultsOf)).toEqual([
      'no command fetch',
      'no command x',
      'no command drop',
    ]);
  });
});

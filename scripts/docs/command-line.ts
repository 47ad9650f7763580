import type { Argument, Command, Option } from 'commander';
import { createProgram } from '../../src/cli/program.js';
import { code, inlineCode, paragraphs, table } from './markdown.js';

/** The reference of the command line, made of the definitions that the commands themselves are made of. */
export function commandLineReference(): string {
  const program = createProgram();
  return paragraphs(
    '# Command line',
    inlineCode(program.description()),
    'Every flag but `--help` and `--version` can be given as an environment variable, too: the flag wins. `--help` prints the same ' +
      'as stands here. Errors go to standard error as `verbatim: [code] message`; [Troubleshooting](/troubleshooting) knows the codes.',
    helpAfter(program),
    ...program.commands.flatMap((command) => sectionsOf(command, 2)),
  );
}

function sectionsOf(command: Command, level: number): string[] {
  const isGroup = command.commands.length > 0;
  return [
    `${'#'.repeat(level)} verbatim ${nameOf(command)}`,
    inlineCode(command.description()),
    ...(isGroup ? [] : [`\`\`\`text\n${usageOf(command)}\n\`\`\``, inputsOf(command)]),
    helpAfter(command),
    ...command.commands.flatMap((subcommand) => sectionsOf(subcommand, level + 1)),
  ];
}

function nameOf(command: Command): string {
  const names: string[] = [];
  for (let at = command; at.parent !== null; at = at.parent) names.unshift(at.name());
  return names.join(' ');
}

function usageOf(command: Command): string {
  return `verbatim ${nameOf(command)} ${command.usage()}`;
}

function inputsOf(command: Command): string {
  const rows = [
    ...command.registeredArguments.map((argument) => [
      code(argument.required ? `<${argument.name()}>` : `[${argument.name()}]`),
      describe(argument),
      '',
    ]),
    ...command.options.map((option) => [
      code(option.flags),
      describe(option),
      option.envVar === undefined ? '' : code(option.envVar),
    ]),
  ];
  return rows.length === 0 ? '' : table(['Flag', 'What it does', 'Environment'], rows);
}

function describe(input: Argument | Option): string {
  return [
    inlineCode(input.description),
    ...('mandatory' in input && input.mandatory ? ['must be given'] : []),
    ...(input.argChoices === undefined ? [] : [`one of ${input.argChoices.map(code).join(', ')}`]),
    ...(input.defaultValue === undefined ? [] : [`default ${code(JSON.stringify(input.defaultValue))}`]),
  ].join('; ');
}

/** What a command's help says below its flags: examples as they can be typed, the rest as text. */
function helpAfter(command: Command): string {
  let written = '';
  command.configureOutput({ writeOut: (text) => (written += text) }).outputHelp();
  const flags = command.helpInformation();
  const below = written.slice(written.indexOf(flags) + flags.length);
  const [, before = '', examples = '', after = ''] =
    /^(.*?)(?:Examples:\n((?: {2}\$ [^\n]*(?:\n|$))+))?(.*)$/s.exec(below.trim()) ?? [];
  return paragraphs(
    inlineCode(before.trim()),
    examples === '' ? '' : `\`\`\`console\n${examples.replaceAll(/^ {2}/gm, '').trimEnd()}\n\`\`\``,
    inlineCode(after),
  ).trimEnd();
}

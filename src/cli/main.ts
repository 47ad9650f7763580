#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { VerbatimError } from '../core/errors.js';
import { askCommand } from './ask.js';
import { evalCommand } from './eval.js';
import { EXIT } from './exit-codes.js';
import { exportSiteCommand } from './export-site.js';
import { feedbackCommand } from './feedback.js';
import { indexCommand } from './index-command.js';
import { keysCommand } from './keys.js';
import { mcpCommand } from './mcp.js';
import { modelsCommand } from './models.js';
import { VERSION } from './package-version.js';
import { serveCommand } from './serve.js';
import { tuneCommand } from './tune.js';

/** Errors that the caller can mend by calling otherwise. */
const USAGE_CODES: ReadonlySet<string> = new Set(['invalid-option', 'empty-question', 'question-too-long']);

const program = new Command('verbatim')
  .description('Answers questions with the exact words of your documents, or says that they hold no answer.')
  .version(VERSION, '-V, --version', 'print the version')
  .helpOption('-h, --help', 'print this help')
  .addHelpText('after', '\nExit codes: 0 answer or done, 1 failure, 2 wrong use, 3 no answer.')
  .showSuggestionAfterError()
  .addCommand(askCommand())
  .addCommand(indexCommand())
  .addCommand(evalCommand())
  .addCommand(tuneCommand())
  .addCommand(modelsCommand())
  .addCommand(serveCommand())
  .addCommand(mcpCommand())
  .addCommand(exportSiteCommand())
  .addCommand(keysCommand())
  .addCommand(feedbackCommand());

for (const command of withSubcommands(program)) {
  command.exitOverride().configureOutput({
    outputError: (message, write) => {
      write(message.replace(/^error: /, 'verbatim: [invalid-option] '));
    },
  });
}

// The reader of a pipe may leave early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.failure);
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

function report(error: unknown): number {
  if (error instanceof CommanderError) {
    // Help and version end here too, with code 0; other messages have been printed.
    return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
  if (VerbatimError.isInstance(error)) {
    console.error(`verbatim: [${error.code}] ${error.message}`);
    return USAGE_CODES.has(error.code) ? EXIT.usage : EXIT.failure;
  }
  console.error(error);
  return EXIT.failure;
}

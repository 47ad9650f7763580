#!/usr/bin/env node
import { CommanderError, type Command } from 'commander';
import { VerbatimError } from '../core/errors.js';
import { EXIT } from './exit-codes.js';
import { createProgram } from './program.js';

/** Errors that the caller can mend by calling otherwise. */
const USAGE_CODES: ReadonlySet<string> = new Set(['invalid-option', 'empty-question', 'question-too-long']);

const program = createProgram();
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

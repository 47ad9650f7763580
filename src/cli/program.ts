import { Command } from 'commander';
import { askCommand } from './ask.js';
import { evalCommand } from './eval.js';
import { exportSiteCommand } from './export-site.js';
import { feedbackCommand } from './feedback.js';
import { indexCommand } from './index-command.js';
import { keysCommand } from './keys.js';
import { mcpCommand } from './mcp.js';
import { modelsCommand } from './models.js';
import { VERSION } from './package-version.js';
import { serveCommand } from './serve.js';
import { tuneCommand } from './tune.js';

/** The whole command line. What is run and what the reference lists are both made of it. */
export function createProgram(): Command {
  return new Command('verbatim')
    .description(
      'Answers questions with the exact words of your documents, or says that they hold no answer.',
    )
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
}

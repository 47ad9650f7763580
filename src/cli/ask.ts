import { Argument, Command } from 'commander';
import { EXIT } from './exit-codes.js';
import {
  addDecisionOptions,
  addReaderOptions,
  answererSettings,
  addSearchedOptions,
  flag,
  jsonOption,
  topKOption,
  limitsOf,
  type DecisionFlags,
  type ReaderFlags,
  type SearchedFlags,
} from './options.js';
import { renderAnswer } from './render-answer.js';
import { searchedSource } from './searched-source.js';

interface AskFlags extends ReaderFlags, DecisionFlags, SearchedFlags {
  readonly topK?: number;
  readonly json?: boolean;
  readonly explain?: boolean;
}

export function askCommand(): Command {
  const command = new Command('ask')
    .description('Answer one question from a folder of documents.')
    .addArgument(new Argument('<question>', 'the question, in quotes'))
    .addOption(topKOption())
    .addOption(jsonOption())
    .addOption(flag('--explain', 'show the scores of every passage that was read'))
    .addHelpText(
      'after',
      `
Examples:
  $ verbatim ask "How long is the warranty?"
  $ verbatim ask "Which port does the broker listen on?" --corpus ./handbook
  $ verbatim ask "Which port does the broker listen on?" --index kb
  $ verbatim ask "Who may return an opened device?" --corpus ./docs ./faq.md --top-k 20 --explain
  $ verbatim ask "How long is the warranty?" --json | jq .citations

Exit codes: 0 answer, 3 no answer, 2 wrong use, 1 failure.`,
    )
    .action(async (question: string, flags: AskFlags) => {
      process.exitCode = await ask(question, flags);
    });
  addSearchedOptions(command, 'the help centre that comes with the package');
  return addReaderOptions(addDecisionOptions(command));
}

async function ask(question: string, flags: AskFlags): Promise<number> {
  const { createVerbatim } = await import('../pipeline/index.js');
  // For one question, loading the network once more would take longer than it saves.
  const settings = await answererSettings({ ...flags, workers: flags.workers ?? 1 });
  const { options, pathOf } = searchedSource(flags);
  const verbatim = await createVerbatim({ ...options, ...settings });
  try {
    const result = await verbatim.ask(question, {
      explain: flags.explain ?? false,
      ...(flags.topK === undefined ? {} : { topK: flags.topK }),
      ...limitsOf(flags),
    });
    process.stdout.write(
      flags.json === true
        ? `${JSON.stringify(result, null, 2)}\n`
        : renderAnswer(result, { color: process.stdout.isTTY && process.stdout.hasColors(), pathOf }),
    );
    return result.kind === 'answer' ? EXIT.done : EXIT.noAnswer;
  } finally {
    await verbatim.close();
  }
}

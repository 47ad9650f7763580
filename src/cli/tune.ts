import path from 'node:path';
import { Argument, Command } from 'commander';
import type { TunedFigures, TunedProfile } from '../evaluation/tuning/index.js';
import { EXIT } from './exit-codes.js';
import {
  addReaderOptions,
  aggregationOption,
  addSearchedOptions,
  flag,
  jsonOption,
  readerSettings,
  share,
  topKOption,
  type ReaderFlags,
  type SearchedFlags,
} from './options.js';
import { progressBar } from './progress.js';
import { searchedCorpus } from './searched-corpus.js';
import { requireWritable, writeAtomically } from './write-file.js';
import { listenForInterrupt } from './stop-signals.js';

interface TuneFlags extends ReaderFlags, SearchedFlags {
  readonly topK?: number;
  readonly out: string;
  readonly targetPrecision?: number;
  readonly targetCoverage?: number;
  readonly unanswerableShare?: number;
  readonly aggregation?: 'fusion' | 'null-score';
  readonly json?: boolean;
}

export function tuneCommand(): Command {
  const command = new Command('tune')
    .description('Fit when to answer, and how sure to be, to your own labelled questions.')
    .addArgument(new Argument('<file>', 'questions in SQuAD 2.0 JSON, gzipped or not'))
    .addOption(topKOption())
    .addOption(flag('-o, --out <file>', 'write the profile to this file').default('profile.json'))
    .addOption(
      flag(
        '--target-precision <x>',
        'answer as much as possible with this share of the answers right, 0 to 1',
      )
        .argParser(share)
        .conflicts('targetCoverage'),
    )
    .addOption(
      flag('--target-coverage <x>', 'answer at least this share of the questions, 0 to 1').argParser(share),
    )
    .addOption(
      flag(
        '--unanswerable-share <x>',
        'share of unanswerable questions to expect, whatever the file holds (default: 0.5)',
      ).argParser(share),
    )
    .addOption(aggregationOption('fusion weighs retrieval and reading; null-score is the plain rule'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  $ verbatim tune questions.json --index kb
  $ verbatim tune questions.json --corpus ./docs
  $ verbatim tune questions.json --corpus ./docs --target-precision 0.9 --out strict.json
  $ verbatim ask "How long is the warranty?" --corpus ./docs --profile strict.json

The figures are of articles that the profile was not fitted on (cross-validation). At least 30 answerable and 30 unanswerable
questions are needed, and 140 of each before retrieval is weighed too; without a target the best F1 is sought.`,
    )
    .action(async (file: string, flags: TuneFlags) => {
      process.exitCode = await tune(file, flags);
    });
  return addReaderOptions(addSearchedOptions(command, "the file's own paragraphs"));
}

async function tune(file: string, flags: TuneFlags): Promise<number> {
  const { readSquadFile } = await import('../ingest/index.js');
  const { readQuestions, tuneProfile } = await import('../evaluation/tuning/index.js');
  const { loadReader } = await import('../reader/index.js');
  const { DEFAULT_TOP_K } = await import('../retriever/index.js');
  const set = await readSquadFile(file);
  await requireWritable(flags.out);
  const { retriever } = await searchedCorpus(set, flags);
  const { reader, manifest } = await loadReader(await readerSettings(flags));
  const topK = flags.topK ?? DEFAULT_TOP_K;

  const interrupt = listenForInterrupt();
  const progress = progressBar('Reading', 'questions');
  let done = 0;
  try {
    const questions = await readQuestions(set.questions, retriever, reader, {
      topK,
      signal: interrupt.signal,
      onRead: () => progress.update(++done, set.questions.length),
    });
    progress.stop();
    const tuned = tuneProfile(questions, {
      model: manifest,
      topK,
      fittedOn: `${path.basename(file)}, ${questions.length} questions`,
      ...definedOf(flags),
    });
    await writeAtomically(flags.out, `${JSON.stringify(tuned.profile, null, 2)}\n`);
    process.stdout.write(
      flags.json === true ? `${JSON.stringify(tuned, null, 2)}\n` : renderTuned(tuned, flags.out),
    );
    return EXIT.done;
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    console.error(
      `verbatim: interrupted after ${done} of ${set.questions.length} questions; nothing was written.`,
    );
    return EXIT.interrupted;
  } finally {
    progress.stop();
    interrupt.forget();
    await reader.close();
    await retriever.close?.();
  }
}

function definedOf({
  targetPrecision,
  targetCoverage,
  unanswerableShare,
  aggregation,
}: TuneFlags): Partial<
  Pick<TuneFlags, 'targetPrecision' | 'targetCoverage' | 'unanswerableShare' | 'aggregation'>
> {
  return {
    ...(targetPrecision === undefined ? {} : { targetPrecision }),
    ...(targetCoverage === undefined ? {} : { targetCoverage }),
    ...(unanswerableShare === undefined ? {} : { unanswerableShare }),
    ...(aggregation === undefined ? {} : { aggregation }),
  };
}

function renderTuned({ profile, crossValidated, nullScore }: TunedProfile, out: string): string {
  const row = (label: string, { exact, f1, coverage, precision }: TunedFigures): string =>
    label.padEnd(20) +
    [exact.toFixed(2), f1.toFixed(2), `${(100 * coverage).toFixed(1)}%`, `${(100 * precision).toFixed(1)}%`]
      .map((cell) => cell.padStart(11))
      .join('') +
    '\n';
  const head =
    ' '.repeat(20) + ['exact', 'F1', 'answered', 'precision'].map((cell) => cell.padStart(11)).join('');
  const limit =
    profile.aggregation === 'null-score'
      ? `No answer if null score − span score is above ${profile.threshold.toFixed(3)}.`
      : profile.minAnswerability > 0
        ? `An answer needs an answerability of at least ${Math.round(100 * profile.minAnswerability)}%.`
        : `An answer needs a confidence of at least ${Math.round(100 * profile.minConfidence)}%.`;
  return (
    `${head}\n` +
    row(profile.aggregation, crossValidated) +
    (profile.aggregation === 'fusion' ? row('null-score', nullScore) : '') +
    `\n${limit}\nCross-validated over articles, for ${Math.round(100 * profile.unanswerableShare)}% of all questions unanswerable.\nWrote ${out}.\n`
  );
}

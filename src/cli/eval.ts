import { readFile, rename, writeFile } from 'node:fs/promises';
import { Argument, Command } from 'commander';
import { z } from 'zod';
import { received, VerbatimError } from '../core/errors.js';
import { wholePassage } from '../core/passage.js';
import type { Predictions, RunOptions, SquadMetrics } from '../evaluation/index.js';
import type { QuestionSet } from '../ingest/index.js';
import type { Retriever } from '../retriever/index.js';
import { EXIT } from './exit-codes.js';
import {
  addReaderOptions,
  corpusOption,
  flag,
  jsonOption,
  readerSettings,
  thresholdOption,
  topKOption,
  type ReaderFlags,
} from './options.js';
import { progressBar } from './progress.js';

interface EvalFlags extends ReaderFlags {
  readonly mode: 'reader' | 'open';
  readonly corpus?: string[];
  readonly topK?: number;
  readonly threshold?: number;
  readonly predictions?: string;
  readonly out?: string;
  readonly json?: boolean;
}

export function evalCommand(): Command {
  const command = new Command('eval')
    .description('Measure answers on labelled questions with the official SQuAD 2.0 metrics.')
    .addArgument(new Argument('<file>', 'questions in SQuAD 2.0 JSON, gzipped or not'))
    .addOption(
      flag('-m, --mode <mode>', 'reader: each question with its own paragraph; open: find the passages first')
        .choices(['reader', 'open'])
        .default('reader'),
    )
    .addOption(corpusOption("open mode: files and folders to search (default: the file's own paragraphs)"))
    .addOption(topKOption())
    .addOption(thresholdOption())
    .addOption(
      flag('-p, --predictions <file>', 'score this file of {"question id": "answer"} instead of reading'),
    )
    .addOption(flag('-o, --out <file>', 'write the predictions to this file'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  $ verbatim eval questions.json
  $ verbatim eval questions.json --mode open --corpus ./docs
  $ verbatim eval dev-v2.0.json.gz --json --out predictions.json
  $ verbatim eval dev-v2.0.json.gz --predictions predictions.json

Ctrl-C ends the run and prints the figures of the questions done so far.`,
    )
    .action(async (file: string, flags: EvalFlags) => {
      process.exitCode = await evaluate(file, flags);
    });
  return addReaderOptions(command);
}

async function evaluate(file: string, flags: EvalFlags): Promise<number> {
  const { readSquadFile } = await import('../ingest/index.js');
  const { scorePredictions } = await import('../evaluation/index.js');
  const questions = await readSquadFile(file);

  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  const progress = progressBar('Answering', 'questions');
  const run: RunOptions = { onProgress: progress.update, signal: interrupt.signal };
  const predictions = await predict(questions, flags, run).finally(() => {
    progress.stop();
    process.off('SIGINT', onInterrupt);
  });

  const metrics = scorePredictions(questions, predictions);
  if (flags.out !== undefined)
    await writeAtomically(flags.out, JSON.stringify(Object.fromEntries(predictions)));
  if (metrics.total < questions.questions.length) {
    console.error(
      `verbatim: ${metrics.total} of ${questions.questions.length} questions have a prediction; the figures are theirs.`,
    );
  }
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(metrics, null, 2)}\n` : renderMetrics(metrics),
  );
  return interrupt.signal.aborted ? EXIT.interrupted : EXIT.done;
}

async function predict(questions: QuestionSet, flags: EvalFlags, run: RunOptions): Promise<Predictions> {
  if (flags.predictions !== undefined) return readPredictions(flags.predictions);
  const { predictFromOwnParagraph, predictFromPipeline } = await import('../evaluation/index.js');
  if (flags.mode === 'reader') {
    const { loadReader } = await import('../reader/index.js');
    const { profileOf } = await import('../pipeline/index.js');
    const { reader, manifest } = await loadReader(await readerSettings(flags));
    const threshold = flags.threshold ?? profileOf(manifest).threshold;
    return predictFromOwnParagraph(questions, reader, threshold, run).finally(() => reader.close());
  }
  const { createVerbatim } = await import('../pipeline/index.js');
  const verbatim = await createVerbatim({
    ...(flags.corpus === undefined
      ? { retriever: await ownParagraphs(questions) }
      : { corpus: flags.corpus }),
    ...(await readerSettings(flags)),
  });
  const ask = {
    ...(flags.topK === undefined ? {} : { topK: flags.topK }),
    ...(flags.threshold === undefined ? {} : { threshold: flags.threshold }),
  };
  return predictFromPipeline(questions, verbatim, ask, run).finally(() => verbatim.close());
}

/** An index in which every paragraph of the file is one passage. */
async function ownParagraphs({ paragraphs }: QuestionSet): Promise<Retriever> {
  const { Bm25Retriever } = await import('../retriever/index.js');
  const retriever = new Bm25Retriever();
  paragraphs.forEach(({ title, text }, i) => {
    const documentId = `${title}#${String(i).padStart(6, '0')}`;
    retriever.addPassage(wholePassage(documentId, text, { title: title.replaceAll('_', ' ') }));
  });
  return retriever;
}

async function readPredictions(file: string): Promise<Predictions> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new VerbatimError(
      'dataset-invalid',
      `Cannot read the predictions in ${received(file)}: ${reason}.`,
      error,
    );
  }
  const parsed = z.record(z.string(), z.string()).safeParse(json);
  if (!parsed.success) {
    throw new VerbatimError(
      'dataset-invalid',
      `${file} is no predictions file; expected {"question id": "answer"}.`,
    );
  }
  return new Map(Object.entries(parsed.data));
}

/** Writes beside the target and renames, so that the target is never half written. */
async function writeAtomically(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new VerbatimError('file-unwritable', `Cannot write ${received(file)}: ${reason}.`, error);
  }
}

function renderMetrics(metrics: SquadMetrics): string {
  const row = (
    label: string,
    exact: number | undefined,
    f1: number | undefined,
    total: number | undefined,
  ): string =>
    total === undefined || exact === undefined || f1 === undefined
      ? ''
      : `${label.padEnd(14)}${exact.toFixed(4).padStart(9)}${f1.toFixed(4).padStart(10)}${String(total).padStart(8)}\n`;
  return (
    `${' '.repeat(14)}${'exact'.padStart(9)}${'F1'.padStart(10)}${'total'.padStart(8)}\n` +
    row('all', metrics.exact, metrics.f1, metrics.total) +
    row('answerable', metrics.HasAns_exact, metrics.HasAns_f1, metrics.HasAns_total) +
    row('unanswerable', metrics.NoAns_exact, metrics.NoAns_f1, metrics.NoAns_total)
  );
}

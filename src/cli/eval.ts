import path from 'node:path';
import { Argument, Command } from 'commander';
import { z } from 'zod';
import { received, VerbatimError } from '../core/errors.js';
import type {
  AskLabelled,
  EvaluatedQuestion,
  EvaluationSummary,
  Predictions,
  RunOptions,
} from '../evaluation/index.js';
import type { QuestionSet } from '../ingest/index.js';
import { compareSaved } from './eval-compare.js';
import { EXIT } from './exit-codes.js';
import {
  addDecisionOptions,
  addReaderOptions,
  addSearchedOptions,
  flag,
  jsonOption,
  limitsOf,
  answererSettings,
  topKOption,
  type DecisionFlags,
  type ReaderFlags,
  type SearchedFlags,
} from './options.js';
import { progressBar } from './progress.js';
import { readJson } from './read-json.js';
import { evaluationJson, renderEvaluation } from './render-evaluation.js';
import { searchedCorpus } from './searched-corpus.js';
import { requireWritable, writeAtomically } from './write-file.js';
import { listenForInterrupt } from './stop-signals.js';

interface EvalFlags extends ReaderFlags, DecisionFlags, SearchedFlags {
  readonly mode: 'reader' | 'open';
  readonly topK?: number;
  readonly predictions?: string;
  readonly out?: string;
  readonly report?: string;
  readonly compare?: string[];
  readonly json?: boolean;
}

export function evalCommand(): Command {
  const command = new Command('eval')
    .description('Measure answers on labelled questions with the official SQuAD 2.0 metrics and more.')
    .addArgument(new Argument('[file]', 'questions in SQuAD 2.0 JSON, gzipped or not'))
    .addOption(
      flag('-m, --mode <mode>', 'reader: each question with its own paragraph; open: find the passages first')
        .choices(['reader', 'open'])
        .default('reader'),
    )
    .addOption(topKOption())
    .addOption(
      flag('-p, --predictions <file>', 'score this file of {"question id": "answer"} instead of reading'),
    )
    .addOption(flag('-o, --out <file>', 'write the predictions to this file'))
    .addOption(
      flag('-r, --report <file>', 'write a page with plots and wrong answers to this file').conflicts(
        'predictions',
      ),
    )
    .addOption(
      flag(
        '--compare <files...>',
        'compare two results saved with --json: the second minus the first',
      ).conflicts(['predictions', 'out', 'report']),
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  $ verbatim eval questions.json
  $ verbatim eval questions.json --mode open --corpus ./docs --report report.html
  $ verbatim eval questions.json --mode open --index kb
  $ verbatim eval dev-v2.0.json.gz --json --out predictions.json > a.json
  $ verbatim eval questions.json --mode open --index kb
  $ verbatim eval dev-v2.0.json.gz --predictions predictions.json
  $ verbatim eval --compare a.json b.json

Intervals are 95% bootstrap intervals over articles: how far a figure would move with other articles.
Ctrl-C ends the run and prints the figures of the questions done so far.`,
    )
    .action(async (file: string | undefined, flags: EvalFlags) => {
      process.exitCode = await evaluateOrCompare(file, flags);
    });
  addSearchedOptions(command, "in open mode, the file's own paragraphs");
  return addReaderOptions(addDecisionOptions(command));
}

async function evaluateOrCompare(file: string | undefined, flags: EvalFlags): Promise<number> {
  const { compare, json = false } = flags;
  if (compare === undefined) {
    if (file !== undefined) return evaluate(file, flags);
    throw new VerbatimError(
      'invalid-option',
      'Expected a file of questions, or --compare with two saved results; got neither.',
    );
  }
  if (file !== undefined) {
    throw new VerbatimError(
      'invalid-option',
      `Expected --compare without a file of questions, got ${received(file)}.`,
    );
  }
  return compareSaved(compare, json);
}

async function evaluate(file: string, flags: EvalFlags): Promise<number> {
  const { readSquadFile } = await import('../ingest/index.js');
  const questions = await readSquadFile(file);
  for (const written of [flags.out, flags.report]) {
    if (written !== undefined) await requireWritable(written);
  }
  const interrupt = listenForInterrupt();
  const measured =
    flags.predictions === undefined
      ? run(questions, flags, interrupt.signal)
      : scoreFile(questions, flags.predictions);
  const { summary, predictions, judged } = await measured.finally(() => interrupt.forget());

  if (summary.total < questions.questions.length) {
    console.error(
      `verbatim: ${summary.total} of ${questions.questions.length} questions have a prediction; the figures are theirs.`,
    );
  }
  if (summary.intervals === undefined && summary.total > 0) {
    console.error('verbatim: all questions are of one article; intervals need at least 2 and are left out.');
  }
  process.stdout.write(flags.json === true ? evaluationJson(summary) : renderEvaluation(summary));
  // Only now, so that figures that took hours are not lost if a file cannot be written after all.
  if (flags.out !== undefined) {
    await writeAtomically(flags.out, JSON.stringify(Object.fromEntries(predictions)));
  }
  if (flags.report !== undefined) {
    const { renderReport } = await import('../evaluation/report/render-report.js');
    await writeAtomically(
      flags.report,
      renderReport({ name: path.basename(file), summary, questions: judged }),
    );
  }
  return interrupt.signal.aborted ? EXIT.interrupted : EXIT.done;
}

interface Measured {
  readonly summary: EvaluationSummary;
  readonly predictions: Predictions;
  /** Empty for a file of predictions. */
  readonly judged: readonly EvaluatedQuestion[];
}

async function scoreFile(questions: QuestionSet, file: string): Promise<Measured> {
  const { scorePredictions, summarizePredictions } = await import('../evaluation/index.js');
  const predictions = await readPredictions(file);
  return { summary: summarizePredictions(scorePredictions(questions, predictions)), predictions, judged: [] };
}

async function run(questions: QuestionSet, flags: EvalFlags, signal: AbortSignal): Promise<Measured> {
  const { evaluateQuestions, measureLatency, predictionsOf, summarizeRun } =
    await import('../evaluation/index.js');
  const { ask, options, close } = await (flags.mode === 'reader' ? readerRun : openRun)(questions, flags);
  try {
    const answering = progressBar('Answering', 'questions');
    const judged = await evaluateQuestions(questions, ask, {
      ...options,
      onProgress: answering.update,
      signal,
    }).finally(answering.stop);
    const timing = progressBar('Timing', 'questions');
    const latency = await measureLatency(questions.questions, ask, {
      onProgress: timing.update,
      signal,
    }).finally(timing.stop);
    return { summary: summarizeRun(judged, { latency }), predictions: predictionsOf(judged), judged };
  } finally {
    await close();
  }
}

/** How the questions of a run are asked. */
interface Run {
  readonly ask: AskLabelled;
  readonly options: RunOptions;
  readonly close: () => Promise<void>;
}

async function readerRun(questions: QuestionSet, flags: EvalFlags): Promise<Run> {
  const { askOwnParagraph } = await import('../evaluation/index.js');
  const { createAnswerer } = await import('../pipeline/index.js');
  const answerer = await createAnswerer(await answererSettings(flags));
  return {
    ask: askOwnParagraph(questions, answerer, limitsOf(flags)),
    options: {},
    close: () => answerer.close(),
  };
}

async function openRun(questions: QuestionSet, flags: EvalFlags): Promise<Run> {
  const { askPipeline } = await import('../evaluation/index.js');
  const { createVerbatim } = await import('../pipeline/index.js');
  const { retriever, places } = await searchedCorpus(questions, flags);
  const verbatim = await createVerbatim({ retriever, ...(await answererSettings(flags)) });
  const topK = flags.topK === undefined ? {} : { topK: flags.topK };
  return {
    ask: askPipeline(verbatim, { ...topK, ...limitsOf(flags) }),
    options: { retriever, places },
    close: async () => {
      await verbatim.close();
      await retriever.close?.();
    },
  };
}

async function readPredictions(file: string): Promise<Predictions> {
  const json = await readJson(file, 'predictions');
  const parsed = z.record(z.string(), z.string()).safeParse(json);
  if (!parsed.success) {
    throw new VerbatimError(
      'dataset-invalid',
      `${file} is no predictions file; expected {"question id": "answer"}.`,
    );
  }
  return new Map(Object.entries(parsed.data));
}

import { fileURLToPath } from 'node:url';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { received } from '../core/errors.js';
import type { CorpusOptions } from '../ingest/index.js';
import type { AnswererOptions, DecideOptions } from '../pipeline/index.js';
import type { Dtype, LoadReaderOptions } from '../reader/index.js';

/** The knowledge base that comes with the package. */
export const SHIPPED_CORPUS = fileURLToPath(new URL('../../corpora/help-centre', import.meta.url));

/** A flag that an environment variable mirrors: `--top-k` is `VERBATIM_TOP_K`. */
export function flag(flags: string, description: string): Option {
  const option = new Option(flags, description);
  return option.env(`VERBATIM_${option.name().replaceAll('-', '_').toUpperCase()}`);
}

/** Parses a whole number of at least `min` and at most `max`. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(`Expected a whole number ${range}, got ${received(text)}.`);
    }
    return value;
  };
}

/** Parses a finite number. */
export function realNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new InvalidArgumentError(`Expected a number, got ${received(text)}.`);
  }
  return value;
}

/** Parses a share, 0 to 1. */
export function share(text: string): number {
  const value = realNumber(text);
  if (value < 0 || value > 1) {
    throw new InvalidArgumentError(`Expected a number from 0 to 1, got ${received(text)}.`);
  }
  return value;
}

/** Flags that say what is searched: files and folders, or an index of them. */
export interface SearchedFlags extends FileFlags {
  readonly corpus?: string[];
  readonly index?: string;
}

/** Adds the flags that say what is searched. */
export function addSearchedOptions(command: Command, fallback: string): Command {
  command
    .addOption(
      flag('-c, --corpus <path...>', `files, folders and globs to search (default: ${fallback})`).conflicts(
        'index',
      ),
    )
    .addOption(flag('-i, --index <folder>', 'search an index that `verbatim index` made'));
  return addFileOptions(command);
}

/** Flags that choose among the files of a corpus. */
export interface FileFlags {
  readonly include?: string[];
  readonly exclude?: string[];
  readonly maxFileSize?: number;
  readonly maxFiles?: number;
}

/** Adds the flags that choose among the files of a corpus. */
export function addFileOptions(command: Command): Command {
  return command
    .addOption(flag('--include <glob...>', 'take only files that match (default: all that can be read)'))
    .addOption(flag('--exclude <pattern...>', 'leave out what matches, as in a .gitignore'))
    .addOption(
      flag('--max-file-size <bytes>', 'leave out larger files (default: 50000000)').argParser(wholeNumber(1)),
    )
    .addOption(
      flag('--max-files <n>', 'refuse more files than this (default: 100000)').argParser(wholeNumber(1)),
    );
}

/** The same as the library takes them. */
export function corpusOptions({ include, exclude, maxFileSize, maxFiles }: FileFlags): CorpusOptions {
  return {
    ...(include === undefined ? {} : { include }),
    ...(exclude === undefined ? {} : { exclude }),
    ...(maxFileSize === undefined ? {} : { maxFileBytes: maxFileSize }),
    ...(maxFiles === undefined ? {} : { maxFiles }),
  };
}

export const topKOption = (): Option =>
  flag('-k, --top-k <n>', 'passages to read (default: 10)').argParser(wholeNumber(1));

const thresholdOption = (): Option =>
  flag(
    '-t, --threshold <x>',
    "plain rule: no answer if null score − span score is greater (default: the model's); lower is stricter",
  ).argParser(realNumber);

const minConfidenceOption = (): Option =>
  flag(
    '--min-confidence <x>',
    "fusion: no answer below this confidence, 0 to 1, which then decides alone (default: the profile's limits)",
  )
    .argParser(share)
    .conflicts('threshold');

const profileOption = (): Option =>
  flag('--profile <file>', "how to decide: a file that `verbatim tune` wrote (default: the model's profile)");

export const aggregationOption = (description: string): Option =>
  flag('--aggregation <rule>', description).choices(['fusion', 'null-score']);

/** Flags that say when to answer, on every command that decides. */
export interface DecisionFlags {
  readonly threshold?: number;
  readonly minConfidence?: number;
  readonly profile?: string;
  readonly aggregation?: 'fusion' | 'null-score';
}

/** Adds the flags that say when to answer. */
export function addDecisionOptions(command: Command): Command {
  return command
    .addOption(thresholdOption())
    .addOption(minConfidenceOption())
    .addOption(profileOption())
    .addOption(
      aggregationOption(
        "fusion: weigh retrieval too, with the model's profile; null-score: the plain rule (default: fusion where it fits)",
      ).conflicts('profile'),
    );
}

/** What of them the library takes with a question. */
export function limitsOf({ threshold, minConfidence }: DecisionFlags): DecideOptions {
  return {
    ...(threshold === undefined ? {} : { threshold }),
    ...(minConfidence === undefined ? {} : { minConfidence }),
  };
}

export const jsonOption = (): Option => flag('--json', 'print JSON');

/** Flags that choose the reader, on every command that reads. */
export interface ReaderFlags {
  readonly model?: string;
  readonly dtype?: Dtype;
  readonly workers?: number;
  readonly modelsDir?: string;
}

export const modelsDirOption = (): Option =>
  flag(
    '--models-dir <folder>',
    'where models are installed (default: verbatim/models in $XDG_CACHE_HOME or ~/.cache)',
  );

/** Adds the flags that choose the reader. */
export function addReaderOptions(command: Command): Command {
  return command
    .addOption(flag('--model <id>', 'folder or id of the reader (default: the embedded one)'))
    .addOption(
      flag(
        '--dtype <dtype>',
        'number format of the weights (default: the fastest that the model has)',
      ).choices(['q8', 'fp32', 'fp16']),
    )
    .addOption(
      flag(
        '--workers <n>',
        'worker threads (default: 1 for one question, else one a core, at most 4)',
      ).argParser(wholeNumber(0)),
    )
    .addOption(modelsDirOption());
}

/** Folder of the installed models. */
export async function modelStoreOf({ modelsDir }: Pick<ReaderFlags, 'modelsDir'>): Promise<string> {
  if (modelsDir !== undefined && modelsDir !== '') return modelsDir;
  const { defaultModelStore } = await import('../reader/index.js');
  return defaultModelStore(process.env['XDG_CACHE_HOME']);
}

/** The reader's options as the library takes them. */
export async function readerSettings(flags: ReaderFlags): Promise<LoadReaderOptions> {
  const { model, dtype, workers } = flags;
  return {
    modelStore: await modelStoreOf(flags),
    ...(model === undefined ? {} : { model }),
    ...(dtype === undefined ? {} : { dtype }),
    ...(workers === undefined ? {} : { workers }),
  };
}

/** Reader and rule as the library takes them. */
export async function answererSettings(flags: ReaderFlags & DecisionFlags): Promise<AnswererOptions> {
  const { profile, aggregation } = flags;
  return {
    ...(await readerSettings(flags)),
    ...(profile === undefined ? {} : { profile }),
    ...(aggregation === undefined ? {} : { aggregation }),
  };
}

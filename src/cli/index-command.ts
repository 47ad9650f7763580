import { Argument, Command } from 'commander';
import { VerbatimError } from '../core/errors.js';
import type { IndexUpdate, UpdateIndexOptions } from '../pipeline/index.js';
import type { KnowledgeBase } from '../retriever/index.js';
import { EXIT } from './exit-codes.js';
import { addFileOptions, corpusOptions, flag, jsonOption, type FileFlags } from './options.js';
import { progressBar } from './progress.js';
import { reportLeftOut } from './report-left-out.js';
import { listenForInterrupt } from './stop-signals.js';

interface IndexFlags extends FileFlags {
  readonly out: string;
  readonly keepOthers?: boolean;
  readonly watch?: boolean;
  readonly compact?: boolean;
  readonly verify?: boolean;
  readonly json?: boolean;
}

/** Changes that come within this time of each other are indexed together. */
const SETTLE_MS = 300;

export function indexCommand(): Command {
  const command = new Command('index')
    .description('Keep an index of files and folders on disk, and bring it up to date.')
    .addArgument(new Argument('[paths...]', 'files, folders and globs; the index then holds what they hold'))
    .addOption(flag('-o, --out <folder>', 'folder of the index').default('kb'));
  return addFileOptions(command)
    .addOption(flag('--keep-others', 'keep documents of files that are not among the paths'))
    .addOption(flag('-w, --watch', 'stay, and index what changes until Ctrl-C'))
    .addOption(flag('--compact', 'free the room of removed passages'))
    .addOption(flag('--verify', 'read everything and compare checksums'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  $ verbatim index ./docs --out kb
  $ verbatim index './docs/**/*.md' ./faq.csv --out kb --exclude 'drafts/' '*.tmp.md'
  $ verbatim index ./docs --out kb --watch
  $ verbatim index --out kb --verify
  $ verbatim ask "How long is the warranty?" --index kb

Only files whose content has changed are read again. Read: Markdown, HTML, text, PDF, DOCX, JSONL, CSV, JSON with questions and answers.
Exit codes: 0 done, 1 done but something could not be read, or failure, 2 wrong use.`,
    )
    .action(async (paths: string[], flags: IndexFlags) => {
      process.exitCode = await index(paths, flags);
    });
}

async function index(paths: readonly string[], flags: IndexFlags): Promise<number> {
  if (paths.length === 0 && (flags.watch === true || (flags.compact !== true && flags.verify !== true))) {
    throw new VerbatimError(
      'invalid-option',
      'Expected at least one path to index, or --compact or --verify; got none.',
    );
  }
  const { KnowledgeBase } = await import('../retriever/index.js');
  const write = paths.length > 0 || flags.compact === true;
  const knowledgeBase = await KnowledgeBase.open(flags.out, { write });
  const interrupt = listenForInterrupt();
  try {
    const isWhole = paths.length === 0 || (await update(knowledgeBase, paths, flags, interrupt.signal));
    if (flags.watch === true) await watch(knowledgeBase, paths, flags, interrupt.signal);
    if (flags.compact === true) await knowledgeBase.compact();
    if (flags.verify === true) {
      await knowledgeBase.verify();
      if (flags.json !== true) console.log(`${flags.out}: every checksum is right.`);
    }
    return isWhole ? EXIT.done : EXIT.failure;
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    console.error('verbatim: interrupted; what was indexed is kept, and the next run goes on from there.');
    return EXIT.interrupted;
  } finally {
    interrupt.forget();
    await knowledgeBase.close();
  }
}

/** Brings the index up to date once, prints what was done, and says whether everything could be read. */
async function update(
  knowledgeBase: KnowledgeBase,
  paths: readonly string[],
  flags: IndexFlags,
  signal: AbortSignal,
): Promise<boolean> {
  const { updateIndex } = await import('../pipeline/index.js');
  const began = performance.now();
  const progress = progressBar('Indexing', 'files');
  const problems: VerbatimError[] = [];
  const options: UpdateIndexOptions = {
    ...corpusOptions(flags),
    ...(flags.keepOthers === undefined ? {} : { keepOthers: flags.keepOthers }),
    signal,
    onProgress: progress.update,
    onProblem: (problem) => problems.push(problem),
  };
  const done = await updateIndex(knowledgeBase, paths, options).finally(progress.stop);
  reportLeftOut(problems);
  const { documentCount: documents, size: passages } = knowledgeBase;
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify({ ...done, documents, passages, problems: problems.map(({ code, message }) => ({ code, message })) })}\n`
      : `${describe(done)} in ${seconds.toFixed(1)} s. ${flags.out} holds ${count(documents, 'document')}, ${count(passages, 'passage')}.\n`,
  );
  return problems.length === 0;
}

function describe({ files, added, changed, removed, unchangedFiles }: IndexUpdate): string {
  const read = files - unchangedFiles;
  return `${count(files, 'file')}, ${read} of them read: ${added} added, ${changed} changed, ${removed} removed`;
}

function count(value: number, noun: string): string {
  return `${value.toLocaleString('en')} ${noun}${value === 1 ? '' : 's'}`;
}

/** Brings the index up to date whenever something under the paths has changed, until the signal. */
async function watch(
  knowledgeBase: KnowledgeBase,
  paths: readonly string[],
  flags: IndexFlags,
  signal: AbortSignal,
): Promise<void> {
  const { watch: watchFiles } = await import('chokidar');
  const { watchedRoots } = await import('../ingest/index.js');
  const watcher = watchFiles(watchedRoots(paths), { ignoreInitial: true, followSymlinks: false });
  const changes = { areThere: false, wake: (): void => undefined };
  const isOver = (): boolean => signal.aborted;
  watcher.on('all', () => {
    changes.areThere = true;
    changes.wake();
  });
  const stop = (): void => changes.wake();
  signal.addEventListener('abort', stop);
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
  if (flags.json !== true) console.log('Watching for changes. Ctrl-C ends.');
  while (!isOver()) {
    if (!changes.areThere) await new Promise<void>((resolve) => (changes.wake = resolve));
    if (isOver()) break;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    changes.areThere = false;
    try {
      await update(knowledgeBase, paths, flags, signal);
    } catch (error) {
      if (isOver()) break;
      // A folder that is just being replaced may be gone for a moment.
      if (!VerbatimError.isInstance(error)) throw error;
      console.error(`verbatim: [${error.code}] ${error.message}`);
    }
  }
  signal.removeEventListener('abort', stop);
  await watcher.close();
}

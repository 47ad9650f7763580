import { Command } from 'commander';
import { VerbatimError } from '../core/errors.js';
import type { CutDocument } from '../retriever/index.js';
import { documentIds } from './document-ids.js';
import { EXIT } from './exit-codes.js';
import {
  addSearchedOptions,
  aggregationOption,
  flag,
  jsonOption,
  modelsDirOption,
  modelStoreOf,
  SHIPPED_CORPUS,
  type SearchedFlags,
} from './options.js';
import { progressBar } from './progress.js';
import { readDocuments } from './searched-source.js';
import type { SiteParts } from './site/site-content.js';
import { listenForInterrupt } from './stop-signals.js';

interface ExportFlags extends SearchedFlags {
  readonly out: string;
  readonly model?: string;
  readonly dtype?: 'q8' | 'fp32';
  readonly modelsDir?: string;
  readonly profile?: string;
  readonly aggregation?: 'fusion' | 'null-score';
  readonly json?: boolean;
}

const MEGABYTE = 1_000_000;

export function exportSiteCommand(): Command {
  const command = new Command('export-site')
    .description('Write a folder that answers in the browser, from any server of static files.')
    .addOption(flag('-o, --out <folder>', 'folder of the site').default('site'))
    .addOption(flag('--model <id>', 'folder or id of the reader (default: the embedded one)'))
    .addOption(
      flag(
        '--dtype <dtype>',
        'how the network computes: q8 as the server does by default, fp32 to the same answers on every processor',
      )
        .choices(['q8', 'fp32'])
        .default('q8'),
    )
    .addOption(modelsDirOption())
    .addOption(
      flag(
        '--profile <file>',
        "how to decide: a file that `verbatim tune` wrote (default: the model's profile)",
      ),
    )
    .addOption(
      aggregationOption('fusion or the plain rule, null-score (default: fusion where it fits)').conflicts(
        'profile',
      ),
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  $ verbatim export-site --index kb --out site
  $ verbatim export-site --corpus ./docs --out public/answers
  $ npx http-server site

A folder that holds a site of this command is replaced, any other is left alone. Ctrl-C leaves what was there.
Exit codes: 0 done, 1 failure, 2 wrong use.`,
    )
    .action(async (flags: ExportFlags) => {
      process.exitCode = await exportSite(flags);
    });
  return addSearchedOptions(command, 'the help centre that comes with the package');
}

async function exportSite(flags: ExportFlags): Promise<number> {
  const { requireReplaceable, writeFolder } = await import('./site/site-folder.js');
  const { siteContent } = await import('./site/site-content.js');
  await requireReplaceable(flags.out);
  const interrupt = listenForInterrupt();
  const progress = progressBar('Writing', 'MB', MEGABYTE);
  try {
    const { manifest, files } = await siteContent(await partsOf(flags));
    await writeFolder(flags.out, files, { signal: interrupt.signal, onProgress: progress.update });
    const bytes = Array.from(files.values()).reduce((sum, { length }) => sum + length, 0);
    const { documents, passages, model } = manifest;
    process.stdout.write(
      flags.json === true
        ? `${JSON.stringify({ out: flags.out, bytes, documents, passages, model })}\n`
        : `${flags.out} answers from ${documents} documents (${passages} passages) with ${model.id} (${model.dtype}): ` +
            `${files.size} files, ${(bytes / MEGABYTE).toFixed(1)} MB. Serve it with any server of static files.\n`,
    );
    return EXIT.done;
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    console.error(`verbatim: interrupted; ${flags.out} is as it was.`);
    return EXIT.interrupted;
  } finally {
    progress.stop();
    interrupt.forget();
  }
}

async function partsOf(flags: ExportFlags): Promise<SiteParts> {
  const { rulesOf } = await import('../pipeline/index.js');
  const { DEFAULT_MODEL_FOLDER, resolveModel } = await import('../reader/index.js');
  const { readModelFiles } = await import('../reader/model-files.js');
  const { OnnxSpanModel } = await import('../reader/onnx-span-model.js');
  const { model, dtype, profile, aggregation } = flags;
  const folder =
    model === undefined ? DEFAULT_MODEL_FOLDER : await resolveModel(model, await modelStoreOf(flags));
  const files = await readModelFiles(folder, dtype);
  // What cannot be loaded here could not be there.
  await (await OnnxSpanModel.load(files)).close();
  const rules = await rulesOf(
    'embedded BM25',
    { ...(profile === undefined ? {} : { profile }), ...(aggregation === undefined ? {} : { aggregation }) },
    files,
  );
  return { documents: await cutDocuments(flags), model: files, rules };
}

async function cutDocuments(flags: ExportFlags): Promise<CutDocument[]> {
  const documents = flags.index === undefined ? await cutCorpus(flags) : await cutIndex(flags.index);
  if (documents.length === 0) {
    throw new VerbatimError(
      'corpus-empty',
      `No documents in ${flags.index ?? (flags.corpus ?? []).join(', ')}.`,
    );
  }
  return documents;
}

async function cutCorpus(flags: ExportFlags): Promise<CutDocument[]> {
  const { cutsOf, splitPassages } = await import('../retriever/index.js');
  const { documents } = await readDocuments(flags.corpus ?? [SHIPPED_CORPUS], flags);
  return documents.map((document) => ({
    document,
    passages: cutsOf(document.blocks, splitPassages(document)),
  }));
}

/** As they stand in the index: it may have been made with other passages. */
async function cutIndex(folder: string): Promise<CutDocument[]> {
  const { KnowledgeBase } = await import('../retriever/index.js');
  await using knowledgeBase = await KnowledgeBase.open(folder);
  const documents: CutDocument[] = [];
  for await (const id of documentIds(knowledgeBase)) {
    const cut = await knowledgeBase.getCut(id);
    if (cut !== undefined) documents.push(cut);
  }
  return documents;
}

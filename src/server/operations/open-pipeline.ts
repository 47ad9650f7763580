import { VerbatimError } from '../../core/errors.js';
import {
  createAnswerer,
  createVerbatim,
  readProfile,
  updateIndex,
  type AggregationProfile,
  type Answerer,
  type UpdateIndexOptions,
  type Verbatim,
} from '../../pipeline/index.js';
import { loadReader, type LoadReaderOptions, type ModelManifest } from '../../reader/index.js';
import { KnowledgeBase } from '../../retriever/index.js';
import type { RequestLogger } from '../deps.js';
import type { ServerSettings } from './settings.js';
import type { Release } from './start-server.js';

export interface PipelineContext {
  /** Told of files of the corpus that could not be read. */
  readonly logger: RequestLogger;
  /** Folder of the installed models. */
  readonly modelStore: string;
  /** What is served where the settings name neither an index nor a corpus. */
  readonly defaultCorpus: string;
  /** Gives an empty folder, for the index of a corpus. The caller removes it. */
  readonly temporaryFolder: () => string;
  /** Gives up indexing a corpus. */
  readonly signal: AbortSignal;
}

interface OpenedPipeline {
  readonly verbatim: Verbatim;
  readonly answerer: Answerer;
  readonly knowledgeBase: KnowledgeBase;
  readonly model: ModelManifest;
}

/**
 * Opens the knowledge base and loads one reader, behind which stand both the pipeline over the knowledge base and the answerer for passages
 * that others found.
 *
 * @param releases - gets what frees each part, in the order in which they were opened; also those opened before an error.
 * @throws VerbatimError as `KnowledgeBase.open`, `updateIndex`, `loadReader` and `readProfile`; `corpus-empty`.
 */
export async function openPipeline(
  settings: ServerSettings,
  context: PipelineContext,
  releases: Release[],
): Promise<OpenedPipeline> {
  const knowledgeBase = await openKnowledgeBase(settings, context);
  releases.push(() => knowledgeBase.close());
  await knowledgeBase.load();
  const reader = await loadReader(readerOptions(settings, context));
  releases.push(() => reader.reader.close());
  const profile =
    settings.profile === undefined ? undefined : await readProfile(settings.profile, reader.manifest);
  const verbatim = await createVerbatim({
    retriever: knowledgeBase,
    reader,
    ...(profile === undefined ? {} : { profile }),
    ...(settings.aggregation === undefined ? {} : { aggregation: settings.aggregation }),
  });
  const answerer = await createAnswerer({ reader, ...plainRule(profile) });
  return { verbatim, answerer, knowledgeBase, model: reader.manifest };
}

/** A fusion profile was fitted to the scores of this index: it says nothing of passages that another engine found. */
function plainRule(profile: AggregationProfile | undefined): { readonly profile?: AggregationProfile } {
  return profile?.aggregation === 'null-score' ? { profile } : {};
}

async function openKnowledgeBase(settings: ServerSettings, context: PipelineContext): Promise<KnowledgeBase> {
  const { index, readOnly } = settings;
  if (index !== undefined) return KnowledgeBase.open(index, { write: !readOnly });
  const folder = context.temporaryFolder();
  await indexCorpus(folder, settings, context);
  // What is put into an index that is gone with this process would be lost: so nothing can be.
  return KnowledgeBase.open(folder);
}

async function indexCorpus(
  folder: string,
  settings: ServerSettings,
  { logger, defaultCorpus, signal }: PipelineContext,
): Promise<void> {
  const { corpus = [defaultCorpus], include, exclude, maxFileSize, maxFiles } = settings;
  const options: UpdateIndexOptions = {
    maxFileBytes: maxFileSize,
    maxFiles,
    ...(include === undefined ? {} : { include }),
    ...(exclude === undefined ? {} : { exclude }),
    signal,
    onProblem: ({ code, message }) => logger.error({ code }, `${message} Left out.`),
  };
  const knowledgeBase = await KnowledgeBase.open(folder, { write: true });
  try {
    await updateIndex(knowledgeBase, corpus, options);
    if (knowledgeBase.documentCount === 0) {
      throw new VerbatimError('corpus-empty', `No documents in ${corpus.join(', ')}.`);
    }
  } finally {
    await knowledgeBase.close();
  }
}

function readerOptions(
  { model, dtype, workers, maxQueuedWindows }: ServerSettings,
  { modelStore }: PipelineContext,
): LoadReaderOptions {
  return {
    modelStore,
    maxQueuedWindows,
    ...(model === undefined ? {} : { model }),
    ...(dtype === undefined ? {} : { dtype }),
    ...(workers === undefined ? {} : { workers }),
  };
}

import type { SourceDocument } from '../core/document.js';
import type { LoadedCorpus } from '../ingest/index.js';
import { SHIPPED_CORPUS, corpusOptions, type SearchedFlags } from './options.js';
import { progressBar } from './progress.js';
import { reportLeftOut, type LeftOut } from './report-left-out.js';

/** What is searched. */
export interface SearchedSource {
  /** What of `createVerbatim`'s options says it. */
  readonly options: { readonly index: string } | { readonly documents: Promise<readonly SourceDocument[]> };
  /** Path of a document's file, once the documents have been read. */
  readonly pathOf: (documentId: string) => string | undefined;
}

/** How files are read. */
export interface ReadingOptions {
  readonly signal?: AbortSignal;
  /** Told of the files that cannot be read. @defaultValue says so on standard error */
  readonly onLeftOut?: (problems: readonly LeftOut[]) => void;
}

/** The index or, read meanwhile with a progress bar, the files that the flags name. Files that cannot be read are reported and left out. */
export function searchedSource(flags: SearchedFlags, reading?: ReadingOptions): SearchedSource {
  if (flags.index !== undefined) return { options: { index: flags.index }, pathOf: () => undefined };
  let files: ReadonlyMap<string, string> = new Map();
  const documents = readDocuments(flags.corpus ?? [SHIPPED_CORPUS], flags, reading).then((corpus) => {
    files = corpus.files;
    return corpus.documents;
  });
  return { options: { documents }, pathOf: (documentId) => files.get(documentId) };
}

/** Documents of files and folders, with a progress bar. Files that cannot be read are reported and left out. */
export async function readDocuments(
  paths: readonly string[],
  flags: SearchedFlags,
  { signal, onLeftOut = reportLeftOut }: ReadingOptions = {},
): Promise<LoadedCorpus> {
  const { loadCorpus } = await import('../ingest/index.js');
  const progress = progressBar('Reading documents', 'files');
  const corpus = await loadCorpus(paths, {
    ...corpusOptions(flags),
    ...(signal === undefined ? {} : { signal }),
    onProgress: progress.update,
  }).finally(progress.stop);
  onLeftOut(corpus.problems);
  return corpus;
}

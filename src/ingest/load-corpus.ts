import type { SourceDocument } from '../core/document.js';
import { received, VerbatimError } from '../core/errors.js';
import { listCorpusFiles, type CorpusFile, type CorpusOptions } from './list-corpus-files.js';
import { DOCUMENT_EXTENSIONS } from './loaders.js';
import { quotePath } from './quote-path.js';
import { readCorpusFile } from './read-corpus-file.js';

export interface LoadedCorpus {
  /** In order of their ids. */
  readonly documents: readonly SourceDocument[];
  /** File path of every document, by document id. */
  readonly files: ReadonlyMap<string, string>;
  /** Files inside a folder, and lines, rows and entries of a file, that could not be read; they are left out. */
  readonly problems: readonly VerbatimError[];
}

/**
 * Reads documents from files, folders and globs into memory; see {@link listCorpusFiles} for which, and for their ids.
 *
 * A file that was named itself must be readable; inside a folder a damaged file is a problem, not an error.
 *
 * @throws VerbatimError as {@link listCorpusFiles} and, for a path that was named, as {@link readCorpusFile}; `corpus-empty` if no
 * document was found.
 */
export async function loadCorpus(
  paths: readonly string[],
  options: CorpusOptions = {},
): Promise<LoadedCorpus> {
  const listed = await listCorpusFiles(paths, options);
  const documents = new Map<string, SourceDocument>();
  const files = new Map<string, string>();
  const problems: VerbatimError[] = [];
  const add = (document: SourceDocument, file: CorpusFile): void => {
    const other = files.get(document.id);
    if (other === undefined) {
      documents.set(document.id, document);
      files.set(document.id, file.file);
    } else {
      problems.push(sameId(document, file.file, other));
    }
  };
  let done = 0;
  for (const file of listed) {
    options.signal?.throwIfAborted();
    try {
      const read = readCorpusFile(file, { ...options, onProblem: (problem) => problems.push(problem) });
      for await (const document of read) add(document, file);
    } catch (error) {
      if (file.named || !VerbatimError.isInstance(error)) throw error;
      problems.push(error);
    }
    options.onProgress?.(++done, listed.length);
  }
  if (documents.size === 0) throw problems[0] ?? corpusEmpty(paths);
  return {
    documents: [...documents.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    files,
    problems,
  };
}

/** A file `a.jsonl#1.md` beside a file `a.jsonl` with an entry `1.md`. */
function sameId(document: SourceDocument, file: string, other: string): VerbatimError {
  return new VerbatimError(
    'file-invalid',
    `${quotePath(file)}: the id ${received(document.id)} is that of a document of ${quotePath(other)} already.`,
  );
}

/** Nothing was found under these paths. */
export function corpusEmpty(paths: readonly string[]): VerbatimError {
  return new VerbatimError(
    'corpus-empty',
    `No documents in ${paths.map(quotePath).join(', ')}; expected files ending in ${DOCUMENT_EXTENSIONS.join(', ')}.`,
  );
}

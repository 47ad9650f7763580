import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SourceDocument } from '../core/document.js';
import { received, requireInteger, VerbatimError } from '../core/errors.js';
import { DEFAULT_CORPUS, type CorpusFile, type CorpusOptions } from './list-corpus-files.js';
import { DOCUMENT_EXTENSIONS, documentExtension, loaderOf } from './loaders.js';
import { isMissing } from './path-error.js';
import { quotePath } from './quote-path.js';
import { withSourceFile } from './source-file.js';

export interface ReadFileOptions extends Pick<CorpusOptions, 'signal' | 'maxFileBytes'> {
  /** Told of every line, row or entry that is left out. */
  readonly onProblem?: (problem: VerbatimError) => void;
}

/**
 * Reads the documents of one file. JSON Lines and CSV are read piece by piece: of a file of any size only a line is in memory, and
 * the ids of its documents.
 *
 * @throws VerbatimError for a file that cannot be read at all: `path-not-found` (if it was named), `file-unreadable`,
 * `file-unsupported`, `file-binary`, `file-invalid-utf8`, `file-invalid`, `file-encrypted`, `file-without-text`, `file-too-large`;
 * the signal's reason once it is aborted.
 */
export async function* readCorpusFile(
  file: CorpusFile,
  options: ReadFileOptions = {},
): AsyncGenerator<SourceDocument, void, undefined> {
  const maxFileBytes = requireInteger('maxFileBytes', options.maxFileBytes ?? DEFAULT_CORPUS.maxFileBytes, 1);
  const load = loaderOf(file.file);
  if (load === undefined) throw unsupported(file);
  const name = path.basename(file.file);
  const source = {
    path: file.file,
    named: file.named,
    identity: {
      id: file.id,
      title: name.slice(0, -(documentExtension(name)?.length ?? 0)),
      uri: pathToFileURL(file.file).href,
    },
    maxFileBytes,
    signal: options.signal,
    onProblem: options.onProblem ?? (() => undefined),
  };
  try {
    yield* withSourceFile(source, load);
  } catch (error) {
    throw asVerbatimError(file, error);
  }
}

function unsupported({ file }: CorpusFile): VerbatimError {
  return new VerbatimError(
    'file-unsupported',
    `Cannot read ${quotePath(file)}: expected a file ending in ${DOCUMENT_EXTENSIONS.join(', ')}, got ${received(path.extname(file))}.`,
  );
}

function asVerbatimError({ file, named }: CorpusFile, error: unknown): unknown {
  if (
    VerbatimError.isInstance(error) &&
    error.code === 'path-not-found' &&
    !named &&
    isMissing(error.cause)
  ) {
    return new VerbatimError(
      'file-unreadable',
      `${quotePath(file)} is gone since its folder was listed.`,
      error,
    );
  }
  // What the parsers of other projects, which recurse, throw for a text nested too deeply.
  return error instanceof RangeError
    ? new VerbatimError('file-invalid', `${quotePath(file)} is nested too deeply to be read.`, error)
    : error;
}

import type { Dirent } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { requireInteger, VerbatimError } from '../core/errors.js';
import { resolveRoots, type CorpusRoot } from './corpus-roots.js';
import { createFileFilter, type FileFilter } from './file-filter.js';
import { isMissing, pathError } from './path-error.js';
import { quotePath } from './quote-path.js';

/** What is read of files and folders. */
export interface CorpusOptions {
  /**
   * Globs over the paths of a folder's files, relative to it; one without `/` is compared with the name alone. A file that was named
   * itself is taken in any case. @defaultValue every file of a known kind
   */
  readonly include?: readonly string[];
  /** Patterns in the syntax of .gitignore, relative to each folder: what they fit is left out, as by a `.verbatimignore` there. */
  readonly exclude?: readonly string[];
  /**
   * Largest file in bytes, at least 1; of JSON Lines and CSV, which are read piece by piece, the longest line.
   * @defaultValue 50,000,000
   */
  readonly maxFileBytes?: number;
  /** Most files, at least 1. @defaultValue 100,000 */
  readonly maxFiles?: number;
  /** Called after every file, for a progress bar. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export const DEFAULT_CORPUS = Object.freeze({ maxFileBytes: 50_000_000, maxFiles: 100_000 });

/** One file of a corpus. */
export interface CorpusFile {
  readonly file: string;
  /** Id of its document; of a file with many documents, what their ids begin with (`id#…`). */
  readonly id: string;
  readonly bytes: number;
  /** True if it was named itself, not found in a folder or by a glob. */
  readonly named: boolean;
}

/**
 * Lists the files of a corpus in the order of their ids: files, folders (recursively) and globs. Hidden entries are passed over, and
 * symbolic links are not followed, except a path that is one itself. A file that is reached twice is listed once.
 *
 * A file's id is its path relative to the folder it was found in; with several paths, the folder's name stands before it. No id
 * leads out of its folder.
 *
 * @throws VerbatimError `path-not-found`, `file-unreadable`, `too-many-files`, `invalid-option`; the signal's reason once it is aborted.
 */
export async function listCorpusFiles(
  paths: readonly string[],
  options: CorpusOptions = {},
): Promise<CorpusFile[]> {
  const maxFiles = requireInteger('maxFiles', options.maxFiles ?? DEFAULT_CORPUS.maxFiles, 1);
  const files = new Map<string, CorpusFile>();
  for (const root of await resolveRoots(paths)) {
    let isEmpty = true;
    for await (const { relative, file } of filesOf(root, options)) {
      isEmpty = false;
      const key = path.join(root.realPath, relative);
      const known = files.get(key);
      files.set(key, known === undefined ? file : { ...known, named: known.named || file.named });
      if (files.size > maxFiles) {
        throw new VerbatimError(
          'too-many-files',
          `Expected at most ${maxFiles} files (option maxFiles) in ${paths.map(quotePath).join(', ')}, got more.`,
        );
      }
    }
    if (isEmpty && root.glob !== undefined) {
      const glob = path.join(root.path, root.glob);
      throw new VerbatimError('path-not-found', `No file that can be read fits ${quotePath(glob)}.`);
    }
  }
  return [...files.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

interface FoundFile {
  /** Path in its folder, with `/`; empty for a file that was named itself. */
  readonly relative: string;
  readonly file: CorpusFile;
}

async function* filesOf(
  root: CorpusRoot,
  options: CorpusOptions,
): AsyncGenerator<FoundFile, void, undefined> {
  if (!root.isFolder) {
    const { size } = await stat(root.path);
    yield { relative: '', file: { file: root.path, id: root.name, bytes: size, named: true } };
    return;
  }
  const { include, exclude } = options;
  const filter = await createFileFilter(root.path, {
    ...(include === undefined ? {} : { include }),
    ...(exclude === undefined ? {} : { exclude }),
    ...(root.glob === undefined ? {} : { glob: root.glob }),
  });
  for await (const relative of walkFolder(root.path, filter, options.signal)) {
    const file = path.join(root.path, relative);
    const info = await lstat(file).catch((error: unknown) => {
      // Gone since the folder was read.
      if (isMissing(error)) return undefined;
      throw pathError(file, error);
    });
    if (info === undefined) continue;
    const id = root.name === '' ? relative : `${root.name}/${relative}`;
    yield { relative, file: { file, id, bytes: info.size, named: false } };
  }
}

/** The files of a folder and of the folders inside, as paths relative to it. */
async function* walkFolder(
  root: string,
  filter: FileFilter,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void, undefined> {
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    signal?.throwIfAborted();
    for (const entry of await entriesOf(root, folder)) {
      const relative = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.name.startsWith('.')) continue;
      // A symbolic link is neither.
      if (entry.isDirectory() && filter.entersFolder(relative)) waiting.push(relative);
      if (entry.isFile() && filter.takesFile(relative)) yield relative;
    }
  }
}

async function entriesOf(root: string, folder: string): Promise<Dirent[]> {
  try {
    return await readdir(path.join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (folder !== '' && isMissing(error)) return [];
    throw pathError(path.join(root, folder), error);
  }
}

import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SourceDocument } from '../core/document.js';
import { received, VerbatimError } from '../core/errors.js';
import { decodeText } from './decode-text.js';
import type { DocumentIdentity } from './document-builder.js';
import { readMarkdown } from './markdown.js';
import { readPlainText } from './plain-text.js';

type Loader = (source: string, identity: DocumentIdentity) => SourceDocument;

const LOADERS: Readonly<Record<string, Loader>> = {
  '.md': readMarkdown,
  '.markdown': readMarkdown,
  '.txt': readPlainText,
};

/** Extensions of the files that are taken from a folder. */
export const DOCUMENT_EXTENSIONS: readonly string[] = Object.keys(LOADERS);

export interface LoadCorpusOptions {
  /** Called after every file, for a progress bar. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface LoadedCorpus {
  /** In order of their ids. */
  readonly documents: readonly SourceDocument[];
  /** File path of every document, by document id. */
  readonly files: ReadonlyMap<string, string>;
  /** Files inside a folder that could not be read; they are left out. */
  readonly problems: readonly VerbatimError[];
}

/**
 * Reads documents from files and folders (recursively; hidden entries and symbolic links are passed over).
 *
 * A document's id is its path relative to the folder it was found in; with several paths, the folder's name stands
 * before it. A file that was named itself must be readable; inside a folder a damaged file is a problem, not an error.
 *
 * @throws VerbatimError `path-not-found`, `file-unreadable`, `file-unsupported`, `file-binary`, `file-invalid-utf8` for a path that was named;
 * `corpus-empty` if no document was found.
 */
export async function loadCorpus(
  paths: readonly string[],
  options: LoadCorpusOptions = {},
): Promise<LoadedCorpus> {
  const found: { file: string; id: string; named: boolean }[] = [];
  for (const root of paths) {
    const info = await stat(root).catch((error: unknown) => {
      throw pathError(root, error);
    });
    const prefix = paths.length > 1 ? `${path.basename(path.resolve(root))}/` : '';
    if (info.isDirectory()) {
      for (const relative of await listDocuments(root)) {
        found.push({ file: path.join(root, relative), id: prefix + toSlashes(relative), named: false });
      }
    } else {
      found.push({ file: root, id: path.basename(root), named: true });
    }
  }

  const documents = new Map<string, SourceDocument>();
  const files = new Map<string, string>();
  const problems: VerbatimError[] = [];
  let done = 0;
  for (const { file, id, named } of found) {
    options.signal?.throwIfAborted();
    try {
      const unique = documents.has(id) ? toSlashes(path.relative('', file)) : id;
      documents.set(unique, await loadDocument(file, unique));
      files.set(unique, file);
    } catch (error) {
      if (named || !VerbatimError.isInstance(error)) throw error;
      problems.push(error);
    }
    options.onProgress?.(++done, found.length);
  }
  if (documents.size === 0) {
    const [first] = problems;
    if (first !== undefined) throw first;
    throw new VerbatimError(
      'corpus-empty',
      `No documents in ${paths.map(received).join(', ')}; expected files ending in ${DOCUMENT_EXTENSIONS.join(', ')}.`,
    );
  }
  return {
    documents: [...documents.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    files,
    problems,
  };
}

async function loadDocument(file: string, id: string): Promise<SourceDocument> {
  const extension = path.extname(file).toLowerCase();
  const load = LOADERS[extension];
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw pathError(file, error);
  }
  const text = decodeText(bytes, file);
  if (load === undefined) {
    throw new VerbatimError(
      'file-unsupported',
      `Cannot read ${file}: expected a file ending in ${DOCUMENT_EXTENSIONS.join(', ')}, got ${received(extension)}.`,
    );
  }
  const title = path.basename(file, path.extname(file));
  return load(text, { id, title, uri: pathToFileURL(file).href });
}

/** Paths relative to the folder, in code-unit order. */
async function listDocuments(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw pathError(folder, error);
  });
  const nested = await Promise.all(
    entries.map(async (entry) => {
      if (entry.name.startsWith('.')) return [];
      if (entry.isDirectory()) {
        const inside = await listDocuments(path.join(folder, entry.name));
        return inside.map((file) => path.join(entry.name, file));
      }
      return entry.isFile() && path.extname(entry.name).toLowerCase() in LOADERS ? [entry.name] : [];
    }),
  );
  return nested.flat().sort();
}

function toSlashes(file: string): string {
  return file.split(path.sep).join('/');
}

function pathError(file: string, error: unknown): VerbatimError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return code === 'ENOENT' || code === 'ENOTDIR'
    ? new VerbatimError('path-not-found', `No such file or folder: ${received(file)}.`, error)
    : new VerbatimError('file-unreadable', `Cannot read ${received(file)}: ${code}.`, error);
}

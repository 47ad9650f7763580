import { existsSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import picomatch from 'picomatch';
import { VerbatimError } from '../core/errors.js';
import { isMissing, pathError } from './path-error.js';
import { quotePath } from './quote-path.js';

/** One of the paths that a corpus is read from. */
export interface CorpusRoot {
  /** The file or folder, as it was given; of a glob, the folder that it begins with. */
  readonly path: string;
  /** The same wherever it is reached from. */
  readonly realPath: string;
  readonly isFolder: boolean;
  /** Which files of the folder are meant, relative to it. */
  readonly glob: string | undefined;
  /** What the ids of its documents begin with; empty for the only folder. */
  readonly name: string;
}

/**
 * Looks the paths up. One that does not exist may be a glob (`docs/*.md`).
 *
 * @throws VerbatimError `path-not-found`, `file-unreadable` for what is neither a file nor a folder.
 */
export async function resolveRoots(paths: readonly string[]): Promise<CorpusRoot[]> {
  const roots: Omit<CorpusRoot, 'name'>[] = [];
  for (const root of paths) roots.push(await resolveRoot(root));
  const [only] = roots;
  if (only !== undefined && roots.length === 1) {
    return [{ ...only, name: only.isFolder ? '' : path.basename(path.resolve(only.path)) }];
  }
  const names = distinctNames(roots.map((root) => path.resolve(root.path)));
  return roots.map((root) => ({ ...root, name: names.get(path.resolve(root.path)) ?? '' }));
}

/** The files and folders to watch for changes of a corpus: the paths, and of a glob the folder that it begins with. */
export function watchedRoots(paths: readonly string[]): string[] {
  return paths.map((root) => (existsSync(root) ? root : (splitGlob(root)?.folder ?? root)));
}

async function resolveRoot(root: string): Promise<Omit<CorpusRoot, 'name'>> {
  try {
    return await lookUp(root, undefined);
  } catch (error) {
    const parts = isMissing(error) ? splitGlob(root) : undefined;
    if (parts === undefined) throw VerbatimError.isInstance(error) ? error : pathError(root, error);
    const folder = await lookUp(parts.folder, parts.glob).catch(() => undefined);
    if (folder?.isFolder !== true) throw pathError(root, error);
    return folder;
  }
}

async function lookUp(root: string, glob: string | undefined): Promise<Omit<CorpusRoot, 'name'>> {
  const info = await stat(root);
  if (!info.isDirectory() && !info.isFile()) {
    throw new VerbatimError('file-unreadable', `Expected a file or folder, got ${quotePath(root)}.`);
  }
  return { path: root, realPath: await realpath(root), isFolder: info.isDirectory(), glob };
}

function splitGlob(root: string): { folder: string; glob: string } | undefined {
  const { isGlob, base, glob } = picomatch.scan(root.split(path.sep).join('/'));
  return isGlob ? { folder: base === '' ? '.' : base, glob } : undefined;
}

/**
 * Names for the paths by which the ids of their documents differ: the last part of each or, where two would share names, as many
 * more of the parts before it as are needed. They depend on the paths alone, not on what is found there.
 */
function distinctNames(paths: readonly string[]): Map<string, string> {
  const parts = new Map(paths.map((whole) => [whole, whole.split(path.sep).filter(Boolean)]));
  let names = new Map<string, string>();
  for (let clashing = new Set(parts.keys()), length = 1; clashing.size > 0; length++) {
    names = new Map(
      [...parts].map(([whole, all]) => [
        whole,
        clashing.has(whole) ? all.slice(-length).join('/') : (names.get(whole) ?? ''),
      ]),
    );
    // A whole path cannot become longer.
    clashing = new Set(clashes(names).filter((whole) => length < (parts.get(whole)?.length ?? 0)));
  }
  return names;
}

/** Paths whose name is also another's, or leads into a folder that another is named after. */
function clashes(names: ReadonlyMap<string, string>): string[] {
  const taken = new Set<string>();
  const clashing = new Set<string>();
  for (const name of names.values()) {
    if (taken.has(name)) clashing.add(name);
    taken.add(name);
  }
  for (const name of taken) {
    for (let slash = name.indexOf('/'); slash !== -1; slash = name.indexOf('/', slash + 1)) {
      const folder = name.slice(0, slash);
      if (taken.has(folder)) clashing.add(folder).add(name);
    }
  }
  return [...names].filter(([, name]) => clashing.has(name)).map(([whole]) => whole);
}

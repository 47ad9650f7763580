import { readFile } from 'node:fs/promises';
import path from 'node:path';
import ignore from 'ignore';
import picomatch from 'picomatch';
import { decodeText } from './decode-text.js';
import { documentExtension } from './loaders.js';
import { isMissing, pathError } from './path-error.js';

/** A file in a folder of documents that says, in the syntax of .gitignore, which of them are left out. */
const IGNORE_FILE = '.verbatimignore';

/** Stands for line breaks in names, at which the patterns of .gitignore would end. */
const LINE_BREAK = '\ue000';

/** Which entries of a folder are taken. Paths are relative to it, with `/`. */
export interface FileFilter {
  takesFile(relative: string): boolean;
  entersFolder(relative: string): boolean;
}

/**
 * Takes files of a known kind that fit one of the globs `include`, if there are any, and none of the patterns `exclude` or of the
 * folder's own `.verbatimignore`.
 *
 * @param include - a glob without `/` is compared with the name alone, as patterns of .gitignore are.
 */
export async function createFileFilter(
  folder: string,
  {
    include,
    exclude = [],
    glob,
  }: { include?: readonly string[]; exclude?: readonly string[]; glob?: string },
): Promise<FileFilter> {
  const ignored = ignore({ ignorecase: false })
    .add(await readIgnoreFile(folder))
    .add([...exclude]);
  const isIgnored = (relative: string): boolean =>
    ignored.ignores(relative.replaceAll(/[\r\n]/g, LINE_BREAK));
  // With the flag s a name with a line break fits `**`, too.
  const included = include?.map((pattern) =>
    picomatch(pattern, { basename: !pattern.includes('/'), flags: 's' }),
  );
  const isInGlob = glob === undefined ? undefined : picomatch(glob, { flags: 's' });
  return {
    takesFile: (relative) =>
      documentExtension(relative) !== undefined &&
      included?.some((fits) => fits(relative)) !== false &&
      isInGlob?.(relative) !== false &&
      !isIgnored(relative),
    entersFolder: (relative) => !isIgnored(`${relative}/`),
  };
}

async function readIgnoreFile(folder: string): Promise<string> {
  const file = path.join(folder, IGNORE_FILE);
  const bytes = await readFile(file).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw pathError(file, error);
  });
  return bytes === undefined ? '' : decodeText(bytes, file);
}

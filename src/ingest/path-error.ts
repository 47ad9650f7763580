import { VerbatimError } from '../core/errors.js';
import { quotePath } from './quote-path.js';

/** The error of a file or folder that the file system does not give: `path-not-found` or `file-unreadable`. */
export function pathError(file: string, error: unknown): VerbatimError {
  const code = errorCode(error) ?? 'unknown error';
  return isMissing(error)
    ? new VerbatimError('path-not-found', `No such file or folder: ${quotePath(file)}.`, error)
    : new VerbatimError('file-unreadable', `Cannot read ${quotePath(file)}: ${code}.`, error);
}

/** True if the file system says that there is no such entry. */
export function isMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function errorCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

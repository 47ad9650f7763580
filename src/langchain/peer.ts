import { VerbatimError } from '../core/errors.js';

const PEER = '@langchain/core';

/**
 * What to throw for an error of loading this entry point: if the optional peer dependency is missing, how to install it; else the
 * error itself.
 */
export function explainMissingPeer(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  const isMissing = code === 'ERR_MODULE_NOT_FOUND' && message.includes(`'${PEER}'`);
  if (!isMissing) return error;
  return new VerbatimError(
    'invalid-option',
    `Expected the package ${PEER} to be installed for verbatim-qa/langchain; install it with: npm install ${PEER}`,
    error,
  );
}

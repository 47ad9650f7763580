import type { VerbatimError } from '../core/errors.js';

/** Says on standard error what could not be read while the rest went on. */
export function reportLeftOut(problems: readonly Pick<VerbatimError, 'code' | 'message'>[]): void {
  for (const { code, message } of problems) console.error(`verbatim: [${code}] ${message} Left out.`);
}

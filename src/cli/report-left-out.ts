import type { VerbatimError } from '../core/errors.js';

/** Why a file was left out. */
export type LeftOut = Pick<VerbatimError, 'code' | 'message'>;

/** Says on standard error what could not be read while the rest went on. */
export function reportLeftOut(problems: readonly LeftOut[]): void {
  for (const { code, message } of problems) console.error(`verbatim: [${code}] ${message} Left out.`);
}

import { fileURLToPath } from 'node:url';
import { InvalidArgumentError, Option } from 'commander';
import { received } from '../core/errors.js';

/** The knowledge base that comes with the package. */
export const SHIPPED_CORPUS = fileURLToPath(new URL('../../corpora/help-centre', import.meta.url));

/** A flag that an environment variable mirrors: `--top-k` is `VERBATIM_TOP_K`. */
export function flag(flags: string, description: string): Option {
  const option = new Option(flags, description);
  return option.env(`VERBATIM_${option.name().replaceAll('-', '_').toUpperCase()}`);
}

/** Parses a whole number of at least `min`. */
export function wholeNumber(min: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < min) {
      throw new InvalidArgumentError(`Expected a whole number of at least ${min}, got ${received(text)}.`);
    }
    return value;
  };
}

/** Parses a finite number. */
export function realNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new InvalidArgumentError(`Expected a number, got ${received(text)}.`);
  }
  return value;
}

export const corpusOption = (description: string): Option => flag('-c, --corpus <path...>', description);

export const topKOption = (): Option =>
  flag('-k, --top-k <n>', 'passages to read (default: 10)').argParser(wholeNumber(1));

export const thresholdOption = (): Option =>
  flag(
    '-t, --threshold <x>',
    "no answer if null score − span score is greater (default: the model's); lower is stricter",
  ).argParser(realNumber);

export const jsonOption = (): Option => flag('--json', 'print JSON');

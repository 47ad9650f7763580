const MARKER = Symbol.for('verbatim-qa.error');

/** Stable codes: an error's message may be reworded, its code stays. */
export type VerbatimErrorCode =
  | 'invalid-option'
  | 'empty-question'
  | 'question-too-long'
  | 'path-not-found'
  | 'corpus-empty'
  | 'file-unreadable'
  | 'file-unwritable'
  | 'file-unsupported'
  | 'file-binary'
  | 'file-invalid-utf8'
  | 'file-invalid'
  | 'file-too-large'
  | 'file-encrypted'
  | 'file-without-text'
  | 'too-many-files'
  | 'dataset-invalid'
  | 'profile-invalid'
  | 'tuning-set-unfit'
  | 'tuning-target-unreached'
  | 'model-not-found'
  | 'model-damaged'
  | 'model-unsupported'
  | 'model-unsafe-format'
  | 'model-access-denied'
  | 'model-exists'
  | 'model-busy'
  | 'download-failed'
  | 'index-not-found'
  | 'index-exists'
  | 'index-damaged'
  | 'index-version'
  | 'index-busy'
  | 'index-read-only'
  | 'disk-full'
  | 'engine-unavailable'
  | 'engine-refused'
  | 'queue-full'
  | 'worker-crashed'
  | 'address-unavailable'
  | 'browser-unsupported'
  | 'keys-damaged'
  | 'key-not-found'
  | 'closed';

/** Every error that this package throws on purpose. The message is one line that names what was received and what is allowed. */
export class VerbatimError extends Error {
  readonly code: VerbatimErrorCode;

  /** @param cause the lower-level error that led to this one, if any. */
  constructor(code: VerbatimErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'VerbatimError';
    this.code = code;
    Object.defineProperty(this, MARKER, { value: true });
  }

  /** Works across copies of this package, where `instanceof` does not. */
  static isInstance(error: unknown): error is VerbatimError {
    return typeof error === 'object' && error !== null && MARKER in error;
  }
}

/** A received value as it should stand in an error message: JSON where possible, never longer than 80 characters. */
export function received(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/**
 * Checks a whole-number option.
 *
 * @throws VerbatimError `invalid-option`, naming the option, the range and the value.
 */
export function requireInteger(
  name: string,
  value: number,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    throw new VerbatimError(
      'invalid-option',
      `Expected ${name} to be a whole number ${range}, got ${received(value)}.`,
    );
  }
  return value;
}

/**
 * Checks a real-number option.
 *
 * @throws VerbatimError `invalid-option`, naming the option, the range and the value.
 */
export function requireNumber(name: string, value: number, min = -Infinity, max = Infinity): number {
  // Written so that NaN fails.
  if (!(typeof value === 'number' && value >= min && value <= max && Number.isFinite(value))) {
    const bounds = [min > -Infinity ? ` >= ${min}` : '', max < Infinity ? ` <= ${max}` : ''].filter(Boolean);
    throw new VerbatimError(
      'invalid-option',
      `Expected ${name} to be a finite number${bounds.join(' and')}, got ${received(value)}.`,
    );
  }
  return value;
}

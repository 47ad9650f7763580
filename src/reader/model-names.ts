import path from 'node:path';
import { received, VerbatimError } from '../core/errors.js';
import { catalogueRow } from './model-catalogue.js';
import { WEIGHT_FILES, type Dtype } from './model-layout.js';

/** Id of the reader that is part of this package. */
export const DEFAULT_MODEL_ID = 'default';

/** Formats that can only hold data. Everything else, pickle before all, may run code when it is loaded. */
const SAFE_EXTENSIONS: readonly string[] = ['.onnx', '.safetensors', '.json', '.txt'];

const PART = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

/**
 * Checks the id of a model that is or will be installed: `owner/name` or `name`. It becomes a path inside the store.
 *
 * @throws VerbatimError `invalid-option`.
 */
export function requireModelId(id: string): string {
  const parts = id.split('/');
  // The hub refuses "--" too, which keeps one flat name for each id.
  const valid = parts.length <= 2 && parts.every((part) => PART.test(part) && !/\.\.|--/.test(part));
  if (!valid) {
    throw new VerbatimError(
      'invalid-option',
      `Expected a model id, owner/name or name, of letters, digits and . _ - (no "..", no "--"), got ${received(id)}.`,
    );
  }
  if (catalogueRow(id)?.id === DEFAULT_MODEL_ID) {
    throw new VerbatimError(
      'invalid-option',
      `Expected the id of a model to install, got ${received(id)}: that one is part of this package.`,
    );
  }
  return id;
}

/** One folder name for an id. */
export function flatName(id: string): string {
  return id.replace('/', '--');
}

/**
 * Checks a branch, tag or commit.
 *
 * @throws VerbatimError `invalid-option`.
 */
export function requireRevision(revision: string): string {
  if (!/^[A-Za-z0-9_][A-Za-z0-9._/-]*$/.test(revision) || revision.includes('..')) {
    throw new VerbatimError(
      'invalid-option',
      `Expected revision to be a branch, tag or commit, got ${received(revision)}.`,
    );
  }
  return revision;
}

/**
 * Checks the path of a model's file and that its format cannot run code.
 *
 * @throws VerbatimError `model-unsafe-format` for any other format, `invalid-option` for a path that leaves the model.
 */
export function requireSafeFile(file: string, id: string): string {
  if (!isSafeFormat(file)) {
    throw new VerbatimError(
      'model-unsafe-format',
      `Refused ${received(file)} of ${id}: only ONNX, safetensors, JSON and txt files are loaded, as other formats may run code; ${exportHint(id)}.`,
    );
  }
  if (!isInside(file)) {
    throw new VerbatimError(
      'invalid-option',
      `Expected a file's path inside the model, got ${received(file)}.`,
    );
  }
  return file;
}

/** Whether a file's format can only hold data. */
export function isSafeFormat(file: string): boolean {
  return SAFE_EXTENSIONS.includes(path.extname(file).toLowerCase());
}

/** Whether a path with forward slashes stays inside the folder that it is relative to. */
export function isInside(file: string): boolean {
  return file.split('/').every((part) => PART.test(part) && !part.includes('..'));
}

/** Whether a file holds weights in a format that may run code when it is loaded. */
export function isUnsafeWeights(file: string): boolean {
  return ['.bin', '.pt', '.pth', '.pkl', '.ckpt', '.h5', '.msgpack'].includes(
    path.extname(file).toLowerCase(),
  );
}

/** Where weights may lie: in Hugging Face's layout, or beside config.json as Optimum exports them. */
export function weightCandidates(dtype: Dtype): readonly string[] {
  return [WEIGHT_FILES[dtype], path.posix.basename(WEIGHT_FILES[dtype])];
}

/** The way out for a model without ONNX weights, to end a message with. */
export function exportHint(id: string): string {
  return `export it with Optimum (\`optimum-cli export onnx --model ${id} FOLDER\`) and add it with \`verbatim models add FOLDER --id ${id}\``;
}

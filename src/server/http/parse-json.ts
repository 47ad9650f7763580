import { HttpProblem } from './problem.js';

/** Deeper than any request needs, and shallow enough for every recursive reader behind it. */
const MAX_DEPTH = 32;
/** Keys that turn a careless copy of an object into a change of every object. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Parses JSON that nobody has looked at.
 *
 * @throws HttpProblem `invalid-utf8`, `malformed-json`, `json-too-deep`, `forbidden-key`.
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new HttpProblem('malformed-json', 'Expected JSON, got something that cannot be parsed.');
  }
  checkJson(value);
  return value;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new HttpProblem('invalid-utf8', 'Expected UTF-8, got other bytes.');
  }
}

/**
 * Checks depth and keys of a parsed value, without recursion.
 *
 * @throws HttpProblem `json-too-deep`, `forbidden-key`.
 */
export function checkJson(root: unknown): void {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: root, depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > MAX_DEPTH) {
      throw new HttpProblem('json-too-deep', `Expected JSON of at most ${MAX_DEPTH} levels, got more.`);
    }
    for (const [key, child] of Object.entries(value)) {
      if (FORBIDDEN_KEYS.has(key)) {
        throw new HttpProblem('forbidden-key', `Expected JSON without the key "${key}".`);
      }
      open.push({ value: child, depth: depth + 1 });
    }
  }
}

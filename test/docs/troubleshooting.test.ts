import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PROBLEMS } from '../../src/server/http/problem-table.js';

const PAGE = readFileSync('docs/troubleshooting.md', 'utf8');

/** The codes of the union in the sources: a type leaves nothing behind that a test could ask. */
const LIBRARY_CODES = Array.from(
  /export type VerbatimErrorCode =([^;]*);/
    .exec(readFileSync('src/core/errors.ts', 'utf8'))?.[1]
    ?.matchAll(/'([a-z0-9-]+)'/g) ?? [],
  ([, code = '']) => code,
);

/** What the page says of a code. */
const SECTIONS = new Map(
  Array.from(PAGE.matchAll(/^### (\S+)\n\n(.*?)(?=\n#|(?![\s\S]))/gms), ([, code = '', text = '']) => [
    code,
    text,
  ]),
);

/** Sent by the server itself before there are routes; no table has it. */
const WHILE_LOADING = 'starting';

describe('docs/troubleshooting.md', () => {
  it('has every code of the library and of the server, once, and no other', () => {
    expect(LIBRARY_CODES.length).toBeGreaterThan(40);
    const codes = new Set([...LIBRARY_CODES, ...Object.keys(PROBLEMS), WHILE_LOADING]);
    expect([...SECTIONS.keys()].sort()).toEqual([...codes].sort());
    expect(PAGE.match(/^### /gm)).toHaveLength(SECTIONS.size);
  });

  it('says of each what to make of it', () => {
    for (const [code, text] of SECTIONS) expect(text.trim().length, code).toBeGreaterThan(20);
  });

  it('gives what only HTTP has the status that it is sent with', () => {
    const ofHttp = Object.entries(PROBLEMS).filter(([code]) => !LIBRARY_CODES.includes(code));
    expect(ofHttp.length).toBeGreaterThan(15);
    for (const [code, { status }] of ofHttp)
      expect(SECTIONS.get(code), code).toMatch(new RegExp(`^${status}\\b`));
  });
});

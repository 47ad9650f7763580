import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { runCli } from '../../../support/run-cli.js';

/** A site that the built command exports once for the file that calls this; gone afterwards. */
export function useExportedSite(...args: readonly string[]): () => string {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'verbatim-site-'));
    const { code, stderr } = await runCli(['export-site', '--out', path.join(folder, 'site'), ...args]);
    if (code !== 0) throw new Error(stderr);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return () => path.join(folder, 'site');
}

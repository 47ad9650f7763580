import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readPlainText } from '../../../src/ingest/index.js';
import type { SourceDocument } from '../../../src/core/document.js';
import { KnowledgeBase } from '../../../src/retriever/index.js';
import { errorOf } from '../../support/error-of.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const OPENER = fileURLToPath(new URL('../../support/open-knowledge-base.mjs', import.meta.url));
const IS_ROOT = process.getuid?.() === 0;
const NOBODY = 65534;

const text = (id: string, source: string): SourceDocument =>
  readPlainText(source, { id, title: id, uri: '' });

/** Opens a knowledge base in another process; under root as a user whom permissions hold back. */
function openElsewhere(folder: string, mode: 'read' | 'write'): string {
  const user = IS_ROOT ? { uid: NOBODY, gid: NOBODY } : {};
  return spawnSync(process.execPath, [OPENER, folder, mode], { encoding: 'utf8', ...user }).stdout.trim();
}

async function madeIn(folder: string): Promise<void> {
  await using knowledgeBase = await KnowledgeBase.open(folder, { write: true });
  await knowledgeBase.upsert([text('a', 'hub')]);
}

/** A file system of a few megabytes, or undefined where this user may not mount one. */
function smallFileSystem(): string | undefined {
  const folder = temporaryFolder();
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder]).status !== 0) return undefined;
  // The database lets go of its files when its statements are collected; the file system ends with them.
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return folder;
}

describe('a knowledge base in a place that fails', () => {
  it('keeps all before when the disk is full, and goes on once there is room', async ({ skip }) => {
    const disk = smallFileSystem();
    if (disk === undefined) return skip('mounting a small file system needs root');
    const ballast = path.join(disk, 'ballast');
    writeFileSync(ballast, Buffer.alloc(1_500_000));
    const folder = path.join(disk, 'kb');
    const knowledgeBase = await KnowledgeBase.open(folder, { write: true });
    let acknowledged = 0;
    const error = await errorOf(async () => {
      for (; acknowledged < 1000; acknowledged++) {
        await knowledgeBase.upsert([text(`d${acknowledged}`, `hub number${acknowledged} `.repeat(2000))]);
      }
    });
    expect(error).toMatchObject({
      code: 'disk-full',
      message: expect.stringContaining('all before it is intact') as string,
    });
    expect(knowledgeBase.documentCount).toBe(acknowledged);
    expect(await knowledgeBase.retrieve(`number${acknowledged - 1}`)).not.toEqual([]);
    writeFileSync(ballast, '');
    await knowledgeBase.upsert([text('after', 'thermostat')]);
    await knowledgeBase.verify();
    await knowledgeBase.close();
    await using again = await KnowledgeBase.open(folder);
    expect(again.documentCount).toBe(acknowledged + 1);
    expect(await again.retrieve('thermostat')).toHaveLength(1);
  });

  it('can be read where nothing can be written, and says that it cannot be written', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    await madeIn(folder);
    chmodSync(folder, 0o555);
    onTestFinished(() => chmodSync(folder, 0o755));
    expect(openElsewhere(folder, 'read')).toBe('found 1');
    expect(openElsewhere(folder, 'write')).toMatch(/^index-read-only: /);
  });

  it('says that permission is denied', async () => {
    const folder = temporaryFolder();
    await madeIn(folder);
    chmodSync(path.join(folder, 'index.db'), 0o000);
    chmodSync(folder, 0o755);
    expect(openElsewhere(folder, 'read')).toMatch(/^index-read-only: /);
    expect(openElsewhere(path.join(folder, 'new', 'kb'), 'write')).toMatch(
      /^index-read-only: .*permission denied/,
    );
  });

  it('does not take a file for a folder', async () => {
    const folder = temporaryFolder({ kb: 'text' });
    const error = await errorOf(() => KnowledgeBase.open(path.join(folder, 'kb'), { write: true }));
    expect(error.code).toBe('index-read-only');
    mkdirSync(path.join(folder, 'empty'));
    expect((await errorOf(() => KnowledgeBase.open(path.join(folder, 'empty')))).code).toBe(
      'index-not-found',
    );
  });

  it('refuses a second writer in another process, naming the first', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o777);
    await using knowledgeBase = await KnowledgeBase.open(folder, { write: true });
    await knowledgeBase.upsert([text('a', 'hub')]);
    const second = spawnSync(process.execPath, [OPENER, folder, 'write'], { encoding: 'utf8' }).stdout;
    expect(second).toContain(
      `index-busy: The index in ${JSON.stringify(folder)} is being written by process ${process.pid}`,
    );
    // Readers are welcome meanwhile.
    const reader = spawnSync(process.execPath, [OPENER, folder, 'read'], { encoding: 'utf8' }).stdout;
    expect(reader.trim()).toBe('found 1');
  });
});

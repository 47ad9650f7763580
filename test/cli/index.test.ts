import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { CLI, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('verbatim index', () => {
  it('keeps an index that ask, eval and tune can search', async () => {
    const docs = temporaryFolder({ 'warranty.md': '# Warranty\n\nThe warranty lasts two years.' });
    const kb = path.join(temporaryFolder(), 'kb');
    const indexed = await runCli(['index', docs, '--out', kb]);
    expect(indexed.stderr).toBe('');
    expect(indexed.stdout).toMatch(
      /^1 file, 1 of them read: 1 added, 0 changed, 0 removed in [\d.]+ s\. .* holds 1 document, 1 passage\.\n$/,
    );
    const asked = await runCli([
      'ask',
      'How long does the warranty last?',
      '--index',
      kb,
      '--threshold',
      '50',
      '--json',
    ]);
    expect(asked.code).toBe(0);
    expect(JSON.parse(asked.stdout)).toMatchObject({
      answer: 'two years',
      citations: [{ documentId: 'warranty.md', line: 3 }],
    });
    const questions = path.join(docs, 'questions.json');
    const context = 'The warranty lasts two years.';
    const qas = [
      {
        id: '1',
        question: 'How long does the warranty last?',
        answers: [{ text: 'two years', answer_start: 19 }],
      },
    ];
    writeFileSync(
      questions,
      JSON.stringify({ data: [{ title: 'Warranty', paragraphs: [{ context, qas }] }] }),
    );
    const evaluated = await runCli(['eval', questions, '--mode', 'open', '--index', kb, '--json']);
    expect(JSON.parse(evaluated.stdout)).toMatchObject({
      total: 1,
      retrieval: { recallAt: { 1: 1 }, answerRecall: 1 },
    });
  });

  it('says with its exit code and on standard error that something was left out', async () => {
    const docs = temporaryFolder({ 'a.md': 'hub', 'b.md': Buffer.from([0x80]) });
    const kb = path.join(temporaryFolder(), 'kb');
    const { code, stdout, stderr } = await runCli(['index', docs, '--out', kb, '--json']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^verbatim: \[file-invalid-utf8\] .*b\.md.* Left out\.\n$/);
    expect(JSON.parse(stdout)).toMatchObject({
      files: 2,
      added: 1,
      documents: 1,
      passages: 1,
      problems: [{ code: 'file-invalid-utf8' }],
    });
    expect((await runCli(['index', docs, '--out', kb, '--exclude', 'b.md'])).code).toBe(0);
  });

  it('verifies and compacts', async () => {
    const docs = temporaryFolder({ 'a.md': 'hub', 'b.md': 'plug' });
    const kb = path.join(temporaryFolder(), 'kb');
    await runCli(['index', docs, '--out', kb]);
    rmSync(path.join(docs, 'a.md'));
    await runCli(['index', docs, '--out', kb, '--compact']);
    const { code, stdout } = await runCli(['index', '--out', kb, '--verify']);
    expect([code, stdout]).toEqual([0, `${kb}: every checksum is right.\n`]);
  });

  it('follows changes with --watch until it is interrupted', async () => {
    const docs = temporaryFolder({ 'a.md': 'hub' });
    const kb = path.join(temporaryFolder(), 'kb');
    const watching = spawn(process.execPath, [CLI, 'index', docs, '--out', kb, '--watch', '--json']);
    const exited = once(watching, 'exit');
    const seen: number[] = [];
    for await (const line of createInterface({ input: watching.stdout })) {
      seen.push((JSON.parse(line) as { documents: number }).documents);
      // The watcher begins after the first line; writing until it is seen needs no waiting for it.
      if (seen.length === 1) {
        const writing = setInterval(() => writeFileSync(path.join(docs, 'b.md'), `plug ${Date.now()}`), 200);
        void exited.finally(() => clearInterval(writing));
      }
      if (seen.at(-1) === 2) watching.kill('SIGINT');
    }
    expect((await exited)[0]).toBe(0);
    expect(seen[0]).toBe(1);
    expect(seen.at(-1)).toBe(2);
  });

  it.each([
    [['index'], 2, 'Expected at least one path to index'],
    [['index', '/no/such/folder'], 1, '[path-not-found]'],
    [['ask', 'x', '--index', '/no/such/kb'], 1, 'verbatim index PATH --out'],
    [['ask', 'x', '--index', 'kb', '--corpus', 'docs'], 2, '--corpus'],
    [['index', '.', '--max-files', '0'], 2, 'Expected a whole number of at least 1'],
  ])('refuses %j', async (args, code, message) => {
    const folder = temporaryFolder();
    const result = await runCli(
      args.includes('--out')
        ? args
        : [...args, ...(args[0] === 'index' ? ['--out', path.join(folder, 'kb')] : [])],
    );
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(message);
  });
});

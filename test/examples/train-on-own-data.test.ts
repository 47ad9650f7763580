import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createVerbatim } from '../../src/index.js';
import { readSquadFile } from '../../src/ingest/index.js';
import { FeedbackStore } from '../../src/server/operations/feedback-store.js';
import { CLI, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const SCRIPT = path.resolve('examples/train-on-own-data/train.sh');
const script = readFileSync(SCRIPT, 'utf8');
const python = { ...process.env, PYTHONPATH: path.resolve('training') };
const hasPython = spawnSync('python3', ['-c', 'import sys; assert sys.version_info >= (3, 11)']).status === 0;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function train(folder: string, ...steps: string[]): Promise<Ended> {
  const PATH = `${folder}${path.delimiter}${process.env['PATH'] ?? ''}`;
  return new Promise((resolve) => {
    execFile(
      'sh',
      [SCRIPT, ...steps],
      { cwd: folder, env: { ...process.env, PATH } },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
  });
}

/** The commands of the script, each with its subcommands and flags. */
function commands(start: string): { readonly name: string; readonly flags: string[] }[] {
  const lines = script.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line.startsWith(start))
    .map((line) => {
      const words = line.slice(start.length).trim().split(/\s+/);
      const name = words.slice(
        0,
        words.findIndex((word) => !/^[a-z]+$/.test(word)),
      );
      return { name: name.join(' '), flags: words.filter((word) => word.startsWith('--')) };
    });
}

describe('the training example', () => {
  it('makes labelled questions and a profile of what users said', async () => {
    const folder = temporaryFolder();
    symlinkSync(CLI, path.join(folder, 'verbatim'));
    expect(
      (await runCli(['index', path.resolve('corpora/help-centre'), '--out', 'kb'], { cwd: folder })).code,
    ).toBe(0);
    // Users who know the answers, 45 questions of each kind.
    const { questions } = await readSquadFile('corpora/help-centre.questions.json');
    const store = await FeedbackStore.open(path.join(folder, 'feedback.ndjson'));
    const qa = await createVerbatim({ index: path.join(folder, 'kb') });
    for (const isAnswerable of [true, false]) {
      const asked = questions.filter(({ answers }) => answers.length > 0 === isAnswerable).slice(0, 45);
      for (const [i, { question, answers }] of asked.entries()) {
        const result = await qa.ask(question);
        const golds = answers.map(({ text }) => text);
        const isRight = result.kind === 'answer' ? golds.includes(result.answer) : !isAnswerable;
        await store.add({
          answerId: `${String(isAnswerable)} ${i}`,
          verdict: isRight ? 'right' : 'wrong',
          ...(isRight || golds[0] === undefined ? {} : { correctAnswer: golds[0] }),
          question,
          result,
          receivedAt: '2026-11-21T08:00:00Z',
        });
      }
    }
    await qa.close();
    await store.close();
    const { code, stdout, stderr } = await train(folder, 'export', 'tune');
    expect([code, stderr]).toEqual([0, '== export\n== tune\n']);
    expect(stdout).toMatch(/^Wrote work\/questions\.json: \d+ answerable and \d+ unanswerable questions\./);
    expect(existsSync(path.join(folder, 'work/profile.json'))).toBe(true);
    const answer = await runCli(
      ['ask', 'How long is the warranty?', '--index', 'kb', '--profile', 'work/profile.json', '--json'],
      { cwd: folder },
    );
    expect([0, 3]).toContain(answer.code);
  });

  it('refuses a step that there is not, before it does any', async () => {
    const folder = temporaryFolder();
    const { code, stderr } = await train(folder, 'export', 'frobnicate');
    expect([code, stderr]).toEqual([
      2,
      'train.sh: Expected export, tune, prepare, train, calibrate or evaluate, got frobnicate.\n',
    ]);
    expect(existsSync(path.join(folder, 'work'))).toBe(false);
  });

  it('uses commands of verbatim that there are, with flags that they take', async () => {
    const used = commands('verbatim');
    expect(new Set(used.map(({ name }) => name))).toEqual(new Set(['feedback export', 'tune', 'eval']));
    for (const { name, flags } of used) {
      const { code, stdout } = await runCli([...name.split(' '), '--help']);
      expect([name, code]).toEqual([name, 0]);
      for (const flag of flags) expect(stdout).toMatch(new RegExp(`${flag}\\b`));
    }
  });

  it.runIf(hasPython)(
    'uses commands of the training package that there are, with flags that they take',
    () => {
      const used = commands('python3 -m verbatim_training');
      expect(used.map(({ name }) => name)).toEqual(['prepare', 'train', 'export', 'calibrate']);
      for (const { name, flags } of used) {
        const { status, stdout } = spawnSync('python3', ['-m', 'verbatim_training', name, '--help'], {
          env: python,
          encoding: 'utf8',
        });
        expect([name, status]).toEqual([name, 0]);
        for (const flag of flags) expect(stdout).toMatch(new RegExp(`${flag}\\b`));
      }
    },
  );

  it('writes the recipe that the page on training explains', () => {
    const recipe = /^\[\[source\]\]\n[^]*?(?=^RECIPE$)/m.exec(script)?.[0] ?? '';
    const page = readFileSync('docs/train-on-your-own-data.md', 'utf8');
    const keys = Array.from(recipe.matchAll(/^(\w+) = /gm), ([, key]) => key);
    expect(keys.length).toBeGreaterThan(3);
    for (const key of keys) expect(page).toContain(`${key ?? ''} = `);
  });
});

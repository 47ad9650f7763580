import { describe, expect, it } from 'vitest';
import type { Comparison, JudgedQuestion } from '../../src/evaluation/index.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const question = (id: string, article: string, exact: number): JudgedQuestion => ({
  id,
  article,
  answerable: true,
  exact,
  f1: exact,
  confidence: 0.5,
  correct: exact === 1,
});
const saved = (...questions: unknown[]): string => JSON.stringify({ exact: 0, questions });

const A = saved(question('1', 'x', 0), question('2', 'y', 1), question('3', 'y', 1));
const B = saved(question('1', 'x', 1), question('2', 'y', 1), question('4', 'z', 0));

/** Runs the comparison in the folder of the files. */
const compare = (files: Readonly<Record<string, string>>, ...args: string[]) =>
  runCli(['eval', '--compare', ...args], { cwd: temporaryFolder(files) });

describe('verbatim eval --compare', () => {
  it('prints both runs, their difference and its interval', async () => {
    const { code, stdout, stderr } = await compare({ 'a.json': A, 'b.json': B }, 'a.json', 'b.json');
    expect([code, stderr]).toEqual([0, '']);
    // Of two articles, one improves by 100 and one by 0: resamples improve by 0, 50 or 100.
    expect(stdout).toBe(
      [
        '2 questions of 2 articles in both; 1 only in a.json; 1 only in b.json.',
        '',
        '                   a.json  b.json  difference        95% interval',
        'exact               50.00  100.00      +50.00    +0.00 to +100.00',
        'F1                  50.00  100.00      +50.00    +0.00 to +100.00',
        'answerable F1       50.00  100.00      +50.00    +0.00 to +100.00',
        'AURC               0.5000  0.0000     −0.5000  −1.0000 to +0.0000',
        'calibration error  0.0000  0.5000     +0.5000  +0.0000 to +0.5000',
        '',
      ].join('\n'),
    );
  });

  it('prints JSON', async () => {
    const { stdout } = await compare({ 'a.json': A, 'b.json': B }, 'a.json', 'b.json', '--json');
    const { questions, onlyInA, onlyInB, differences } = JSON.parse(stdout) as Comparison;
    expect([questions, onlyInA, onlyInB]).toEqual([2, 1, 1]);
    expect(differences.exact).toEqual({
      a: 50,
      b: 100,
      difference: 50,
      interval: { low: 0, high: 100 },
    });
  });

  it('compares what the command itself has saved', async () => {
    const squad = JSON.stringify({
      data: [{ title: 'T', paragraphs: [{ context: 'It is 5.', qas: [{ id: 'q', question: 'What?' }] }] }],
    });
    const folder = temporaryFolder({ 'q.json': squad, 'p.json': '{"q": ""}' });
    const { stdout } = await runCli(['eval', 'q.json', '-p', 'p.json', '--json'], { cwd: folder });
    const { code, stdout: comparison } = await compare({ 's.json': stdout }, 's.json', 's.json');
    expect(code).toBe(0);
    expect(comparison).toMatch(/^1 question of 1 article in both\.$/m);
    expect(comparison).toMatch(/^unanswerable F1 +100\.00 +100\.00 +\+0\.00 +–$/m);
  });

  it.each([
    ['one file', ['a.json'], 2, 'Expected --compare to name 2 files, got 1: "a.json".'],
    ['three files', ['a.json', 'b.json', 'c.json'], 2, 'to name 2 files, got 3: "a.json" "b.json" "c.json".'],
    ['a file that does not exist', ['a.json', 'none.json'], 1, 'Cannot read the saved result in "none.json"'],
    ['what is no JSON', ['a.json', 'nan.json'], 1, 'Cannot read the saved result in "nan.json"'],
    [
      'other JSON',
      ['squad.json', 'a.json'],
      1,
      '--compare: "squad.json" was not saved by verbatim eval --json: questions',
    ],
    [
      'a figure out of range',
      ['range.json', 'a.json'],
      1,
      '"range.json" was not saved by verbatim eval --json: questions.0',
    ],
    ['a question twice', ['twice.json', 'a.json'], 1, '"twice.json": question id "1" stands twice.'],
    [
      'runs that share no question',
      ['a.json', 'other.json'],
      1,
      'got 3 and 1 questions of which none has the same id',
    ],
    [
      'an option of a run',
      ['a.json', 'b.json', '--report', 'r.html'],
      2,
      "cannot be used with option '-r, --report <file>'",
    ],
  ])('refuses %s', async (_what, args, exitCode, message) => {
    const files = {
      'a.json': A,
      'b.json': B,
      'nan.json': '{"questions": [{"f1": NaN}]}',
      'squad.json': '{"data": []}',
      'range.json': saved({ ...question('1', 'x', 1), confidence: 7, f1: 100 }),
      'twice.json': saved(question('1', 'x', 1), question('1', 'x', 1)),
      'other.json': saved(question('9', 'x', 1)),
    };
    const { code, stdout, stderr } = await compare(files, ...args);
    expect([code, stdout]).toEqual([exitCode, '']);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^verbatim: \[[a-z-]+\] .*\n$/);
  });
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { SquadMetrics } from '../../src/evaluation/index.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const context = 'The bridge opened in 1932. It was designed by Ralph Freeman and painted grey.';
const question = (id: string, text: string, answer?: string): unknown => ({
  id,
  question: text,
  is_impossible: answer === undefined,
  answers: answer === undefined ? [] : [{ text: answer, answer_start: context.indexOf(answer) }],
});
const SQUAD = JSON.stringify({
  version: 'v2.0',
  data: [
    {
      title: 'Bridge',
      paragraphs: [
        {
          context,
          qas: [
            question('a', 'When did the bridge open?', '1932'),
            question('b', 'Who designed the bridge?', 'Ralph Freeman'),
            question('c', 'How many trains cross the bridge daily?'),
          ],
        },
      ],
    },
  ],
});

describe('verbatim eval', () => {
  it('reads each question with its own paragraph and prints the official figures', async () => {
    const file = path.join(temporaryFolder({ 'q.json.gz': gzipSync(SQUAD) }), 'q.json.gz');
    const { code, stdout } = await runCli(['eval', file, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      exact: 100,
      f1: 100,
      total: 3,
      HasAns_exact: 100,
      HasAns_f1: 100,
      HasAns_total: 2,
      NoAns_exact: 100,
      NoAns_f1: 100,
      NoAns_total: 1,
    });
    expect((await runCli(['eval', file])).stdout).toMatch(/^all +100\.0000 +100\.0000 +3$/m);
  });

  it('withholds answers by the threshold that was given', async () => {
    const file = path.join(temporaryFolder({ 'q.json': SQUAD }), 'q.json');
    const never = JSON.parse(
      (await runCli(['eval', file, '--json', '--threshold', '1000'])).stdout,
    ) as SquadMetrics;
    expect([never.HasAns_exact, never.NoAns_exact]).toEqual([100, 0]);
    const always = JSON.parse(
      (await runCli(['eval', file, '--json', '--threshold', '-1000'])).stdout,
    ) as SquadMetrics;
    expect([always.HasAns_exact, always.NoAns_exact]).toEqual([0, 100]);
  });

  it('finds the passages itself in open mode, in a corpus or in the paragraphs of the file', async () => {
    const folder = temporaryFolder({ 'q.json': SQUAD, 'docs/bridge.txt': context });
    const file = path.join(folder, 'q.json');
    const own = JSON.parse((await runCli(['eval', file, '--mode', 'open', '--json'])).stdout) as SquadMetrics;
    expect([own.total, own.HasAns_exact]).toEqual([3, 100]);
    const args = ['eval', file, '--mode', 'open', '--corpus', path.join(folder, 'docs'), '--json'];
    expect(JSON.parse((await runCli(args)).stdout)).toMatchObject({ total: 3, HasAns_exact: 100 });
  });

  it('writes predictions, whole or not at all, and scores them again', async () => {
    const folder = temporaryFolder({ 'q.json': SQUAD });
    const file = path.join(folder, 'q.json');
    const out = path.join(folder, 'predictions.json');
    const read = await runCli(['eval', file, '--out', out]);
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual({ a: '1932', b: 'Ralph Freeman', c: '' });
    expect(readdirSync(folder).sort()).toEqual(['predictions.json', 'q.json']);
    expect((await runCli(['eval', file, '--predictions', out])).stdout).toBe(read.stdout);
  });

  it('says how many questions have no prediction', async () => {
    const folder = temporaryFolder({ 'q.json': SQUAD, 'p.json': '{"a": "1932"}' });
    const { code, stderr } = await runCli([
      'eval',
      path.join(folder, 'q.json'),
      '-p',
      path.join(folder, 'p.json'),
    ]);
    expect([code, stderr]).toEqual([
      0,
      'verbatim: 1 of 3 questions have a prediction; the figures are theirs.\n',
    ]);
  });

  it('prints the figures so far when it is interrupted', async () => {
    const data = (JSON.parse(SQUAD) as { data: unknown[] }).data;
    const many = Array.from({ length: 2000 }, (_, i) =>
      JSON.stringify(data[0]).replaceAll(/"id":"(\w)"/g, `"id":"$1${i}"`),
    );
    const file = path.join(temporaryFolder({ 'q.json': `{"data": [${many.join(',')}]}` }), 'q.json');
    const { code, stdout, stderr } = await runCli(['eval', file, '--json'], { interruptAfterMs: 3000 });
    expect(code).toBe(130);
    const { total } = JSON.parse(stdout) as SquadMetrics;
    expect(total).toBeGreaterThan(0);
    expect(total).toBeLessThan(6000);
    expect(stderr).toContain(`${total} of 6000 questions have a prediction`);
  });

  it.each([
    ['no file', ['eval'], 2, 'invalid-option'],
    ['a file that does not exist', ['eval', 'no-such.json'], 1, 'path-not-found'],
    ['a folder', ['eval', 'corpora'], 1, 'file-unreadable'],
    ['JSON that is not SQuAD', ['eval', 'package.json'], 1, 'dataset-invalid'],
    ['an unknown mode', ['eval', 'package.json', '--mode', 'closed'], 2, 'invalid-option'],
    [
      'predictions that are no such file',
      ['eval', 'corpora/handbook.questions.json', '-p', 'tsconfig.json'],
      1,
      'dataset-invalid',
    ],
  ])('refuses %s', async (_what, args, exitCode, errorCode) => {
    const { code, stdout, stderr } = await runCli(args);
    expect([code, stdout]).toEqual([exitCode, '']);
    expect(stderr).toMatch(new RegExp(`^verbatim: \\[${errorCode}\\] .*\n$`));
  });

  it('reports a place that cannot be written to, and leaves nothing behind', async () => {
    const file = path.join(temporaryFolder({ 'q.json': SQUAD, 'p.json': '{"a": "1932"}' }), 'q.json');
    const out = path.join(path.dirname(file), 'no/such/folder/out.json');
    const { code, stderr } = await runCli([
      'eval',
      file,
      '-p',
      path.join(path.dirname(file), 'p.json'),
      '-o',
      out,
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain('[file-unwritable] Cannot write');
    expect(existsSync(path.dirname(out))).toBe(false);
  });
});

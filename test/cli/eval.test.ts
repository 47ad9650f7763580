import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { EvaluationSummary, SquadMetrics } from '../../src/evaluation/index.js';
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
    const { code, stdout, stderr } = await runCli(['eval', file, '--json']);
    expect(code).toBe(0);
    const { selective, latency, questions, ...official } = JSON.parse(stdout) as EvaluationSummary;
    expect(official).toEqual({
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
    // Two right candidates, and one for a question that has no answer, which is wrong whatever it is.
    expect(selective).toMatchObject({
      aurc: expect.any(Number) as number,
      brier: expect.any(Number) as number,
    });
    expect(selective?.bins.reduce((sum, { count }) => sum + count, 0)).toBe(3);
    expect(latency).toMatchObject({ unit: 'ms', questions: 3 });
    expect(latency?.p50).toBeLessThanOrEqual(latency?.p95 ?? 0);
    expect(
      questions.map(({ id, article, exact, ...rest }) => [
        id,
        article,
        exact,
        'correct' in rest && rest.correct,
      ]),
    ).toEqual([
      ['a', 'Bridge', 1, true],
      ['b', 'Bridge', 1, true],
      ['c', 'Bridge', 1, false],
    ]);
    // One line a question, so that saved results can be compared line by line.
    expect(stdout.split('\n').filter((line) => line.includes('"id":')).length).toBe(3);
    expect(stderr).toBe(
      'verbatim: all questions are of one article; intervals need at least 2 and are left out.\n',
    );
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
    const own = JSON.parse(
      (await runCli(['eval', file, '--mode', 'open', '--json'])).stdout,
    ) as EvaluationSummary;
    expect([own.total, own.HasAns_exact]).toEqual([3, 100]);
    const found = { recallAt: { '1': 1, '5': 1, '10': 1 }, mrr: 1, ndcgAt: { '10': 1 }, answerRecall: 1 };
    expect(own.retrieval).toEqual(found);
    const args = ['eval', file, '--mode', 'open', '--corpus', path.join(folder, 'docs'), '--json'];
    expect(JSON.parse((await runCli(args)).stdout)).toMatchObject({
      total: 3,
      HasAns_exact: 100,
      retrieval: found,
    });
  });

  it('writes predictions, whole or not at all, and scores them again', async () => {
    const folder = temporaryFolder({ 'q.json': SQUAD });
    const file = path.join(folder, 'q.json');
    const out = path.join(folder, 'predictions.json');
    const read = await runCli(['eval', file, '--out', out]);
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual({ a: '1932', b: 'Ralph Freeman', c: '' });
    expect(readdirSync(folder).sort()).toEqual(['predictions.json', 'q.json']);
    const scored = (await runCli(['eval', file, '--predictions', out])).stdout;
    expect(scored.split('\n').length).toBe(5);
    expect(read.stdout).toMatch(new RegExp(`^${scored}\n`));
  });

  it('says how many questions have no prediction', async () => {
    const folder = temporaryFolder({ 'q.json': SQUAD, 'p.json': '{"a": "1932"}' });
    const { code, stderr } = await runCli([
      'eval',
      path.join(folder, 'q.json'),
      '-p',
      path.join(folder, 'p.json'),
    ]);
    expect(code).toBe(0);
    expect(stderr).toContain('verbatim: 1 of 3 questions have a prediction; the figures are theirs.\n');
  });

  it('prints the figures so far when it is interrupted', async () => {
    const data = (JSON.parse(SQUAD) as { data: unknown[] }).data;
    const many = Array.from({ length: 2000 }, (_, i) =>
      JSON.stringify(data[0]).replaceAll(/"id":"(\w)"/g, `"id":"$1${i}"`),
    );
    const file = path.join(temporaryFolder({ 'q.json': `{"data": [${many.join(',')}]}` }), 'q.json');
    const { code, stdout, stderr } = await runCli(['eval', file, '--json'], { interruptAfterMs: 3000 });
    expect(code).toBe(130);
    const { total, questions, latency } = JSON.parse(stdout) as EvaluationSummary;
    expect(total).toBeGreaterThan(0);
    expect(total).toBeLessThan(6000);
    expect([questions.length, latency]).toEqual([total, undefined]);
    expect(stderr).toContain(`${total} of 6000 questions have a prediction`);
  });

  it.each([
    ['no file', ['eval'], 2, 'invalid-option'],
    ['a file that does not exist', ['eval', 'no-such.json'], 1, 'path-not-found'],
    ['a folder', ['eval', 'corpora'], 1, 'file-unreadable'],
    ['JSON that is not SQuAD', ['eval', 'package.json'], 1, 'dataset-invalid'],
    ['an unknown mode', ['eval', 'package.json', '--mode', 'closed'], 2, 'invalid-option'],
    ['questions beside a comparison', ['eval', 'package.json', '--compare', 'a', 'b'], 2, 'invalid-option'],
    ['a report of predictions', ['eval', 'x', '-p', 'p', '--report', 'r'], 2, 'invalid-option'],
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

  it.each(['--out', '--report'])(
    'checks before it reads that the file of %s can be written',
    async (option) => {
      const folder = temporaryFolder({ 'q.json': SQUAD, 'taken/x': '' });
      for (const place of ['no/such/folder/file', 'taken']) {
        const { code, stdout, stderr } = await runCli([
          'eval',
          path.join(folder, 'q.json'),
          option,
          path.join(folder, place),
        ]);
        expect([code, stdout]).toEqual([1, '']);
        expect(stderr).toMatch(/^verbatim: \[file-unwritable\] Cannot write .*\n$/);
      }
      expect(readdirSync(folder).sort()).toEqual(['q.json', 'taken']);
    },
  );

  it.each([
    ['a question id twice', SQUAD.replace('"id":"b"', '"id":"a"'), 'question id "a" stands twice'],
    [
      'an answer at the wrong place',
      SQUAD.replace('"answer_start":21', '"answer_start":22'),
      'does not stand at',
    ],
    [
      'an offset that is no number',
      SQUAD.replace('"answer_start":21', '"answer_start":NaN'),
      'not a SQuAD JSON',
    ],
  ])('refuses %s', async (_what, squad, message) => {
    const file = path.join(temporaryFolder({ 'q.json': squad }), 'q.json');
    expect(squad).not.toBe(SQUAD);
    const { code, stderr } = await runCli(['eval', file]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^verbatim: \[dataset-invalid\] .*\n$/);
    expect(stderr).toContain(message);
  });

  it('writes a report with the wrong answers as they are written', async () => {
    const tag = '<script>alert(now)</script>';
    const text = `${tag} ${context}`;
    const answers = [{ text: tag, answer_start: 0 }];
    const qas = [{ id: 'd', question: `When did the bridge open? ${tag}`, answers }];
    const squad = JSON.stringify({ data: [{ title: tag, paragraphs: [{ context: text, qas }] }] });
    const folder = temporaryFolder({ 'q.json': squad });
    const report = path.join(folder, 'report.html');
    const { code, stdout } = await runCli([
      'eval',
      path.join(folder, 'q.json'),
      '--mode',
      'open',
      '--report',
      report,
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^all +0\.0000/m);
    expect(readdirSync(folder).sort()).toEqual(['q.json', 'report.html']);
    const page = readFileSync(report, 'utf8');
    expect(page).toContain('Evaluation of q.json');
    expect(page).toContain('When did the bridge open? &#60;script&#62;alert(now)&#60;/script&#62;');
    expect(page).toContain('<mark class="gold">&#60;script&#62;alert(now)&#60;/script&#62;</mark>');
    expect(page).not.toMatch(/<script|https?:/);
  });
});

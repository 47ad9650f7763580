import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AnswerResult, StoredProfile } from '../../src/pipeline/index.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const HANDBOOK = ['corpora/handbook.questions.json', '--corpus', 'corpora/handbook', '--top-k', '2'];

describe('verbatim tune', () => {
  it('fits a profile that ask and eval decide by', async () => {
    const folder = temporaryFolder();
    const out = path.join(folder, 'profile.json');
    const tuned = await runCli(['tune', ...HANDBOOK, '--out', out, '--target-precision', '0.8']);
    expect(tuned).toMatchObject({ code: 0, stderr: '' });
    expect(tuned.stdout).toMatch(
      /answered +precision\nnull-score +\d+\.\d\d +\d+\.\d\d +\d+\.\d% +\d+\.\d%\n/,
    );
    expect(tuned.stdout).toContain(`Wrote ${out}.`);
    const profile = JSON.parse(readFileSync(out, 'utf8')) as StoredProfile;
    // 63 unanswerable questions are too few to weigh retrieval.
    expect(profile).toMatchObject({
      aggregation: 'null-score',
      topK: 2,
      questions: 181,
      unanswerableShare: 0.5,
    });

    const asked = await runCli([
      'ask',
      'What is the default retention time of a topic?',
      '--corpus',
      'corpora/handbook',
      '--profile',
      out,
      '--json',
    ]);
    expect((JSON.parse(asked.stdout) as AnswerResult).threshold).toBe(profile.threshold);

    const fusion = path.join(folder, 'fusion.json');
    const json = await runCli(['tune', ...HANDBOOK, '--out', fusion, '--aggregation', 'fusion', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      profile: JSON.parse(readFileSync(fusion, 'utf8')) as object,
      crossValidated: { f1: expect.any(Number) as number },
      nullScore: { precision: expect.any(Number) as number },
    });
    const explained = await runCli([
      'ask',
      'What is the default retention time of a topic?',
      '--corpus',
      'corpora/handbook',
      '--profile',
      fusion,
      '--explain',
    ]);
    expect(explained.stdout).toMatch(/Score of .+: -?\d+\.\d{3}\nfeature +value +weight +adds\nmargin /);
  });

  it.each([
    [['--target-precision', '1.5'], 2, 'Expected a number from 0 to 1, got "1.5"'],
    [['--target-precision', '0.9', '--target-coverage', '0.5'], 2, 'cannot be used with option'],
    [['--unanswerable-share', 'half'], 2, 'Expected a number, got "half"'],
    [['--out', 'absent/folder/profile.json'], 1, 'absent/folder/profile.json'],
  ])('refuses %j', async (flags, code, message) => {
    const result = await runCli(['tune', ...HANDBOOK, ...flags]);
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(message);
    expect(result.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('says how many questions are needed', async () => {
    const folder = temporaryFolder({
      'q.json': JSON.stringify({
        data: [
          { title: 'T', paragraphs: [{ context: 'A lamp.', qas: [{ id: '1', question: 'What lamp?' }] }] },
        ],
      }),
    });
    const out = path.join(folder, 'profile.json');
    const result = await runCli(['tune', path.join(folder, 'q.json'), '--out', out]);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain(
      '[tuning-set-unfit] Expected at least 30 answerable and 30 unanswerable questions',
    );
    expect(existsSync(out)).toBe(false);
  });

  it('writes nothing when it is interrupted', async () => {
    const out = path.join(temporaryFolder(), 'profile.json');
    const result = await runCli(['tune', 'corpora/encyclopedia.questions.json', '--out', out], {
      interruptAfterMs: 5000,
    });
    expect(result.code).toBe(130);
    expect(result.stderr).toMatch(/interrupted after \d+ of 238 questions; nothing was written/);
    expect(existsSync(out)).toBe(false);
  });

  it('refuses a profile of another model', async () => {
    const file = path.join(
      temporaryFolder({
        'p.json': JSON.stringify({
          format: 2,
          model: { id: 'other', revision: '1' },
          topK: 10,
          unanswerableShare: 0.5,
          fittedOn: 'x',
          questions: 100,
          aggregation: 'null-score',
          threshold: 0,
          calibration: { slope: 1, intercept: 0 },
        }),
      }),
      'p.json',
    );
    for (const args of [
      ['ask', 'How long?'],
      ['eval', 'corpora/handbook.questions.json'],
    ]) {
      const result = await runCli([...args, '--profile', file]);
      expect(result.code).toBe(1);
      expect(result.stderr).toContain('was fitted with the model other (revision 1)');
    }
  });
});

import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';

const PROGRAM = path.resolve('examples/batch-csv/answer-csv.mjs');
const CORPUS = path.resolve('corpora/help-centre/warranty');

interface Ended {
  readonly code: number;
  readonly stderr: string;
}

async function answer(folder: string, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args], { cwd: folder }, (error, _stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stderr });
    });
  });
}

const answerHelpCentre = (folder: string): Promise<Ended> =>
  answer(folder, 'questions.csv', 'answers.csv', '--corpus', CORPUS);

function rows(folder: string): Record<string, string>[] {
  return parse(readFileSync(path.join(folder, 'answers.csv')), { columns: true });
}

const QUESTIONS = [
  'How long is the warranty?',
  'Who composed the opera about the thermostat?',
  ' ',
  'What, "exactly", is\nthe warranty?',
  'How long is the warranty?',
];
const CSV = `\ufeffid,question\r\n${QUESTIONS.map((question, i) => `${i},"${question.replaceAll('"', '""')}"`).join('\r\n')}\r\n`;

describe('the CSV example', () => {
  it('answers each question in its row, with the citation', async () => {
    const folder = temporaryFolder({ 'questions.csv': CSV });
    const { code, stderr } = await answerHelpCentre(folder);
    expect([code, stderr]).toEqual([0, '5 questions answered: answers.csv\n']);
    const answers = rows(folder);
    expect(answers.map(({ question }) => question)).toEqual(QUESTIONS);
    expect(answers.map(({ kind }) => kind)).toEqual([
      'answer',
      'no-answer',
      'error',
      expect.any(String),
      'answer',
    ]);
    expect(answers[0]).toMatchObject({
      answer: 'two years',
      documentId: 'standard-warranty.md',
      error: '',
    });
    const [start, end] = [Number(answers[0]?.['start']), Number(answers[0]?.['end'])];
    expect(end - start).toBe('two years'.length);
    expect(answers[0]?.['sentence']).toContain('two years');
    expect(answers[2]?.['error']).toContain('[empty-question]');
    expect(answers[4]).toEqual(answers[0]);
    expect(readFileSync(path.join(folder, 'answers.csv'), 'utf8')).toMatch(
      /^question,kind,answer,[\w,]+\r\n[^]*\r\n$/,
    );
  });

  describe('after it was killed', () => {
    const first = mkdtempSync(path.join(tmpdir(), 'verbatim-test-'));
    beforeAll(async () => {
      writeFileSync(path.join(first, 'questions.csv'), CSV);
      expect((await answerHelpCentre(first)).code).toBe(0);
    });
    afterAll(() => rmSync(first, { recursive: true }));

    it.each<[string, (whole: Buffer) => number]>([
      ['within the header', () => 5],
      ['within a row', (whole) => whole.indexOf('two years')],
      [
        'within quotes, after a line break there',
        (whole) => whole.indexOf('\n', whole.indexOf('exactly')) + 1,
      ],
      ['before the last line break', (whole) => whole.length - 1],
    ])('goes on and gives what one run gives: %s', async (_, cut) => {
      const whole = readFileSync(path.join(first, 'answers.csv'));
      const folder = temporaryFolder({ 'questions.csv': CSV, 'answers.csv': whole.subarray(0, cut(whole)) });
      expect((await answerHelpCentre(folder)).code).toBe(0);
      expect(readFileSync(path.join(folder, 'answers.csv'), 'utf8')).toBe(whole.toString());
    });
  });

  it('keeps what it has when it is stopped in the middle', async () => {
    const questions = Array.from({ length: 130 }, (_, i) => `How long is warranty ${i}?`);
    const folder = temporaryFolder({ 'questions.csv': `question\n${questions.join('\n')}\n` });
    const child = spawn(process.execPath, [PROGRAM, 'questions.csv', 'answers.csv', '--corpus', CORPUS], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await new Promise((resolve) => child.stderr.once('data', resolve));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    const kept = rows(folder).map(({ question }) => question);
    expect(kept.length).toBeGreaterThanOrEqual(100);
    expect(kept).toEqual(questions.slice(0, kept.length));
  });

  it.each<[readonly string[], number, RegExp]>([
    [[], 2, /^Usage: /],
    [['questions.csv', 'answers.csv'], 2, /^Usage: /],
    [['questions.csv', 'answers.csv', '--index', 'a', '--corpus', 'b'], 2, /^Usage: /],
    [['questions.csv', 'answers.csv', '--frobnicate'], 2, /Usage: /],
    [['other.csv', 'answers.csv', '--corpus', CORPUS], 2, /another question in row 2\./],
    [['questions.csv', 'notes.csv', '--corpus', CORPUS], 2, /a file that begins otherwise/],
    [
      ['headless.csv', 'new.csv', '--corpus', CORPUS],
      2,
      /Expected a column "question" in headless\.csv, got q\./,
    ],
    [['missing.csv', 'new.csv', '--corpus', CORPUS], 1, /missing\.csv/],
    [['broken.csv', 'new.csv', '--corpus', CORPUS], 1, /quote/i],
    [['questions.csv', 'new.csv', '--index', 'missing'], 1, /^\[index-not-found\]/],
  ])('refuses what it cannot do, and leaves the files as they are: %j', async (args, code, message) => {
    const files = {
      'questions.csv': 'question\nHow long is the warranty?\n',
      'answers.csv':
        'question,kind,answer,confidence,documentId,uri,start,end,sentence,error\r\nHow long is the warranty?,no-answer,,,,,,,,\r\n',
      'other.csv': 'question\nWho?\n',
      'headless.csv': 'q\nWho?\n',
      'broken.csv': 'question\n"Who\n',
      'notes.csv': 'my,notes\n1,2\n',
    };
    const folder = temporaryFolder(files);
    expect(await answer(folder, ...args)).toEqual({ code, stderr: expect.stringMatching(message) as string });
    for (const [name, text] of Object.entries(files))
      expect(readFileSync(path.join(folder, name), 'utf8')).toBe(text);
  });
});

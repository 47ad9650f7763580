import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readSquadFile } from '../../src/ingest/index.js';
import { runCli } from '../support/run-cli.js';
import { startServerProcess } from '../support/server-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

it('writes the verdicts that a server took as SQuAD JSON, with the passages of its index', async () => {
  const cwd = temporaryFolder({
    'docs/battery.md': '# Battery 🔋\n\nThe battery lasts two years. A spare costs 12 euros with shipping.\n',
  });
  expect((await runCli(['index', 'docs', '--out', 'kb'], { cwd })).code).toBe(0);
  const server = await startServerProcess(
    ['--index', 'kb', '--read-only', '--feedback', 'feedback.ndjson', '--workers', '1'],
    { cwd },
  );
  const judge = async (question: string, verdict: object): Promise<string> => {
    const answer = (await (await server.call('/v1/answer', { question })).json()) as {
      answerId: string;
      kind: string;
    };
    const taken = await server.call('/v1/feedback', { answerId: answer.answerId, ...verdict });
    expect(taken.status).toBe(201);
    return answer.kind;
  };
  expect(await judge('How long does the battery last?', { verdict: 'right' })).toBe('answer');
  await judge('What is the price of a spare battery?', { verdict: 'wrong', correctAnswer: '12 euros' });
  await judge('How many years does the battery last on the Moon?', { verdict: 'wrong' });
  server.child.kill('SIGKILL');
  await server.ended;

  const args = [
    'feedback',
    'export',
    '--feedback',
    'feedback.ndjson',
    '--index',
    'kb',
    '--out',
    'questions.json',
  ];
  const exported = await runCli(args, { cwd });
  expect([exported.code, exported.stderr]).toEqual([0, '']);
  const { questions, paragraphs } = await readSquadFile(path.join(cwd, 'questions.json'));
  expect(paragraphs.map(({ text }) => text)).toEqual([
    'The battery lasts two years. A spare costs 12 euros with shipping.',
  ]);
  expect(questions.find(({ question }) => question.startsWith('How long'))?.answers[0]?.text).toBe(
    'two years',
  );
  expect(questions.find(({ question }) => question.startsWith('What'))?.answers[0]?.text).toBe('12 euros');
  expect(exported.stdout).toMatch(/^Wrote questions\.json: \d answerable and \d unanswerable questions\.\n/);
  const again = await runCli([...args, '--json'], { cwd });
  expect(JSON.parse(again.stdout)).toMatchObject({ damaged: 0, replaced: 0 });

  const evaluated = await runCli(['eval', 'questions.json', '--mode', 'open', '--index', 'kb', '--json'], {
    cwd,
  });
  expect(JSON.parse(evaluated.stdout)).toMatchObject({ total: questions.length });
});

it('writes nothing where no verdict gives a question, and needs the file of verdicts', async () => {
  const cwd = temporaryFolder({ 'feedback.ndjson': 'damaged\n' });
  const none = await runCli(['feedback', 'export', '--feedback', 'feedback.ndjson'], { cwd });
  expect([none.code, none.stderr]).toEqual([
    1,
    'verbatim: [dataset-invalid] Expected verdicts that give a labelled question in feedback.ndjson, got 0 that give none.\n',
  ]);
  expect(() => readFileSync(path.join(cwd, 'feedback.json'))).toThrow();
  expect((await runCli(['feedback', 'export'], { cwd })).code).toBe(2);
});

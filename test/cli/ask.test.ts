import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AnswerResult } from '../../src/index.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const ANSI = /\u001b\[/;

describe('verbatim ask', () => {
  it('answers from the shipped help centre: answer, confidence, sentence, heading path, file with line', async () => {
    const { code, stdout, stderr } = await runCli(['ask', 'How long is the warranty?']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^two years {3}confidence \d+%\n/);
    const [, file, line] = /^ {2}(\S+\.md):(\d+)$/m.exec(stdout) ?? [];
    expect(readFileSync(file ?? '', 'utf8').split('\n')[Number(line) - 1]).toContain('two years');
    expect(stdout).not.toMatch(ANSI);
  });

  it('says "no answer" with the reason and exits with 3', async () => {
    const { code, stdout } = await runCli(['ask', 'Who composed the opera about the thermostat?']);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^No answer: none of the 10 passages read supports one\.\n/);
    expect(stdout).toContain('Closest, but rejected:');
    const unknown = await runCli(['ask', 'Xylophonists?']);
    expect([unknown.code, unknown.stdout]).toEqual([
      3,
      'No answer: nothing in the documents shares a word with the question.\n',
    ]);
  });

  it("prints the library's result as JSON", async () => {
    const { code, stdout } = await runCli([
      'ask',
      'How long is the warranty?',
      '--json',
      '--explain',
      '-k',
      '4',
    ]);
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as AnswerResult;
    // The first two are enough.
    expect(result).toMatchObject({ kind: 'answer', answer: 'two years', passagesRead: 2 });
    expect(result.explanation).toHaveLength(2);
    expect(result.kind === 'answer' && Object.keys(result.citations[0] ?? {}).sort()).toEqual([
      'documentId',
      'end',
      'headings',
      'line',
      'link',
      'quote',
      'sentence',
      'start',
      'title',
      'uri',
    ]);
  });

  it('searches files and folders of one’s own, and reports a damaged file without giving up', async () => {
    const folder = temporaryFolder({
      'docs/a.md': '# Bridge\n\nThe bridge opened in 1932.',
      'docs/bad.txt': Uint8Array.from([0xff, 0xff]),
      'b.txt': 'The tunnel opened in 1994.',
    });
    const paths = [path.join(folder, 'docs'), path.join(folder, 'b.txt')];
    const { code, stdout, stderr } = await runCli(['ask', 'When did the tunnel open?', '--corpus', ...paths]);
    expect([code, stdout.slice(0, 4)]).toEqual([0, '1994']);
    expect(stderr).toMatch(/^verbatim: \[file-invalid-utf8\] .*bad\.txt" is not valid UTF-8.* Left out\.\n$/);
  });

  it('shows the numbers of every passage with --explain', async () => {
    const ask = ['ask', 'How long is the warranty?', '--explain', '--top-k', '3', '--min-confidence', '0.1'];
    const { stdout } = await runCli(ask);
    expect(stdout).toMatch(/Score of two years: \d\.\d{3}\n.*\nmargin /);
    expect(stdout).toMatch(/Answerability: 0\.9\d\d\n.*\nmargin .*\nmissingTerms .*\nnearbyCoverage /);
    expect(stdout).toMatch(/rank +BM25 +span +null +margin +kept +place +best span\n/);
    expect(stdout.match(/^ +\d +\d+\.\d\d +-?\d+\.\d\d +-?\d+\.\d\d +-?\d+\.\d\d +(yes|no) /gm)).toHaveLength(
      3,
    );
  });

  it('takes every flag from the environment too, and prefers the command line', async () => {
    const env = { VERBATIM_TOP_K: '2', VERBATIM_JSON: '1', VERBATIM_CORPUS: 'corpora/handbook' };
    const first = await runCli(['ask', 'What does a broker store?'], { env });
    expect(JSON.parse(first.stdout)).toMatchObject({ passagesRead: 2 });
    const second = await runCli(['ask', 'What does a broker store?', '--top-k', '1'], { env });
    expect(JSON.parse(second.stdout)).toMatchObject({ passagesRead: 1 });
  });

  it('keeps control and bidirectional signs of a document off the terminal', async () => {
    const folder = temporaryFolder({ 'x.txt': 'The \u001b[31mcode\u0007 is \u202ered42\u202c today.' });
    const { stdout } = await runCli(['ask', 'What is the code?', '--corpus', folder, '--threshold', '100']);
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/);
  });

  it.each([
    ['an empty question', ['ask', ''], 2, 'empty-question', '""'],
    ['a blank question', ['ask', '  '], 2, 'empty-question', '"  "'],
    ['a question longer than the model takes', ['ask', 'why '.repeat(70)], 2, 'question-too-long', '70'],
    ['no question', ['ask'], 2, 'invalid-option', 'question'],
    ['an unknown option', ['ask', 'Why?', '--topk', '3'], 2, 'invalid-option', "'--topk'"],
    ['an unknown command', ['aks', 'Why?'], 2, 'invalid-option', "'aks'"],
    ['a negative top-k', ['ask', 'Why?', '--top-k', '-3'], 2, 'invalid-option', '"-3"'],
    [
      'a top-k that is no number',
      ['ask', 'Why?', '--top-k', 'many'],
      2,
      'invalid-option',
      'at least 1, got "many"',
    ],
    [
      'a threshold that is no number',
      ['ask', 'Why?', '--threshold', 'high'],
      2,
      'invalid-option',
      'got "high"',
    ],
    [
      'a corpus that does not exist',
      ['ask', 'Why?', '--corpus', 'no/such'],
      1,
      'path-not-found',
      '"no/such"',
    ],
    [
      'a corpus without documents',
      ['ask', 'Why?', '--corpus', 'test/fixtures/golden'],
      1,
      'corpus-empty',
      '.md, .markdown, .txt',
    ],
    [
      'a file of another kind',
      ['ask', 'Why?', '--corpus', 'models/default/onnx/model_quantized.onnx'],
      1,
      'file-unsupported',
      'model_quantized.onnx',
    ],
  ])('refuses %s in one line that names it', async (_what, args, exitCode, errorCode, named) => {
    const { code, stdout, stderr } = await runCli(args);
    expect([code, stdout]).toEqual([exitCode, '']);
    const [line, ...rest] = stderr.trimEnd().split('\n');
    expect(line).toMatch(new RegExp(`^verbatim: \\[${errorCode}\\] `));
    expect(line).toContain(named);
    // Only the hint at a similar option or command may follow.
    expect(rest.every((hint) => hint.startsWith('(Did you mean'))).toBe(true);
  });

  it.each([[['--help']], [['ask', '--help']], [['eval', '--help']]])(
    'prints help for %j with exit code 0',
    async (args) => {
      const { code, stdout } = await runCli(args);
      expect(code).toBe(0);
      expect(stdout).toContain('Usage: verbatim');
      if (args.length > 1) expect(stdout).toContain('Examples:\n  $ verbatim');
    },
  );

  it('leaves no files in the home and temporary folders', async () => {
    const home = temporaryFolder();
    const env = { HOME: home, TMPDIR: home, XDG_CACHE_HOME: path.join(home, 'cache') };
    expect((await runCli(['ask', 'How long is the warranty?'], { env })).code).toBe(0);
    expect(readdirSync(home)).toEqual([]);
  });

  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect((await runCli(['--version'])).stdout).toBe(`${version}\n`);
  });
});

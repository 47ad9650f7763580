import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLI } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const EXAMPLE = path.resolve('examples/nightly-reindex');

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Squad {
  data: { title: string; paragraphs: { qas: { is_impossible: boolean }[] }[] }[];
}

/** A few answerable questions on three documents. */
function questions(): Squad {
  const squad = JSON.parse(readFileSync('corpora/help-centre.questions.json', 'utf8')) as Squad;
  for (const { paragraphs } of squad.data) {
    for (const paragraph of paragraphs)
      paragraph.qas = paragraph.qas.filter(({ is_impossible }) => !is_impossible).slice(0, 3);
  }
  const isLarge = ({ paragraphs }: Squad['data'][number]): boolean =>
    paragraphs.flatMap(({ qas }) => qas).length >= 3;
  return { ...squad, data: squad.data.filter(isLarge).slice(0, 3) };
}

/** A folder as the cron line and the unit expect it: documents, labelled questions on some of them, the program and the command. */
function site(folder = temporaryFolder()): string {
  cpSync('corpora/help-centre', path.join(folder, 'docs'), { recursive: true });
  writeFileSync(path.join(folder, 'questions.json'), JSON.stringify(questions()));
  cpSync(path.join(EXAMPLE, 'nightly.mjs'), path.join(folder, 'nightly.mjs'));
  symlinkSync(CLI, path.join(folder, 'verbatim'));
  return folder;
}

async function run(folder: string, args: readonly string[]): Promise<Ended> {
  const PATH = `${folder}${path.delimiter}${process.env['PATH'] ?? ''}`;
  return new Promise((resolve) => {
    execFile('node', args, { cwd: folder, env: { ...process.env, PATH } }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** The arguments that the cron line and the unit give to Node.js. */
function scheduled(): string[] {
  const cron =
    /&& node (.*)$/m.exec(readFileSync(path.join(EXAMPLE, 'verbatim-nightly.cron'), 'utf8'))?.[1] ?? '';
  const unit = /^ExecStart=\/usr\/bin\/node (.*)$/m.exec(
    readFileSync(path.join(EXAMPLE, 'verbatim-nightly.service'), 'utf8'),
  )?.[1];
  expect(unit).toBe(cron);
  return cron.split(' ');
}

describe('the nightly example, night after night', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'verbatim-test-'));
  beforeAll(() => void site(folder));
  afterAll(() => rmSync(folder, { recursive: true }));
  const night = (): Promise<Ended> => run(folder, scheduled());

  it('indexes and saves the first run', async () => {
    const { code, stdout, stderr } = await night();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^Indexed: 39 added, 0 changed, 0 removed; 39 documents\.\nSaved the first run as state\/baseline\.json: F1 [\d.]+\.\n$/,
    );
  });

  it('finds nothing changed', async () => {
    const { code, stdout } = await night();
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Indexed: 0 added, 0 changed, 0 removed; 39 documents\.\nF1 ([\d.]+), before \1: 0\.0, 95% interval 0\.0 to 0\.0\.\n$/,
    );
  });

  it('says that quality fell, when the documents have lost what the questions are about', async () => {
    for (const { title } of questions().data) rmSync(path.join(folder, 'docs', title));
    const { code, stdout, stderr } = await night();
    expect(code).toBe(4);
    expect(stdout).toContain('Indexed: 0 added, 0 changed, 3 removed; 36 documents.');
    expect(stderr).toContain('Quality fell.');
  });

  it('takes the next run for the measure, once somebody has accepted it', async () => {
    rmSync(path.join(folder, 'state/baseline.json'));
    expect((await night()).code).toBe(0);
    expect(readdirSync(path.join(folder, 'state')).sort()).toEqual(['baseline.json', 'tonight.json']);
  });
});

describe('the nightly example', () => {
  const replaced = (name: string, value: string): string[] =>
    scheduled().map((arg, i, all) => (all[i - 1] === name ? value : arg));

  it('reports a file that cannot be read, and does all else', async () => {
    const folder = site();
    writeFileSync(path.join(folder, 'docs/broken.pdf'), 'no PDF');
    const { code, stderr } = await run(folder, scheduled());
    expect([code, stderr]).toEqual([1, expect.stringContaining('broken.pdf')]);
    expect(existsSync(path.join(folder, 'state/baseline.json'))).toBe(true);
  });

  it('says which step failed: documents, questions or an index that is damaged', async () => {
    const folder = site();
    const noDocs = await run(folder, replaced('--docs', 'missing'));
    expect([noDocs.code, noDocs.stderr]).toEqual([1, expect.stringContaining('[path-not-found]')]);
    const noQuestions = await run(folder, replaced('--questions', 'missing.json'));
    expect([noQuestions.code, noQuestions.stderr]).toEqual([
      1,
      expect.stringContaining('verbatim eval failed with exit code'),
    ]);
    for (const file of readdirSync(path.join(folder, 'kb')))
      writeFileSync(path.join(folder, 'kb', file), 'damaged');
    const damaged = await run(folder, scheduled());
    expect([damaged.code, damaged.stderr]).toEqual([1, expect.stringContaining('verbatim index failed')]);
  });

  it('refuses to be used wrongly', async () => {
    for (const args of [[], ['--docs', 'docs'], ['--frobnicate']]) {
      const { code, stderr } = await run(EXAMPLE, ['nightly.mjs', ...args]);
      expect([code, stderr]).toEqual([2, expect.stringContaining('Usage: ')]);
    }
  });
});

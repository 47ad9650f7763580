import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

const README = readFileSync('README.md', 'utf8');

/** The fenced blocks of one language, in order. */
const blocks = (language: string): string[] =>
  Array.from(
    README.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms')),
    (match) => match[1] ?? '',
  );

async function shell(command: string, cwd = process.cwd()): Promise<string> {
  // npm's own warnings go to standard error; a transcript shows what the command prints.
  const child = spawn('sh', ['-c', command], { cwd, stdio: ['ignore', 'pipe', 'ignore'] });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  await new Promise((resolve) => child.once('close', resolve));
  return stdout;
}

const MEASURED = /(\d+(?:\.\d+)?%|\d+\.\d+)/;
/** Processors without the same int8 instructions round otherwise: measured figures may differ by this much. */
const TOLERANCE = 3;

function expectSameOutput(actual: string, documented: string): void {
  const [got, expected] = [actual, documented].map((text) => text.split(MEASURED)) as [string[], string[]];
  const text = (parts: string[]): string => parts.map((part, i) => (i % 2 === 0 ? part : '#')).join('');
  expect(text(got)).toBe(text(expected));
  got.forEach((part, i) => {
    if (i % 2 === 1)
      expect(Math.abs(parseFloat(part) - parseFloat(expected[i] ?? ''))).toBeLessThanOrEqual(TOLERANCE);
  });
}

describe('the README', () => {
  it('opens with one command that installs and asks, and one that runs the tests', async () => {
    const [install = '', test = '', ...others] = blocks('sh');
    expect(others).toEqual([]);
    // This test runs inside the second, after the first half of the first.
    expect(test).toBe('npm test\n');
    const [clean, ask] = install.split(' && ');
    expect(clean).toBe('npm ci');
    expect(await shell(ask ?? '')).toContain('two years');
  });

  it('shows what its commands print', async () => {
    const transcripts = blocks('console');
    expect(transcripts.length).toBeGreaterThan(2);
    rmSync('kb', { recursive: true, force: true });
    onTestFinished(() => rmSync('kb', { recursive: true, force: true }));
    for (const transcript of transcripts) {
      const [first = '', ...output] = transcript.split('\n');
      expect(first).toMatch(/^\$ npx verbatim /);
      expectSameOutput(await shell(first.slice(2)), output.join('\n'));
    }
  });

  /** A folder from which the package imports itself by its name, as a user would. */
  const exampleFolder = (...files: readonly (readonly [name: string, text: string])[]): string => {
    const folder = mkdtempSync(path.resolve('node_modules/.readme-example-'));
    mkdirSync(path.join(folder, 'node_modules'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    symlinkSync(process.cwd(), path.join(folder, 'node_modules/verbatim-qa'));
    symlinkSync(path.resolve('corpora'), path.join(folder, 'corpora'));
    // A package of its own: otherwise it would be a part of the one that lies around it.
    for (const [name, text] of [['package.json', '{}'] as const, ...files])
      writeFileSync(path.join(folder, name), text);
    return folder;
  };
  const checkTypes = async (folder: string, file: string): Promise<void> => {
    const flags = '--ignoreConfig --noEmit --strict --module nodenext --target es2023 --skipLibCheck';
    expect(await shell(`${path.resolve('node_modules/.bin/tsc')} ${flags} ${file}`, folder)).toBe('');
  };

  const isEndpoint = (example: string): boolean => example.includes('answerMiddleware');

  it('has library examples that run and print what it says', async () => {
    const [examples, printed] = [blocks('ts').filter((example) => !isEndpoint(example)), blocks('text')];
    expect(examples.length).toBe(printed.length);
    for (const [i, example] of examples.entries()) {
      const folder = exampleFolder(['example.mts', example]);
      expect(await shell('npx tsx example.mts', folder)).toBe(printed[i]);
      await checkTypes(folder, 'example.mts');
    }
  });

  it('has an example of a search endpoint that answers', async () => {
    const example = blocks('ts').find(isEndpoint) ?? '';
    const found = { hits: { hits: [{ _id: 'w', _source: { body: 'The warranty lasts two years.' } }] } };
    const use = `
      import { app, answerer } from './example.mts';
      app.get('/search', (_, res) => res.json(${JSON.stringify(found)}));
      const server = app.listen(0, '127.0.0.1', async () => {
        const response = await fetch(\`http://127.0.0.1:\${server.address().port}/search?q=How+long+is+the+warranty\`);
        console.log((await response.json()).answer.answer);
        server.close();
        await answerer.close();
      });`;
    const folder = exampleFolder(
      ['example.mts', example.replace('const answerer', 'export const answerer')],
      ['use.mts', use],
    );
    expect(await shell('npx tsx use.mts', folder)).toBe('two years\n');
    await checkTypes(folder, 'example.mts');
  });

  it('has links that lead to files', () => {
    for (const [, target = ''] of README.matchAll(/\]\(([^)#:]+)\)/g)) {
      expect(
        readFileSync(target.endsWith('decisions') ? `${target}/2026-11-21-rank-by-margin.md` : target).length,
      ).toBeGreaterThan(0);
    }
  });
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { blocksOf, transcriptsOf } from './support/markdown-blocks.js';
import { runCli } from './support/run-cli.js';
import { differenceOf, shell } from './support/run-page.js';

const BLOCKS = blocksOf('README.md');

/** The fenced blocks of one language, in order. */
const blocks = (wanted: string): string[] =>
  BLOCKS.filter(({ language }) => language === wanted).map(({ text }) => text);

describe('the README', () => {
  it('opens with one command that installs and asks, and one that runs the tests', async () => {
    const [install = '', test = '', ...others] = blocks('sh');
    expect(others).toEqual([]);
    // This test runs inside the second, after the first half of the first.
    expect(test).toBe('npm test\n');
    const [clean, ask] = install.split(' && ');
    expect(clean).toBe('npm ci');
    expect((await shell(ask ?? '')).stdout).toContain('two years');
  });

  it('shows what its commands print', async () => {
    const transcripts = BLOCKS.filter(({ language }) => language === 'console').flatMap(transcriptsOf);
    expect(transcripts.length).toBeGreaterThan(2);
    rmSync('kb', { recursive: true, force: true });
    onTestFinished(() => rmSync('kb', { recursive: true, force: true }));
    for (const { command, output } of transcripts) {
      expect(command).toMatch(/^npx verbatim /);
      expect(differenceOf((await shell(command)).stdout, output)).toBeUndefined();
    }
  });

  it('has library examples that run and print what it says', async () => {
    // Inside the package, which finds itself by its name, as a user would. Their types are checked with those of all pages.
    const folder = mkdtempSync(path.resolve('dist/readme-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    let count = 0;
    for (const [i, { language, text }] of BLOCKS.entries()) {
      const next = BLOCKS[i + 1];
      if (language !== 'ts' || next?.language !== 'text') continue;
      const file = path.join(folder, `example-${++count}.mts`);
      writeFileSync(file, text);
      expect((await shell(`npx tsx ${file}`)).stdout).toBe(next.text);
    }
    expect(count).toBeGreaterThan(0);
  });

  it('has an example of a search endpoint that answers', async () => {
    const example = blocks('ts').find((text) => text.includes('answerMiddleware')) ?? '';
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
    const folder = mkdtempSync(path.resolve('dist/readme-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(
      path.join(folder, 'example.mts'),
      example.replace('const answerer', 'export const answerer'),
    );
    writeFileSync(path.join(folder, 'use.mts'), use);
    expect((await shell(`npx tsx ${path.join(folder, 'use.mts')}`)).stdout).toBe('two years\n');
  });

  it('states facts that are so: licence, Node.js, size of the reader, no network', async () => {
    const facts = /^Apache-2\.0 · .*$/m.exec(readFileSync('README.md', 'utf8'))?.[0];
    const { license, engines } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      readonly license: string;
      readonly engines: { readonly node: string };
    };
    const megabytes = Math.round(statSync('models/default/onnx/model_quantized.onnx').size / 1e6);
    expect(facts).toContain(license);
    expect(facts).toContain(`Node.js ${engines.node.replace('>=', '≥ ')}`);
    expect(facts).toContain(`reader of ${megabytes} MB in the package`);
    expect(facts).toContain('works offline');
    const env = { NODE_OPTIONS: `--import=${pathToFileURL('test/support/no-network.mjs').href}` };
    const offline = await runCli(['ask', 'How long is the warranty?'], { env });
    expect(offline.stdout).toContain('two years');
    // The preload does what it says.
    const tried = spawnSync(process.execPath, ['-e', 'require("net").connect(9, "127.0.0.1")'], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
    });
    expect(tried.stderr).toContain('This process has no network.');
  });

  it('has pictures that are small', () => {
    const pictures = readFileSync('README.md', 'utf8').matchAll(
      /(?:\]\(|src(?:set)?=")([^)"]+\.(?:png|webp|svg))/g,
    );
    for (const [, picture = ''] of pictures) expect(statSync(picture).size, picture).toBeLessThan(100_000);
  });
});

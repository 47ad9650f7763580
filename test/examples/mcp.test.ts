import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CLI, runCli } from '../support/run-cli.js';
import { startServerProcess } from '../support/server-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const INSPECTOR = path.resolve('node_modules/@modelcontextprotocol/inspector/cli/build/cli.js');

interface ServerEntry {
  readonly type?: string;
  readonly command: string;
  readonly args: string[];
  readonly url: string;
}

/** A configuration of the example, with a real index in the place of the path that users are told to change. */
function configuration(file: string, kb: string): { readonly text: string; readonly entry: ServerEntry } {
  const text = readFileSync(path.join('examples/mcp', file), 'utf8').replaceAll('/path/to/kb', kb);
  const parsed = JSON.parse(text) as Record<string, Record<string, ServerEntry>>;
  const entry = (parsed['mcpServers'] ?? parsed['servers'])?.['verbatim'];
  if (entry === undefined) throw new Error(`no server in ${file}`);
  return { text, entry };
}

/** An index of the help centre. */
async function helpCentre(): Promise<string> {
  const kb = path.join(temporaryFolder(), 'kb');
  expect((await runCli(['index', 'corpora/help-centre', '--out', kb])).code).toBe(0);
  return kb;
}

/** A search path on which the command is, as after a global installation. */
function installed(): { readonly PATH: string } {
  const bin = temporaryFolder();
  symlinkSync(CLI, path.join(bin, 'verbatim'));
  return { PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}` };
}

async function inspect(args: readonly string[]): Promise<unknown> {
  const child = spawn(process.execPath, [INSPECTOR, '--cli', ...args], {
    env: { ...process.env, ...installed() },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`The inspector ended with ${String(code)}: ${stderr}`);
  return JSON.parse(stdout);
}

const CALL = [
  '--method',
  'tools/call',
  '--tool-name',
  'answer',
  '--tool-arg',
  'question=How long is the warranty?',
];
const TWO_YEARS = { structuredContent: { kind: 'answer', answer: 'two years' } };

describe('the MCP example', () => {
  it.each(['mcp.json', 'vscode.json'])('starts a server as %s says', async (file) => {
    const { entry } = configuration(file, await helpCentre());
    const client = new Client({ name: 'host', version: '0' });
    onTestFinished(() => client.close());
    const { command, args } = entry;
    await client.connect(new StdioClientTransport({ command, args, env: installed(), stderr: 'ignore' }));
    const result = await client.callTool({
      name: 'answer',
      arguments: { question: 'How long is the warranty?' },
    });
    expect(result).toMatchObject(TWO_YEARS);
  });

  it("starts one for the protocol's inspector, which lists, calls and reads", async () => {
    const { text } = configuration('mcp.json', await helpCentre());
    const folder = temporaryFolder();
    const file = path.join(folder, 'mcp.json');
    writeFileSync(file, text);
    const from = ['--config', file, '--server', 'verbatim'];
    expect(await inspect([...from, '--method', 'tools/list'])).toMatchObject({
      tools: [{ name: 'answer' }, { name: 'search' }, { name: 'read_document' }],
    });
    expect(await inspect([...from, ...CALL])).toMatchObject(TWO_YEARS);
    const uri = 'verbatim://document/warranty%2Fstandard-warranty.md';
    expect(await inspect([...from, '--method', 'resources/read', '--uri', uri])).toMatchObject({
      contents: [{ uri, text: expect.stringContaining('two years') as string }],
    });
  });

  it('finds the server that listens where http.json says', async () => {
    const { entry } = configuration('http.json', '');
    const example = new URL(entry.url);
    const { stdout } = await runCli(['mcp', '--help']);
    expect(stdout).toContain(`(default: ${example.port}`);
    const server = await startServerProcess(['--workers', '1'], { command: ['mcp', '--http'] });
    expect(server.url.replace(/:\d+\//, `:${example.port}/`)).toBe(entry.url);
    const client = new Client({ name: 'host', version: '0' });
    onTestFinished(() => client.close());
    await client.connect(new StreamableHTTPClientTransport(new URL(server.url)));
    expect((await client.listTools()).tools).toHaveLength(3);
    expect(await inspect([server.url, '--transport', 'http', ...CALL])).toMatchObject(TWO_YEARS);
  });

  it('is what the README shows', () => {
    const [, shown = ''] = /^```json\n(.*?)^```$/ms.exec(readFileSync('README.md', 'utf8')) ?? [];
    expect(JSON.parse(shown)).toEqual(JSON.parse(readFileSync('examples/mcp/mcp.json', 'utf8')));
  });

  it('names commands that there are', async () => {
    const readme = readFileSync('examples/mcp/README.md', 'utf8');
    const folder = temporaryFolder({ 'docs/a.md': '# Apples\n\nThe apple is red.\n' });
    mkdirSync(path.join(folder, 'bin'));
    const [, index = ''] = /^verbatim (index .*)$/m.exec(readme) ?? [];
    expect((await runCli(index.split(' '), { cwd: folder })).code).toBe(0);
    for (const [, file = ''] of readme.matchAll(/\]\(([^)]+)\)/g)) {
      expect(readFileSync(path.join('examples/mcp', file)).length).toBeGreaterThan(0);
    }
  });
});

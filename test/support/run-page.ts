import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { blocksOf, transcriptsOf, valueOf, type MarkdownBlock } from './markdown-blocks.js';

export interface ShellResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

/** Runs a command as a person's shell does. */
export async function shell(
  command: string,
  cwd = process.cwd(),
  env: Readonly<Record<string, string>> = {},
): Promise<ShellResult> {
  const child = spawn('sh', ['-c', command], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { stdout, stderr, code };
}

const MEASURED = /(\d+(?:\.\d+)?%|\d+\.\d+)/;
/** Processors without the same int8 instructions round otherwise: measured figures may differ by this much. */
const TOLERANCE = 3;
/** How long something took is nobody's promise. */
const DURATION = /\b\d+\.\d s\b/g;

/** What differs between what a command printed on standard output and what a page says that it prints; undefined if nothing does but measured figures. */
export function differenceOf(actual: string, documented: string): string | undefined {
  const [got, expected] = [actual, documented].map((text) =>
    text.replace(DURATION, '… s').split(MEASURED),
  ) as [string[], string[]];
  const text = (parts: string[]): string => parts.map((part, i) => (i % 2 === 0 ? part : '#')).join('');
  const isSame =
    text(got) === text(expected) &&
    got.every(
      (part, i) => i % 2 === 0 || Math.abs(parseFloat(part) - parseFloat(expected[i] ?? '')) <= TOLERANCE,
    );
  return isSame ? undefined : `It says:\n${documented}It prints:\n${actual}`;
}

export interface PageOptions {
  /** Where commands run and files are written. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What blocks may need. @defaultValue nothing: blocks that need something are passed over */
  readonly has?: ReadonlySet<string>;
  /** Told of every command before it runs. */
  readonly onCommand?: (command: string) => void;
}

/**
 * Follows a page word by word: writes its files, starts its servers, runs its commands.
 *
 * @returns how many commands were run.
 * @throws Error at the first command that fails or prints something else than the page says.
 */
export async function runPage(page: string, options: PageOptions): Promise<number> {
  const servers: RunningServer[] = [];
  let count = 0;
  try {
    for (const block of blocksOf(page)) {
      const needs = valueOf(block, 'needs');
      if (needs !== undefined && options.has?.has(needs) !== true) continue;
      const file = valueOf(block, 'file');
      if (file !== undefined) write(path.join(options.folder, file), block.text);
      else if (block.words.includes('server')) servers.push(await startServer(block, options));
      else count += await runBlock(block, options, servers.at(-1));
    }
  } finally {
    for (const server of servers) await server.stop();
  }
  return count;
}

async function runBlock(
  block: MarkdownBlock,
  { folder, env, onCommand }: PageOptions,
  server: RunningServer | undefined,
): Promise<number> {
  const where = `${block.page}:${block.line}`;
  // The page's port may be taken; the server has one of its own.
  const atServer = (text: string): string =>
    server === undefined ? text : text.replaceAll('localhost:8080', server.host);
  if (block.language === 'sh') {
    onCommand?.(block.text.trim());
    const { code, stderr } = await shell(`set -e\n${atServer(block.text)}`, folder, env);
    if (code !== 0) throw new Error(`${where} ends with ${String(code)}.\n${stderr}`);
    return 1;
  }
  if (block.language !== 'console') return 0;
  const transcripts = transcriptsOf(block);
  for (const { command, output } of transcripts) {
    onCommand?.(command);
    const difference = differenceOf((await shell(atServer(command), folder, env)).stdout, output);
    if (difference !== undefined) throw new Error(`${where}: ${command}\n${difference}`);
  }
  return transcripts.length;
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

interface RunningServer {
  /** Host and port. */
  readonly host: string;
  readonly stop: () => Promise<void>;
}

/** Starts a block's command on a free port; a shell in between would keep the signal that stops it. */
async function startServer(
  { text, page, line }: MarkdownBlock,
  { folder, env, onCommand }: PageOptions,
): Promise<RunningServer> {
  onCommand?.(text.trim());
  const child: ChildProcess = spawn('sh', ['-c', `exec ${text.trim()}`], {
    cwd: folder,
    env: { ...process.env, ...env, VERBATIM_PORT: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
    // npx puts processes between; all of them are one group, to be stopped together.
    detached: true,
  });
  const ended = once(child, 'close');
  const host = await new Promise<string>((resolve, reject) => {
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
      const url = /^Listening on http:\/\/(\S+)$/m.exec(stderr)?.[1];
      if (url !== undefined) resolve(url);
    });
    void ended.then(([code]) => reject(new Error(`${page}:${line} ends with ${String(code)}: ${stderr}`)));
  });
  return {
    host,
    stop: async () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
      await ended;
    },
  };
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const COMMAND = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface ServerProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** What it has written so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Sends JSON, or fetches where there is nothing to send. */
  readonly call: (path: string, body?: unknown, init?: RequestInit) => Promise<Response>;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
}

export interface ServerProcessOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** @defaultValue `verbatim serve` */
  readonly command?: readonly string[];
  /** Arguments of Node.js itself. */
  readonly nodeArgs?: readonly string[];
  /** Takes what kills it. @defaultValue the end of the test */
  readonly onEnd?: (kill: () => void) => void;
}

/** Starts a built server on a free port and waits until it listens. It is killed when the test ends, or when it is told. */
export async function startServerProcess(
  args: readonly string[] = [],
  { env, cwd, command = ['serve'], nodeArgs = [], onEnd = onTestFinished }: ServerProcessOptions = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [...nodeArgs, COMMAND, ...command, '--port', '0', ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onEnd(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string | null);
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
      const listening = /^Listening on (\S+)$/m.exec(stderr)?.[1];
      if (listening !== undefined) resolve(listening);
    });
    void ended.then((code) => reject(new Error(`The server ended with ${String(code)}: ${stderr}`)));
  });
  return {
    url,
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    call: (path, body, init = {}) =>
      fetch(url + path, {
        ...(body === undefined
          ? {}
          : {
              method: 'POST',
              body: JSON.stringify(body),
              headers: { 'Content-Type': 'application/json' },
            }),
        ...init,
      }),
    ended,
  };
}

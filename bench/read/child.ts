import { spawn, type ChildProcess } from 'node:child_process';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const running = new Set<ChildProcess>();

/** Kills every program that was started here and whatever it started. */
export function killChildren(): void {
  for (const { pid } of running) {
    if (pid === undefined) continue;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It has just ended.
    }
  }
}

/**
 * Runs a program to its end and returns what it printed.
 *
 * @throws Error with the last line of its stderr if it cannot be started or fails.
 */
export function run(command: Command, input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    // A process group of its own, so that the programs which it starts can be ended with it.
    const child = spawn(command.file, command.args, {
      detached: true,
      env: { ...process.env, ...command.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    running.add(child);
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    child.stderr
      .setEncoding('utf8')
      .on('data', (chunk: string) => (errors = (errors + chunk).slice(-10_000)));
    child.on('error', ({ message }) => reject(new Error(`cannot start ${command.file}: ${message}`)));
    child.on('close', (code, signal) => {
      running.delete(child);
      const line = errors.trim().split('\n').at(-1) ?? '';
      if (code === 0) resolve(output);
      else reject(new Error(line === '' ? `it ended with ${signal ?? `exit code ${code ?? 0}`}` : line));
    });
    // A program that fails before it has read everything says why on stderr.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

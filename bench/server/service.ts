import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from '../read/child.js';

const STARTED_WITHIN_MS = 300_000;
const POLL_MS = 200;

/** A server in a process of its own. */
export interface Service {
  readonly url: string;
  /** Where it says that it is alive. */
  readonly healthUrl: string;
  /** Resident memory, in bytes. */
  readonly residentBytes: () => number;
  readonly stop: () => Promise<void>;
}

/**
 * Starts a server and waits until it is healthy.
 *
 * @throws Error with the end of what it wrote, if it ends first.
 */
export async function startService(
  command: (port: number) => Promise<Command>,
  healthPath: string,
): Promise<Service> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const healthUrl = url + healthPath;
  const { file, args, env } = await command(port);
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors = (errors + chunk).slice(-2_000)));
  const exited = once(child, 'exit');
  const giveUpAt = Date.now() + STARTED_WITHIN_MS;
  while (!(await isHealthy(healthUrl))) {
    if (child.exitCode !== null || Date.now() > giveUpAt) {
      kill();
      throw new Error(`${file} did not start: ${errors}`);
    }
    await sleep(POLL_MS);
  }
  return {
    url,
    healthUrl,
    residentBytes: () =>
      1024 * Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)], { encoding: 'utf8' })),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      process.off('exit', kill);
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

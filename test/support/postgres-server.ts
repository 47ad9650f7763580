import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';

const run = promisify(execFile);
const DEBIAN = '/usr/lib/postgresql';

/** A real PostgreSQL in a folder and on a port of its own. The server refuses to run as root: then it runs as the user postgres. */
export class PostgresServer {
  readonly #bin: string;
  readonly #folder: string;
  readonly #port: number;
  readonly #prefix: readonly string[];

  private constructor(bin: string, folder: string, port: number, prefix: readonly string[]) {
    this.#bin = bin;
    this.#folder = folder;
    this.#port = port;
    this.#prefix = prefix;
  }

  static async start(): Promise<PostgresServer> {
    const folder = await mkdtemp(path.join(tmpdir(), 'verbatim-postgres-'));
    const isRoot = process.getuid?.() === 0;
    const prefix = isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] : [];
    if (isRoot) {
      const { stdout: uid } = await run('id', ['-u', 'postgres']);
      const { stdout: gid } = await run('id', ['-g', 'postgres']);
      await chown(folder, Number(uid), Number(gid));
    }
    await chmod(folder, 0o700);
    const server = new PostgresServer(binaries(), folder, await freePort(), prefix);
    const data = path.join(folder, 'data');
    await server.#run(
      'initdb',
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
    );
    await server.start();
    return server;
  }

  /** For a pool of pg. */
  get address(): { host: string; port: number; user: string; database: string } {
    return { host: '127.0.0.1', port: this.#port, user: 'postgres', database: 'postgres' };
  }

  /** Starts the process again, with the same data and port, and waits until it answers. */
  async start(): Promise<void> {
    const options = `-c listen_addresses=127.0.0.1 -c port=${this.#port} -c unix_socket_directories=''`;
    await this.#control('-w', '-l', path.join(this.#folder, 'log'), '-o', options, 'start');
  }

  /** Ends the process without a word to its clients. */
  async kill(): Promise<void> {
    await this.#control('-m', 'immediate', 'stop');
  }

  /** Ends the process and deletes its data. */
  async close(): Promise<void> {
    await this.#control('-m', 'fast', 'stop').catch(() => undefined);
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #control(...options: string[]): Promise<void> {
    await this.#run('pg_ctl', '-D', path.join(this.#folder, 'data'), ...options);
  }

  async #run(program: string, ...options: string[]): Promise<void> {
    // `env` runs a command as it is.
    const command = [...this.#prefix, path.join(this.#bin, program), ...options];
    await run('env', command, { cwd: this.#folder });
  }
}

/** Debian keeps the programs of each version in a folder of its own, outside of PATH. */
function binaries(): string {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort() : [];
  const folders = versions.map((version) => path.join(DEBIAN, version, 'bin'));
  const inPath = (process.env['PATH'] ?? '').split(path.delimiter);
  const found = [...inPath, ...folders.reverse()].find((folder) => existsSync(path.join(folder, 'initdb')));
  if (found === undefined) throw new Error('There is no PostgreSQL here; .ci/install-postgres installs it.');
  return found;
}

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, openSync, closeSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';

const SOURCES = path.resolve('test/opensearch/server');
const BUILT_FOLDER = path.resolve('node_modules/.cache/verbatim/opensearch');
const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';
const START_TIMEOUT_MS = 90_000;
const FLAGS = [
  '-Xms512m',
  '-Xmx512m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Dopensearch.networkaddress.cache.ttl=60',
  '-Dlog4j2.level=WARN',
];

/** A real OpenSearch of one node, in a process of its own, on a port of its own. Needs Java 17 and Maven. */
export class OpenSearchServer {
  readonly #built: string;
  readonly #folder: string;
  readonly #httpPort: number;
  readonly #transportPort: number;
  #process: ChildProcess | undefined;

  private constructor(built: string, folder: string, httpPort: number, transportPort: number) {
    this.#built = built;
    this.#folder = folder;
    this.#httpPort = httpPort;
    this.#transportPort = transportPort;
  }

  /**
   * Builds the server where that has not been done, and starts one without data.
   *
   * @param options - `machineLearning`: with the plugin ML Commons, which calls models over HTTP; 375 MB to fetch once.
   */
  static async start({ machineLearning = false } = {}): Promise<OpenSearchServer> {
    const built = await build();
    const folder = await mkdtemp(path.join(tmpdir(), 'verbatim-opensearch-'));
    if (machineLearning) await installMachineLearning(built, path.join(folder, 'home'));
    const server = new OpenSearchServer(built, folder, await freePort(), await freePort());
    await server.start();
    return server;
  }

  get node(): string {
    return `http://127.0.0.1:${this.#httpPort}`;
  }

  /** Of the running process. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Starts the process again, with the same data and port, and waits until it answers. */
  async start(): Promise<void> {
    const log = openSync(path.join(this.#folder, 'log'), 'a');
    const classPath = [path.join(this.#built, 'classes'), path.join(this.#built, 'lib', '*')].join(':');
    const home = path.join(this.#folder, 'home');
    const child = spawn(
      'java',
      [...FLAGS, '-cp', classPath, 'Main', home, String(this.#httpPort), String(this.#transportPort)],
      { stdio: ['ignore', log, log] },
    );
    closeSync(log);
    this.#process = child;
    let failure: string | undefined;
    child.once('error', ({ message }) => (failure = message));
    child.once('exit', (code, signal) => (failure ??= `ended with ${code ?? signal ?? 'nothing'}`));
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await isHealthy(this.node))) {
      if (Date.now() > deadline) failure ??= `not healthy after ${START_TIMEOUT_MS} ms`;
      if (failure !== undefined) {
        const output = await readFile(path.join(this.#folder, 'log'), 'utf8').catch(() => '');
        await this.kill();
        throw new Error(`OpenSearch did not start: ${failure}. Its log ends with:\n${output.slice(-4000)}`);
      }
      await delay(100);
    }
  }

  /** As the loss of a machine: nothing is written or answered any more. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Ends the process and deletes its data. */
  async close(): Promise<void> {
    await this.#end('SIGTERM');
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}

/** The compiled server and its libraries; a folder for each state of the sources. */
async function build(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['pom.xml', 'src/Main.java']) hash.update(await readFile(path.join(SOURCES, file)));
  const folder = path.join(BUILT_FOLDER, hash.digest('hex').slice(0, 16));
  const done = path.join(folder, 'done');
  if (existsSync(done)) return folder;
  await mkdir(folder, { recursive: true });
  const goals = ['compiler:compile', 'dependency:copy-dependencies'];
  const options = ['-q', '-B', '-f', path.join(SOURCES, 'pom.xml'), `-Dout=${folder}`];
  await promisify(execFile)('mvn', [...options, ...goals]);
  await writeFile(done, '');
  return folder;
}

/** The plugin and the one that it builds upon, in the home folder of a server. */
async function installMachineLearning(built: string, home: string): Promise<void> {
  const [version = ''] =
    /(?<=<opensearch.version>)[^<]+/u.exec(await readFile(path.join(SOURCES, 'pom.xml'), 'utf8')) ?? [];
  const own = new Set((await readdir(path.join(built, 'lib'))).map(artifactOf));
  for (const plugin of ['opensearch-job-scheduler', 'opensearch-ml-plugin']) {
    const unpacked = path.join(BUILT_FOLDER, `${plugin}-${version}`);
    if (!existsSync(path.join(unpacked, 'plugin-descriptor.properties'))) {
      const artifact = `org.opensearch.plugin:${plugin}:${version}.0:zip`;
      // Models that run inside OpenSearch are not what is tested; their runtime is most of the plugin.
      const options = [
        `-Dartifact=${artifact}`,
        `-DoutputDirectory=${unpacked}`,
        '-Dmdep.unpack.excludes=onnxruntime_gpu*',
      ];
      // Without a project, Maven leaves its marks in the current folder.
      const goal = ['-q', '-B', `${DEPENDENCY_PLUGIN}:unpack`, '-Dmdep.overWriteReleases=true'];
      await promisify(execFile)('mvn', [...goal, ...options], { cwd: BUILT_FOLDER });
    }
    const folder = path.join(home, 'plugins', plugin);
    await mkdir(folder, { recursive: true });
    // What the server has on its class path a plugin must not bring again.
    for (const file of await readdir(unpacked))
      if (!own.has(artifactOf(file))) await symlink(path.join(unpacked, file), path.join(folder, file));
  }
  await mkdir(path.join(home, 'config'), { recursive: true });
  const settings = {
    only_run_on_ml_node: false,
    'connector.private_ip_enabled': true,
    trusted_connector_endpoints_regex: ['^http://127\\.0\\.0\\.1:.*$'],
    jvm_heap_memory_threshold: 100,
    native_memory_threshold: 100,
  };
  const lines = Object.entries(settings).map(
    ([key, value]) => `plugins.ml_commons.${key}: ${JSON.stringify(value)}\n`,
  );
  await writeFile(path.join(home, 'config', 'opensearch.yml'), lines.join(''));
}

/** A library's name without its version. */
function artifactOf(file: string): string {
  return file.replace(/-\d[^/]*\.jar$/u, '');
}

async function isHealthy(node: string): Promise<boolean> {
  try {
    const response = await fetch(`${node}/_cluster/health`);
    return response.ok && ((await response.json()) as { status: string }).status !== 'red';
  } catch {
    return false;
  }
}

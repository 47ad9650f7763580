// Runs the steps of the Dockerfile in clean folders, one a stage, where no image can be built; then starts what the image would start, as a user
// who may write nothing but /kb, waits until its health check passes, and stops it.
//
//     node scripts/dockerfile-steps.js
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import ignore from 'ignore';

/** The user `node` of Node's image. */
const IMAGE_USER = 1000;
const HEALTHY_WITHIN_MS = 120_000;

/**
 * Reads the part of the Dockerfile language that the Dockerfile uses: stages of instructions, with their flags and arguments.
 *
 * @throws Error for an instruction that this program does not know.
 */
export function parseDockerfile(text) {
  const lines = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const stages = [];
  for (const line of lines) {
    const [, instruction, rest] = /^\s*([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (instruction === 'FROM') {
      const [, from, name = 'final'] = /^(\S+)(?:\s+AS\s+(\S+))?$/.exec(rest) ?? [];
      if (from === undefined) throw new Error(`Cannot read: ${line}`);
      stages.push({ name, from, steps: [] });
      continue;
    }
    const stage = stages.at(-1);
    if (stage === undefined || !KNOWN.has(instruction)) throw new Error(`Cannot read: ${line}`);
    stage.steps.push({ instruction, ...parseArguments(instruction, rest) });
  }
  return stages;
}

const KNOWN = new Set([
  'WORKDIR',
  'COPY',
  'RUN',
  'ENV',
  'USER',
  'VOLUME',
  'EXPOSE',
  'HEALTHCHECK',
  'ENTRYPOINT',
  'CMD',
]);

function parseArguments(instruction, rest) {
  const flags = {};
  let text = rest;
  for (let flag; (flag = /^--([a-z-]+)=(\S+)\s+/.exec(text)) !== null; text = text.slice(flag[0].length)) {
    flags[flag[1]] = flag[2];
  }
  if (instruction === 'RUN') return { flags, args: [text] };
  if (instruction === 'HEALTHCHECK') text = text.replace(/^CMD\s+/, '');
  return { flags, args: text.startsWith('[') ? JSON.parse(text) : text.trim().split(/\s+/) };
}

/** Runs the steps of each stage below a folder. Returns what the last stage says about starting it. */
export function runStages(stages, contextFolder, folder, log) {
  const rootOf = (name) => path.join(folder, name);
  const isIgnored = readIgnored(contextFolder);
  let image;
  for (const { name, steps } of stages) {
    const root = rootOf(name);
    mkdirSync(root, { recursive: true });
    image = { root, workdir: '/', environment: {}, entrypoint: [], command: [], healthcheck: [] };
    const inStage = (file) => path.join(root, path.resolve(image.workdir, file));
    for (const { instruction, flags, args } of steps) {
      log(`${name}: ${instruction} ${args.join(' ')}`);
      if (instruction === 'WORKDIR') {
        image.workdir = path.resolve(image.workdir, args[0]);
        mkdirSync(inStage('.'), { recursive: true });
      } else if (instruction === 'COPY') {
        copy(flags, args);
      } else if (instruction === 'RUN') {
        run(args[0], inStage('.'), image.environment);
      } else if (instruction === 'ENV') {
        for (const pair of args) image.environment[pair.split('=')[0]] = pair.slice(pair.indexOf('=') + 1);
      } else if (instruction === 'ENTRYPOINT') {
        image.entrypoint = args;
      } else if (instruction === 'CMD') {
        image.command = args;
      } else if (instruction === 'HEALTHCHECK') {
        image.healthcheck = args;
      }
    }

    function copy(flags, args) {
      const sources = args.slice(0, -1);
      const target = args.at(-1);
      for (const source of sources) {
        const from =
          flags.from === undefined
            ? path.join(contextFolder, source)
            : path.join(rootOf(flags.from), path.resolve('/', source));
        if (!existsSync(from)) throw new Error(`COPY: there is no ${source}.`);
        // Of a folder, what is in it is copied.
        const takesName = !statSync(from).isDirectory() && (target.endsWith('/') || sources.length > 1);
        const to = inStage(takesName ? path.join(target, path.basename(source)) : target);
        cpSync(from, to, {
          recursive: true,
          verbatimSymlinks: true,
          filter: (file) => flags.from !== undefined || !isIgnored(path.relative(contextFolder, file)),
        });
        if (flags.chown !== undefined && process.getuid() === 0) chownSync(to, IMAGE_USER, IMAGE_USER);
      }
    }
  }
  return image;
}

/** What .dockerignore keeps out of the context: its patterns begin at the top, where those of a .gitignore hold in every folder. */
function readIgnored(contextFolder) {
  const patterns = readFileSync(path.join(contextFolder, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.replace(/^(!?)\/?/, '$1/'));
  const rules = ignore().add(patterns);
  return (file) => file !== '' && rules.ignores(file);
}

function run(command, cwd, environment) {
  const { status } = spawnSync('sh', ['-ec', command], {
    cwd,
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`RUN ended with ${status}: ${command}`);
}

/** Starts the image's program, checks its health, and stops it. */
async function tryImage(image, log) {
  const inImage = (value) => (/^\/(?:app|kb)\b/.test(value) ? path.join(image.root, value) : value);
  const environment = Object.fromEntries(
    Object.entries(image.environment).map(([name, value]) => [name, inImage(value)]),
  );
  const options = {
    cwd: path.join(image.root, image.workdir),
    env: { PATH: process.env.PATH, ...environment },
    stdio: 'inherit',
    ...(process.getuid() === 0 ? { uid: IMAGE_USER, gid: IMAGE_USER } : {}),
  };
  const [program, ...args] = image.entrypoint.map(inImage);
  log('start: keys create');
  if (spawnSync(program, [...args, 'keys', 'create'], options).status !== 0)
    throw new Error('No key was made.');
  log(`start: ${image.command.join(' ')}`);
  const server = spawn(program, [...args, ...image.command], options);
  const ended = new Promise((resolve) => server.once('exit', (code, signal) => resolve(code ?? signal)));
  try {
    const giveUpAt = Date.now() + HEALTHY_WITHIN_MS;
    const [checker, ...checkerArgs] = image.healthcheck;
    while (spawnSync(checker, checkerArgs, options).status !== 0) {
      if (Date.now() > giveUpAt || server.exitCode !== null) throw new Error('The server is not healthy.');
      await sleep(500);
    }
    log('healthy');
  } finally {
    server.kill('SIGTERM');
  }
  const code = await ended;
  if (code !== 0) throw new Error(`The server ended with ${code}.`);
  log('stopped');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const context = fileURLToPath(new URL('..', import.meta.url));
  const folder = mkdtempSync(path.join(tmpdir(), 'verbatim-image-'));
  // The image's user must reach what is in it.
  chmodSync(folder, 0o755);
  const log = (line) => console.error(`▸ ${line}`);
  try {
    const stages = parseDockerfile(readFileSync(path.join(context, 'Dockerfile'), 'utf8'));
    await tryImage(runStages(stages, context, folder, log), log);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

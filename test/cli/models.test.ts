import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { fakeModel, HubServer } from '../support/hub-server.js';
import { runCli, type CliResult } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const ID = 'acme/reader';
const WEIGHTS = 'onnx/model_quantized.onnx';
const MAIN = new URL('../../dist/cli/main.js', import.meta.url).pathname;

/** Runs `verbatim models` with a store and, if one is given, a hub. */
async function models(
  store: string,
  args: readonly string[],
  hub?: HubServer,
  env: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  // Without a hub nothing may be requested: nothing listens there.
  const endpoint = hub?.endpoint ?? 'http://127.0.0.1:1';
  return runCli(['models', ...args], {
    env: { VERBATIM_MODELS_DIR: store, HF_ENDPOINT: endpoint, HF_TOKEN: '', ...env },
  });
}

describe('verbatim models', () => {
  it('lists the catalogue in an aligned table, without the network', async () => {
    const { code, stdout, stderr } = await models(temporaryFolder(), ['list']);
    expect([code, stderr]).toEqual([0, '']);
    const [header = '', embedded = '', ...rows] = stdout.split('\n');
    expect(header).toMatch(/^id +installed +architecture +case +parameters +licence +EM +F1$/);
    expect(embedded).toMatch(/^default +q8 +BERT 6x384 +uncased +22M +Apache-2\.0 +66\.25 +69\.32$/);
    expect(stdout).toMatch(
      /^csarron\/mobilebert-uncased-squad-v2 +– +MobileBERT, 24 layers +uncased +25M +MIT +75\.20 +78\.80$/m,
    );
    const column = header.indexOf('architecture');
    expect(rows.slice(0, 7).every((row) => row[column - 1] === ' ' && row[column] !== ' ')).toBe(true);
  });

  it('pulls, lists, shows, verifies and removes a model', async () => {
    const store = temporaryFolder();
    const hub = await HubServer.start({ files: fakeModel(), token: 'hf_secret' });
    const denied = await models(store, ['pull', ID], hub);
    expect([denied.code, denied.stdout]).toEqual([1, '']);
    expect(denied.stderr).toMatch(/^verbatim: \[model-access-denied\] .*HF_TOKEN/);

    const pulled = await models(store, ['pull', ID], hub, { HF_TOKEN: 'hf_secret' });
    expect([pulled.code, pulled.stderr]).toEqual([0, '']);
    expect(pulled.stdout).toBe(`${ID} (q8) is installed in ${path.join(store, 'acme', 'reader')}\n`);
    const again = await models(store, ['pull', ID, '--json'], hub, { HF_TOKEN: 'hf_secret' });
    expect(JSON.parse(again.stdout)).toMatchObject({ id: ID, fetched: [] });

    expect((await models(store, ['list'])).stdout).toMatch(
      /^acme\/reader +q8 +bert 2x32 +– +– +not stated +– +–$/m,
    );
    const listed = JSON.parse((await models(store, ['list', '--json'])).stdout) as { id: string }[];
    expect(listed).toHaveLength(9);
    expect(listed.at(-1)).toMatchObject({ id: ID, installed: { dtypes: ['q8'], manifest: { id: ID } } });

    const { stdout: info } = await models(store, ['info', ID]);
    expect(info).toMatch(/^longest window +128 tokens$/m);
    expect(info).toMatch(/^threshold +0 \(none was fitted\)$/m);
    expect(info).toMatch(/^ {2}onnx\/model_quantized\.onnx +300,000 {2}[0-9a-f]{64}$/m);

    const whole = await models(store, ['verify', ID]);
    expect([whole.code, whole.stdout]).toEqual([0, `${ID}: 4 files are what the manifest says.\n`]);
    const file = path.join(store, 'acme/reader', WEIGHTS);
    const bytes = readFileSync(file);
    bytes[7] = (bytes[7] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const damaged = await models(store, ['verify', ID]);
    expect([damaged.code, damaged.stdout]).toEqual([
      1,
      `${WEIGHTS} is damaged: its SHA-256 is not the manifest's.\n`,
    ]);
    const json = await models(store, ['verify', ID, '--json']);
    expect([json.code, JSON.parse(json.stdout)]).toMatchObject([1, { problems: [{ file: WEIGHTS }] }]);

    expect((await models(store, ['remove', ID])).stdout).toBe(`Removed ${ID}.\n`);
    expect((await models(store, ['remove', ID])).code).toBe(1);
  });

  it('shows a model that is not installed, and the embedded one with its threshold', async () => {
    const store = temporaryFolder();
    const { code, stdout } = await models(store, ['info', 'deepset/tinyroberta-squad2']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^installed +no; `verbatim models pull deepset\/tinyroberta-squad2` installs it$/m,
    );
    expect(stdout).toMatch(/^ONNX weights +onnx-community\/tinyroberta-squad2-ONNX: fp32 q8$/m);
    expect(stdout).toMatch(/^number format +q8 is best on a CPU: about 2 times as fast as fp32/m);
    const embedded = await models(store, ['info', 'default']);
    expect(embedded.stdout).toMatch(/^threshold +-1\.439, for 50% unanswerable; fitted on /m);
    const json = await models(store, ['info', 'verbatim-minilm-l6', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ id: 'default', installed: { dtypes: ['q8'] } });
  });

  it('adds a folder and refuses one with pickled weights only', async () => {
    const store = temporaryFolder();
    const added = await models(store, ['add', temporaryFolder(fakeModel()), '--id', ID]);
    expect([added.code, added.stdout]).toEqual([
      0,
      `Installed ${ID} (q8) in ${path.join(store, 'acme', 'reader')}\n`,
    ]);
    const pickled = await models(store, [
      'add',
      temporaryFolder({ 'config.json': '{}', 'pytorch_model.bin': '' }),
    ]);
    expect([pickled.code, pickled.stdout]).toEqual([1, '']);
    expect(pickled.stderr).toMatch(/^verbatim: \[model-unsafe-format\] Refused "pytorch_model\.bin"/);
  });

  it('leaves nothing that looks installed when it is killed, and goes on the next time', async () => {
    const store = temporaryFolder();
    const hub = await HubServer.start({ files: fakeModel(randomBytes(3_000_000)) });
    hub.fail(WEIGHTS, { kind: 'stall', after: 2_000_000 });
    const child = spawn(process.execPath, [MAIN, 'models', 'pull', ID], {
      env: { ...process.env, VERBATIM_MODELS_DIR: store, HF_ENDPOINT: hub.endpoint },
      stdio: 'ignore',
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const part = path.join(store, '.partial', 'acme--reader', WEIGHTS);
    // All that the server has sent must be on disk: then the size no longer changes.
    await vi.waitFor(() => expect(statSync(part).size).toBe(2_000_000), { timeout: 60_000, interval: 20 });
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;

    expect(existsSync(path.join(store, 'acme'))).toBe(false);
    expect((await models(store, ['list'])).stdout).not.toContain(ID);
    expect((await models(store, ['verify', ID])).stderr).toContain('[model-not-found]');
    hub.requests.length = 0;
    expect((await models(store, ['pull', ID], hub)).code).toBe(0);
    expect(hub.bodies()).toEqual([`${WEIGHTS} bytes=2000000-`]);
    expect((await models(store, ['verify', ID])).code).toBe(0);
  });

  it('stops at Ctrl-C with exit code 130 and keeps what it has', async () => {
    const store = temporaryFolder();
    const hub = await HubServer.start({ files: fakeModel(randomBytes(3_000_000)) });
    hub.fail(WEIGHTS, { kind: 'stall', after: 1_000_000 });
    const child = spawn(process.execPath, [MAIN, 'models', 'pull', ID], {
      env: { ...process.env, VERBATIM_MODELS_DIR: store, HF_ENDPOINT: hub.endpoint },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    const part = path.join(store, '.partial', 'acme--reader', WEIGHTS);
    await vi.waitFor(() => expect(statSync(part).size).toBe(1_000_000), { timeout: 60_000, interval: 20 });
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(stderr).toBe(`verbatim: stopped; the next \`verbatim models pull ${ID}\` goes on from here.\n`);
    expect(statSync(part).size).toBe(1_000_000);
  });

  it.each([
    ['an id that leaves the store', ['pull', '../x'], 2, 'invalid-option', '"../x"'],
    ['an unknown number format', ['pull', ID, '--dtype', 'q4'], 2, 'invalid-option', 'q8, fp16, fp32'],
    [
      'pickled weights',
      ['pull', ID, '--weights', 'pytorch_model.bin'],
      1,
      'model-unsafe-format',
      'pytorch_model.bin',
    ],
    ['a folder that is not there', ['add', 'no/such'], 1, 'path-not-found', '"no/such"'],
    ['a model that no one knows', ['info', 'acme/none'], 1, 'model-not-found', '"acme/none"'],
    ['no model', ['verify'], 2, 'invalid-option', "'id'"],
    ['an unknown sub-command', ['install', ID], 2, 'invalid-option', "'install'"],
  ])('refuses %s in one line that names it', async (_what, args, exitCode, errorCode, named) => {
    const { code, stdout, stderr } = await models(temporaryFolder(), args);
    expect([code, stdout]).toEqual([exitCode, '']);
    expect(stderr.split('\n')[0]).toMatch(new RegExp(`^verbatim: \\[${errorCode}\\] `));
    expect(stderr).toContain(named);
  });

  it.each(['list', 'info', 'pull', 'verify', 'add', 'remove'])(
    'prints help with examples for %s',
    async (name) => {
      const { code, stdout } = await runCli(['models', name, '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain(`Usage: verbatim models ${name}`);
      expect(stdout).toMatch(/Examples:\n {2}\$ /);
      expect(stdout).toContain('--json');
    },
  );
});

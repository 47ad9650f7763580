import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/run-cli.js';
import { startServerProcess } from '../support/server-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('verbatim serve', () => {
  it('serves the help centre that comes with the package, and ends on SIGTERM without a trace', async () => {
    const TMPDIR = temporaryFolder();
    const server = await startServerProcess(['--workers', '1'], { env: { TMPDIR } });
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const response = await server.call('/v1/answer', { question: 'How long is the warranty?' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      kind: 'answer',
      passagesRead: expect.any(Number) as number,
    });
    expect((await server.call('/health')).status).toBe(200);
    expect(readdirSync(TMPDIR)).toEqual([expect.stringMatching(/^verbatim-serve-/)]);
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(server.stderr()).toBe(`Listening on ${server.url}\n`);
    expect(readdirSync(TMPDIR)).toEqual([]);
  });

  it('writes a log of JSON lines with request ids and without questions', async () => {
    const server = await startServerProcess(['--workers', '1']);
    const response = await server.call('/v1/answer', { question: 'How long is the warranty?' });
    await response.text();
    server.child.kill('SIGTERM');
    await server.ended;
    const records = server
      .stdout()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records[0]).toMatchObject({ level: 'info', msg: 'listening', url: server.url });
    expect(server.stdout()).toContain(response.headers.get('x-request-id'));
    expect(server.stdout()).not.toContain('warranty');
    expect(records.at(-1)).toMatchObject({ msg: 'stopped' });
  });

  it('names the port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await runCli(['serve', '--port', String(port)]);
    other.close();
    expect([code, stderr]).toEqual([
      1,
      `verbatim: [address-unavailable] Cannot listen on 127.0.0.1:${port}: another process listens on that port; choose another one with --port.\n`,
    ]);
  });

  it('prints the settings in force with where each comes from, as YAML that it takes again and as JSON', async () => {
    const cwd = temporaryFolder({ 'verbatim.yaml': 'port: 9000\ncors: ["https://a.example"]\n' });
    const env = { VERBATIM_HOST: '::1', VERBATIM_CONFIG: 'verbatim.yaml' };
    const yaml = await runCli(['serve', '--print-config', '--max-batch', '8'], { cwd, env });
    expect(yaml.code).toBe(0);
    const lines = yaml.stdout.split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        '# index:',
        'host: ::1 # VERBATIM_HOST',
        'port: 9000 # port in verbatim.yaml',
        'cors: [ https://a.example ] # cors in verbatim.yaml',
        'maxBatch: 8 # --max-batch',
        'shutdownMs: 30000 # default',
      ]),
    );
    const again = temporaryFolder({ 'printed.yaml': yaml.stdout });
    const json = await runCli(['serve', '--config', 'printed.yaml', '--print-config', '--json'], {
      cwd: again,
    });
    expect(JSON.parse(json.stdout)).toMatchObject({
      host: { value: '::1', source: 'host in printed.yaml' },
      cors: { value: ['https://a.example'] },
      index: { value: null, source: 'default' },
      json: { value: true, source: '--json' },
    });
  });

  it('refuses wrong settings before it does anything, naming where they stand', async () => {
    const cwd = temporaryFolder({ 'verbatim.yaml': 'port: 99999\n' });
    const file = await runCli(['serve', '--config', 'verbatim.yaml'], { cwd });
    expect([file.code, file.stderr]).toEqual([
      2,
      'verbatim: [invalid-option] Expected port in verbatim.yaml to be a whole number from 0 to 65535, got 99999.\n',
    ]);
    const everywhere = await runCli(['serve', '--host', '0.0.0.0'], { cwd });
    expect([everywhere.code, everywhere.stderr]).toEqual([
      2,
      expect.stringContaining('verbatim keys create'),
    ]);
    const corpus = await runCli(['serve', '--port', '0', '--corpus', 'missing'], { cwd });
    expect([corpus.code, corpus.stderr]).toEqual([1, expect.stringMatching(/^verbatim: \[path-not-found\]/)]);
  });
});

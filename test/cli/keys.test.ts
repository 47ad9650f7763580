import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/run-cli.js';
import { startServerProcess } from '../support/server-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const EVERYWHERE = ['--host', '0.0.0.0', '--workers', '1'];

describe('verbatim keys', () => {
  it('makes, lists and revokes keys, with effect on a running server', async () => {
    const cwd = temporaryFolder();
    const keys = path.join(cwd, 'keys.json');
    const none = await runCli(['serve', '--port', '0', ...EVERYWHERE, '--keys', keys]);
    expect([none.code, none.stderr]).toEqual([
      2,
      expect.stringContaining(`make one with \`verbatim keys create --keys ${keys}\``),
    ]);

    const created = await runCli(['keys', 'create', '--keys', keys, '--name', 'page', '--json']);
    const { id, token } = JSON.parse(created.stdout) as { id: string; token: string };
    const server = await startServerProcess([...EVERYWHERE, '--keys', keys]);
    const address = new URL(server.url);
    expect(address.hostname).toBe('0.0.0.0');
    const info = async (authorization?: string): Promise<number> =>
      (
        await fetch(`http://127.0.0.1:${address.port}/v1/info`, {
          headers: authorization === undefined ? {} : { Authorization: authorization },
        })
      ).status;
    expect(await info()).toBe(401);
    expect(await info('Bearer vq_wrong')).toBe(401);
    expect(await info(`Bearer ${token}`)).toBe(200);

    const listed = await runCli(['keys', 'list'], { env: { VERBATIM_KEYS: keys } });
    expect(listed.stdout).toMatch(new RegExp(`^id .*\n${id} +page +read +– +\\d{4}-`));
    expect(listed.stdout).not.toContain(token.slice(3));

    const revoked = await runCli(['keys', 'revoke', id, '--keys', keys]);
    expect([revoked.code, revoked.stdout]).toEqual([0, `Revoked ${id}.\n`]);
    expect(await info(`Bearer ${token}`)).toBe(401);
    const again = await runCli(['keys', 'revoke', id, '--keys', keys]);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining(`No key "${id}"`)]);
  });

  it('prints the token alone on standard output, and refuses a scope that there is not', async () => {
    const cwd = temporaryFolder();
    const created = await runCli(['keys', 'create', '--scope', 'read, write'], { cwd });
    expect(created.stdout).toMatch(/^vq_[\w-]{43}\n$/);
    expect(created.stderr).toMatch(/^key_[0-9a-f]{12} may read, write\. /);
    const refused = await runCli(['keys', 'create', '--scope', 'root'], { cwd });
    expect([refused.code, refused.stderr]).toEqual([
      2,
      'verbatim: [invalid-option] Expected --scope to be some of read, write, admin, separated by commas, got "root".\n',
    ]);
  });
});

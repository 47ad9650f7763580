import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isLoopback, requiredKeys } from '../../../src/server/operations/access.js';
import { KeyStore } from '../../../src/server/operations/key-store.js';
import { errorOf } from '../../support/error-of.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const newFile = (): string => path.join(temporaryFolder(), 'keys.json');

describe('KeyStore', () => {
  it('lets the holder of a token in, with the scopes and limit of the key, and nobody else', async () => {
    const store = new KeyStore(newFile());
    await store.create({ name: 'other', scopes: ['admin'] });
    const { token, key } = await store.create({
      name: 'search',
      scopes: ['read', 'write'],
      requestsPerMinute: 7,
    });
    expect(token).toMatch(/^vq_[\w-]{43}$/);
    expect(await store.check(token)).toEqual({
      id: key.id,
      scopes: ['read', 'write'],
      requestsPerMinute: 7,
    });
    expect(await store.check(token.slice(0, -1))).toBeUndefined();
    expect(await store.check('')).toBeUndefined();
    expect(await store.check(key.sha256)).toBeUndefined();
  });

  it('keeps the hash of a token, never the token, in a file for this user alone', async () => {
    const file = newFile();
    const { token } = await new KeyStore(file).create({ name: '', scopes: ['read'] });
    const content = readFileSync(file, 'utf8');
    expect(content).toContain(createHash('sha256').update(token).digest('hex'));
    expect(content).not.toContain(token.slice(3));
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('sees at once what another process has made or revoked', async () => {
    const file = newFile();
    const server = new KeyStore(file);
    const commandLine = new KeyStore(file);
    expect(await server.check('vq_x')).toBeUndefined();
    const { token, key } = await commandLine.create({ name: '', scopes: ['read'] });
    expect(await server.check(token)).toMatchObject({ id: key.id });
    await commandLine.revoke(key.id);
    expect(await server.check(token)).toBeUndefined();
    expect((await errorOf(() => commandLine.revoke(key.id))).code).toBe('key-not-found');
  });

  it('loses no key where several are made at once', async () => {
    const file = newFile();
    await Promise.all(
      Array.from({ length: 8 }, (_, i) => new KeyStore(file).create({ name: String(i), scopes: ['read'] })),
    );
    const names = (await new KeyStore(file).list()).map(({ name }) => name).sort();
    expect(names).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
  });

  it('lets nobody in while the file is damaged', async () => {
    const file = newFile();
    const store = new KeyStore(file);
    const { token } = await store.create({ name: '', scopes: ['read'] });
    writeFileSync(file, '{"format": 1');
    expect((await errorOf(() => store.check(token))).code).toBe('keys-damaged');
    writeFileSync(file, '{"format": 1, "keys": [{"id": "a"}]}');
    expect((await errorOf(() => store.list())).message).toContain(file);
  });
});

describe('required keys', () => {
  const before = process.cwd();
  // Without a file of keys there.
  beforeEach(() => process.chdir(tmpdir()));
  afterEach(() => process.chdir(before));

  it('are none on the loopback address, unless some were made or a file was named', async () => {
    const keys = newFile();
    expect(await requiredKeys({ host: '127.0.0.1', keys: undefined, anonymous: false })).toBeUndefined();
    const error = await errorOf(() => requiredKeys({ host: '127.0.0.1', keys, anonymous: false }));
    expect([error.code, error.message]).toEqual(['invalid-option', expect.stringContaining(keys)]);
    await new KeyStore(keys).create({ name: '', scopes: ['read'] });
    expect(await requiredKeys({ host: '127.0.0.1', keys, anonymous: false })).toBeInstanceOf(KeyStore);
    expect(await requiredKeys({ host: '0.0.0.0', keys, anonymous: false })).toBeInstanceOf(KeyStore);
  });

  it('must exist on any other address, unless anonymous access was asked for', async () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.5', 'verbatim.example', '128.0.0.1']) {
      const error = await errorOf(() => requiredKeys({ host, anonymous: false }));
      expect(error.message).toContain('make one with `verbatim keys create --keys verbatim-keys.json`');
      expect(error.message).toContain(host);
      expect(await requiredKeys({ host, anonymous: true })).toBeUndefined();
    }
  });

  it('know the loopback addresses', () => {
    expect(['localhost', '127.0.0.1', '127.8.9.1', '::1'].map(isLoopback)).toEqual([true, true, true, true]);
    expect(['127.example.org', '0.0.0.0', '::', '10.0.0.1'].map(isLoopback)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

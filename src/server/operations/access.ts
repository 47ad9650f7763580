import { isIP } from 'node:net';
import { received, VerbatimError } from '../../core/errors.js';
import { DEFAULT_KEYS_FILE, KeyStore } from './key-store.js';
import type { ServerSettings } from './settings.js';

/** Whether only processes of this machine can reach an address. A name other than localhost may be anybody's. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

/**
 * The keys that requests need: those of the file, if it holds any. Without a key everybody may ask only who can reach the loopback
 * address, or by an explicit setting.
 *
 * @returns undefined for anonymous access.
 * @throws VerbatimError `invalid-option` if keys are needed and there are none; `keys-damaged`.
 */
export async function requiredKeys(
  settings: Pick<ServerSettings, 'host' | 'keys' | 'anonymous'>,
): Promise<KeyStore | undefined> {
  const { host, anonymous, keys: file = DEFAULT_KEYS_FILE } = settings;
  if (anonymous) return undefined;
  const store = new KeyStore(file);
  if ((await store.list()).length > 0) return store;
  if (settings.keys === undefined && isLoopback(host)) return undefined;
  const why = settings.keys === undefined ? `to listen on ${host}, which others can reach,` : 'there';
  throw new VerbatimError(
    'invalid-option',
    `Expected an API key in ${received(file)} ${why} got none: make one with \`verbatim keys create --keys ${file}\`, or let everybody in with --anonymous.`,
  );
}

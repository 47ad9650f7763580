import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { open, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { received, VerbatimError } from '../../core/errors.js';
import type { KeyChecker, KeyHolder } from '../deps.js';

/** Where keys are kept if nothing else is said. */
export const DEFAULT_KEYS_FILE = 'verbatim-keys.json';

/** What a key may allow, as the command line and the file name it. */
export const SCOPES = ['read', 'write', 'admin'] as const;

const keySchema = z.object({
  id: z.string().min(1),
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)).min(1),
  requestsPerMinute: z.int().min(1).optional(),
  /** ISO 8601. */
  createdAt: z.string(),
  /** SHA-256 of the token, in hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const fileSchema = z.object({ format: z.literal(1), keys: z.array(keySchema) });

export type StoredKey = z.infer<typeof keySchema>;
export type NewKey = Pick<StoredKey, 'name' | 'scopes' | 'requestsPerMinute'>;

const TOKEN_BYTES = 32;
const WAIT_FOR_LOCK_MS = 5_000;
const LOCK_RETRY_MS = 50;

/**
 * API keys in a file. Only hashes are kept. SHA-256 is enough: a token is 256 random bits, so there is no dictionary that a slow hash
 * such as bcrypt would have to slow down, and that one would cost every request a tenth of a second.
 */
export class KeyStore implements KeyChecker {
  readonly #file: string;
  #loaded: { readonly stamp: string; readonly keys: readonly StoredKey[] } | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** The keys as they are now; none without a file. @throws VerbatimError `keys-damaged`, `file-unreadable`. */
  async list(): Promise<readonly StoredKey[]> {
    // Looked at with every request: a key that was revoked lets nobody in any more.
    const stamp = await stampOf(this.#file);
    if (this.#loaded?.stamp !== stamp) this.#loaded = { stamp, keys: await readKeys(this.#file) };
    return this.#loaded.keys;
  }

  async check(token: string): Promise<KeyHolder | undefined> {
    const hash = createHash('sha256').update(token).digest();
    let holder: StoredKey | undefined;
    // All are compared, each in constant time: how long it takes says nothing of any key.
    for (const key of await this.list()) {
      if (timingSafeEqual(hash, Buffer.from(key.sha256, 'hex'))) holder = key;
    }
    if (holder === undefined) return undefined;
    const { id, scopes, requestsPerMinute } = holder;
    return { id, scopes, ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }) };
  }

  /**
   * Makes a key.
   *
   * @returns the token: it is kept nowhere and cannot be shown again.
   * @throws VerbatimError `keys-damaged`, `file-unwritable`.
   */
  async create({ name, scopes, requestsPerMinute }: NewKey): Promise<{ token: string; key: StoredKey }> {
    const token = `vq_${randomBytes(TOKEN_BYTES).toString('base64url')}`;
    const key: StoredKey = {
      id: `key_${randomBytes(6).toString('hex')}`,
      name,
      scopes,
      ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
      createdAt: new Date().toISOString(),
      sha256: createHash('sha256').update(token).digest('hex'),
    };
    await this.#change((keys) => [...keys, key]);
    return { token, key };
  }

  /** Makes a key invalid, for running servers too. @throws VerbatimError `key-not-found`, `keys-damaged`, `file-unwritable`. */
  async revoke(id: string): Promise<void> {
    await this.#change((keys) => {
      const others = keys.filter((key) => key.id !== id);
      if (others.length === keys.length) {
        throw new VerbatimError(
          'key-not-found',
          `No key ${received(id)} in ${received(this.#file)}; \`verbatim keys list\` shows the ids.`,
        );
      }
      return others;
    });
  }

  /** The new content is written beside the file and renamed over it. Whoever makes that file holds the lock, too. */
  async #change(edit: (keys: readonly StoredKey[]) => readonly StoredKey[]): Promise<void> {
    const next = `${this.#file}.lock`;
    const handle = await createExclusively(next);
    try {
      const keys = edit(await readKeys(this.#file));
      await handle.writeFile(`${JSON.stringify({ format: 1, keys }, null, 2)}\n`);
      await handle.sync();
      await handle.close();
      await rename(next, this.#file);
    } catch (error) {
      await handle.close();
      await rm(next, { force: true });
      throw VerbatimError.isInstance(error) ? error : unwritable(this.#file, error);
    }
  }
}

async function createExclusively(file: string): Promise<FileHandle> {
  const giveUpAt = Date.now() + WAIT_FOR_LOCK_MS;
  for (;;) {
    try {
      return await open(file, 'wx', 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(file, error);
      if (Date.now() >= giveUpAt) {
        throw new VerbatimError(
          'file-unwritable',
          `Another process is changing the keys: ${received(file)} exists. If none is, remove that file.`,
          error,
        );
      }
      await sleep(LOCK_RETRY_MS);
    }
  }
}

async function readKeys(file: string): Promise<readonly StoredKey[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return [];
    throw unreadable(file, error);
  }
  try {
    return fileSchema.parse(JSON.parse(text)).keys;
  } catch (error) {
    throw new VerbatimError(
      'keys-damaged',
      `${received(file)} does not hold keys that \`verbatim keys\` made.`,
      error,
    );
  }
}

/** Changes with every change of the file: each makes a new one. */
async function stampOf(file: string): Promise<string> {
  try {
    const { ino, mtimeNs, size } = await stat(file, { bigint: true });
    return `${ino}:${mtimeNs}:${size}`;
  } catch (error) {
    if (isMissing(error)) return 'missing';
    throw unreadable(file, error);
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function unreadable(file: string, error: unknown): VerbatimError {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  return new VerbatimError('file-unreadable', `Cannot read ${received(file)}: ${code}.`, error);
}

function unwritable(file: string, error: unknown): VerbatimError {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  return new VerbatimError('file-unwritable', `Cannot write ${received(file)}: ${code}.`, error);
}

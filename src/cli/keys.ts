import { Argument, Command } from 'commander';
import { received, VerbatimError } from '../core/errors.js';
import type { Scope } from '../server/deps.js';
import { DEFAULT_KEYS_FILE, KeyStore, SCOPES, type StoredKey } from '../server/operations/key-store.js';
import { flag, jsonOption, wholeNumber } from './options.js';
import { table } from './table.js';

interface KeysFlags {
  readonly keys: string;
  readonly json?: boolean;
}

interface CreateFlags extends KeysFlags {
  readonly scope: readonly Scope[];
  readonly name: string;
  readonly requestsPerMinute?: number;
}

export function keysCommand(): Command {
  return new Command('keys')
    .description('Make, list and revoke API keys for `verbatim serve`.')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand())
    .addHelpText(
      'after',
      `
Examples:
  $ verbatim keys create --name search-page --scope read
  $ verbatim keys create --name importer --scope read,write --requests-per-minute 6000
  $ verbatim keys list
  $ verbatim keys revoke key_5f0c9a3d12b4

A running server takes changes at once.`,
    );
}

function createCommand(): Command {
  return command('create', 'Make a key and print it, once: only its hash is kept.', [
    'verbatim keys create --name search-page --scope read',
    'verbatim keys create --name importer --scope read,write --json | jq -r .token',
  ])
    .addOption(
      flag('--scope <scopes>', `what it allows, separated by commas: ${SCOPES.join(', ')}`)
        .argParser(scopesOf)
        .default(['read'], 'read'),
    )
    .addOption(flag('--name <name>', 'what it is for').default(''))
    .addOption(
      flag(
        '--requests-per-minute <n>',
        'requests with it in a minute at most (default: as the server says)',
      ).argParser(wholeNumber(1)),
    )
    .action(async ({ keys, scope, name, requestsPerMinute, json }: CreateFlags) => {
      const { token, key } = await new KeyStore(keys).create({
        name,
        scopes: [...scope],
        ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
      });
      if (json === true) {
        print({ token, ...key, sha256: undefined });
        return;
      }
      // The token alone on standard output, so that it can be piped.
      process.stdout.write(`${token}\n`);
      console.error(`${key.id} may ${key.scopes.join(', ')}. The token above is not shown again.`);
    });
}

function listCommand(): Command {
  return command('list', 'List the keys.', ['verbatim keys list', 'verbatim keys list --json']).action(
    async ({ keys, json }: KeysFlags) => {
      const stored = await new KeyStore(keys).list();
      if (json === true) print(stored.map(withoutHash));
      else process.stdout.write(renderKeys(stored, keys));
    },
  );
}

function revokeCommand(): Command {
  return command('revoke', 'Make a key invalid.', ['verbatim keys revoke key_5f0c9a3d12b4'])
    .addArgument(new Argument('<id>', 'id of the key, as `verbatim keys list` shows it'))
    .action(async (id: string, { keys, json }: KeysFlags) => {
      await new KeyStore(keys).revoke(id);
      if (json === true) print({ id, revoked: true });
      else process.stdout.write(`Revoked ${id}.\n`);
    });
}

function command(name: string, description: string, examples: readonly string[]): Command {
  const lines = ['', 'Examples:', ...examples.map((example) => `  $ ${example}`)];
  return new Command(name)
    .description(description)
    .addOption(flag('--keys <file>', 'file of the keys').default(DEFAULT_KEYS_FILE))
    .addOption(jsonOption())
    .addHelpText('after', lines.join('\n'));
}

/** Parses `read,write`. */
function scopesOf(text: string): readonly Scope[] {
  return text.split(',').map((part) => {
    const scope = SCOPES.find((known) => known === part.trim());
    if (scope !== undefined) return scope;
    throw new VerbatimError(
      'invalid-option',
      `Expected --scope to be some of ${SCOPES.join(', ')}, separated by commas, got ${received(text)}.`,
    );
  });
}

function withoutHash(key: StoredKey): unknown {
  return { ...key, sha256: undefined };
}

function print(json: unknown): void {
  process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
}

function renderKeys(keys: readonly StoredKey[], file: string): string {
  if (keys.length === 0) return `No keys in ${file}.\n`;
  const rows = keys.map(({ id, name, scopes, requestsPerMinute, createdAt }) => [
    id,
    name,
    scopes.join(','),
    requestsPerMinute === undefined ? '–' : String(requestsPerMinute),
    createdAt,
  ]);
  return table([['id', 'name', 'scopes', 'requests/min', 'made'], ...rows], new Set([3]));
}

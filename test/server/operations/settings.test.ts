import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../src/server/deps.js';
import { readConfig } from '../../../src/server/operations/read-config.js';
import {
  environmentLayer,
  flagsLayer,
  resolveSettings,
} from '../../../src/server/operations/resolve-settings.js';
import { serverSettings, settingFlag } from '../../../src/server/operations/settings.js';
import { errorOf } from '../../support/error-of.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

async function fileLayer(content: string): ReturnType<typeof readConfig> {
  return readConfig(path.join(temporaryFolder({ 'verbatim.yaml': content }), 'verbatim.yaml'));
}

describe('settings', () => {
  it('come from flags before the environment before the file before the defaults, and say from where', async () => {
    const file = await fileLayer('port: 1\nhost: file.example\nkeepAliveMs: 5\n');
    const { settings, sources } = resolveSettings([
      flagsLayer({ port: '3' }),
      environmentLayer({ VERBATIM_PORT: '2', VERBATIM_HOST: 'environment.example', PORT: '4' }),
      file,
    ]);
    expect(settings).toMatchObject({
      port: 3,
      host: 'environment.example',
      keepAliveMs: 5,
      shutdownMs: 30_000,
    });
    expect(sources).toMatchObject({ port: '--port', host: 'VERBATIM_HOST', shutdownMs: 'default' });
    expect(sources.keepAliveMs).toMatch(/^keepAliveMs in .*verbatim\.yaml$/);
  });

  it('are the defaults of the routes where nothing is said', () => {
    const { settings } = resolveSettings([]);
    expect(settings).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      anonymous: false,
      logQuestions: false,
      maxBodyBytes: DEFAULT_LIMITS.bodyBytes,
      requestMs: DEFAULT_LIMITS.requestMs,
    });
    expect(settings.index).toBeUndefined();
  });

  it('take a corpus over the index of a weaker place, and refuse both from one', async () => {
    const { settings } = resolveSettings([
      flagsLayer({ corpus: ['docs'] }),
      environmentLayer({ VERBATIM_INDEX: '/kb' }),
    ]);
    expect([settings.corpus, settings.index]).toEqual([['docs'], undefined]);
    const error = await errorOf(() =>
      resolveSettings([environmentLayer({ VERBATIM_INDEX: '/kb', VERBATIM_CORPUS: 'docs' })]),
    );
    expect(error).toMatchObject({
      code: 'invalid-option',
      message: 'Expected only one of VERBATIM_INDEX and VERBATIM_CORPUS, got both.',
    });
  });

  it('are read from text: numbers, true and false, lists, and an empty variable as none', () => {
    const { settings, sources } = resolveSettings([
      environmentLayer({
        VERBATIM_ANONYMOUS: 'false',
        VERBATIM_READ_ONLY: '1',
        VERBATIM_CORS: 'https://a.example, http://localhost:3000',
        VERBATIM_CORPUS: 'docs, old',
        VERBATIM_SHUTDOWN_MS: '0',
        VERBATIM_TRUST_PROXY: '10.0.0.0/8, loopback',
        VERBATIM_MODEL: '',
      }),
    ]);
    expect(settings).toMatchObject({
      anonymous: false,
      readOnly: true,
      cors: ['https://a.example', 'http://localhost:3000'],
      corpus: ['docs, old'],
      shutdownMs: 0,
      trustProxy: ['10.0.0.0/8', 'loopback'],
    });
    expect(resolveSettings([environmentLayer({ VERBATIM_TRUST_PROXY: '2' })]).settings.trustProxy).toBe(2);
    expect(sources.model).toBe('default');
  });

  it.each([
    [{ VERBATIM_PORT: '65536' }, 'Expected VERBATIM_PORT to be a whole number from 0 to 65535, got "65536".'],
    [{ VERBATIM_PORT: ' ' }, 'Expected VERBATIM_PORT to be a whole number from 0 to 65535, got " ".'],
    [{ VERBATIM_WORKERS: '1.5' }, 'Expected VERBATIM_WORKERS to be a whole number from 1 to 256, got "1.5".'],
    [{ VERBATIM_MAX_BATCH: '0' }, 'Expected VERBATIM_MAX_BATCH to be a whole number of at least 1, got "0".'],
    [{ VERBATIM_ANONYMOUS: 'yes' }, 'Expected VERBATIM_ANONYMOUS to be true or false, got "yes".'],
    [{ VERBATIM_DTYPE: 'int4' }, 'Expected VERBATIM_DTYPE to be one of q8, fp32, fp16, got "int4".'],
    ...['0', 'true', 'proxy.example', '10.0.0.0/33', '10.0.0.0/0', ''.padEnd(1)].map(
      (value): [Record<string, string>, string] => [
        { VERBATIM_TRUST_PROXY: value },
        `Expected VERBATIM_TRUST_PROXY to be a whole number of at least 1, or addresses and subnets such as loopback, 10.0.0.0/8, got "${value}".`,
      ],
    ),
    [
      { VERBATIM_CORS: 'https://a.example/path' },
      'Expected VERBATIM_CORS to be a list of origins such as https://example.org, or *, got "https://a.example/path".',
    ],
  ])(
    'refuse %j, naming the setting, its source, what is expected and what came',
    async (environment, message) => {
      const error = await errorOf(() => resolveSettings([environmentLayer(environment)]));
      expect([error.code, error.message]).toEqual(['invalid-option', message]);
    },
  );

  it('of a file have its name in errors, also where the name of a setting is wrong', async () => {
    const wrong = await fileLayer('workers: many\n');
    const wrongError = await errorOf(() => resolveSettings([wrong]));
    expect(wrongError.message).toMatch(
      /^Expected workers in .*verbatim\.yaml to be a whole number from 1 to 256, got "many"\.$/,
    );
    for (const name of ['prot', '__proto__', 'constructor']) {
      const unknown = await fileLayer(`${name}: 1\n`);
      const error = await errorOf(() => resolveSettings([unknown]));
      expect(error.message).toMatch(new RegExp(`^${name} in .*verbatim\\.yaml is no setting`));
    }
  });

  it('are read from YAML, JSON and an empty file, and a damaged file is named with the line', async () => {
    expect((await fileLayer('{"port": 1, "cors": ["*"]}')).values).toEqual({ port: 1, cors: ['*'] });
    expect((await fileLayer('# nothing yet\n')).values).toEqual({});
    expect((await errorOf(() => fileLayer('port: [1\n'))).message).toMatch(
      /verbatim\.yaml" is neither YAML nor JSON: .* at line 2/,
    );
    expect((await errorOf(() => fileLayer('- port\n'))).code).toBe('file-invalid');
    expect((await errorOf(() => readConfig('/no/such.yaml'))).code).toBe('path-not-found');
  });

  it('all have a flag of their own name', () => {
    for (const [name, setting] of Object.entries(serverSettings.shape)) {
      const long = /--([a-z-]+)/.exec(settingFlag(setting)?.flags ?? '')?.[1] ?? '';
      expect(long.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())).toBe(name);
    }
  });
});

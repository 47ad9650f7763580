import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  listModels,
  loadReader,
  pullModel,
  verifyModel,
  type PulledModel,
  type PullOptions,
} from '../../src/reader/index.js';
import { errorOf } from '../support/error-of.js';
import { COMMIT, fakeModel, HubServer, sha256 } from '../support/hub-server.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const ID = 'acme/reader';
const WEIGHTS = 'onnx/model_quantized.onnx';
const FP32 = 'onnx/model.onnx';

/** A hub, an empty store, and a pull between them whose pauses are noted, not waited for. */
async function setUp(
  files: Readonly<Record<string, Uint8Array | string>> = fakeModel(),
  token?: string,
): Promise<{
  readonly hub: HubServer;
  readonly store: string;
  readonly pauses: number[];
  readonly pull: (options?: Partial<PullOptions>) => Promise<PulledModel>;
}> {
  const hub = await HubServer.start({ files, ...(token === undefined ? {} : { token }) });
  const store = temporaryFolder();
  const pauses: number[] = [];
  const sleep = async (milliseconds: number): Promise<void> => {
    pauses.push(milliseconds);
  };
  return {
    hub,
    store,
    pauses,
    pull: (options = {}) => pullModel(ID, { endpoint: hub.endpoint, store, sleep, ...options }),
  };
}

async function expectNothingInstalled(store: string): Promise<void> {
  expect((await listModels(store)).models).toEqual([]);
  expect(existsSync(path.join(store, 'acme'))).toBe(false);
}

/** The fake model without one file. */
const without = (missing: string): Record<string, Uint8Array | string> =>
  Object.fromEntries(Object.entries(fakeModel()).filter(([name]) => name !== missing));

const partial = (store: string, file: string): string => path.join(store, '.partial', 'acme--reader', file);

describe('pulling a model', () => {
  it('installs config, tokenizer and weights with a manifest of their sizes and checksums', async () => {
    const { hub, store, pull } = await setUp();
    const { folder, manifest, dtypes, fetched } = await pull();
    expect(folder).toBe(path.join(store, 'acme', 'reader'));
    expect(manifest).toEqual({
      format: 1,
      id: ID,
      revision: COMMIT,
      licence: 'not stated',
      source: `${hub.endpoint}/${ID}`,
      architecture: 'bert 2x32',
      // The position table has 128 rows; the tokenizer declares no limit.
      maxSequenceLength: 128,
      files: Object.fromEntries(
        Object.entries(hub.files).map(([file, content]) => [
          file,
          { bytes: content.length, sha256: sha256(content) },
        ]),
      ),
    });
    expect([dtypes, fetched.length]).toEqual([['q8'], 4]);
    expect(JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8'))).toEqual(manifest);
    expect(await verifyModel(folder)).toEqual([]);
    expect((await listModels(store)).models.map(({ id }) => id)).toEqual([ID]);
    expect(readdirSync(folder).sort()).toEqual([
      'config.json',
      'manifest.json',
      'onnx',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    expect(readdirSync(path.join(store, '.partial'))).toEqual([]);
    expect(readdirSync(path.join(store, '.locks'))).toEqual([]);
  });

  it('takes every file from the commit that the revision stood for at the start', async () => {
    const { hub, pull } = await setUp();
    await pull({ revision: 'v2' });
    const revisions = hub.requests
      .filter(({ origin, file }) => origin === 'hub' && file !== 'config.json')
      .map(({ url }) => url.split('/')[4]);
    expect(new Set(revisions)).toEqual(new Set([COMMIT]));
  });

  it('reports the bytes of each file as they arrive', async () => {
    const { hub, pull } = await setUp();
    const seen = new Map<string, [number, number | null][]>();
    await pull({
      onProgress: (file, received, total) => seen.set(file, [...(seen.get(file) ?? []), [received, total]]),
    });
    const bytes = hub.files[WEIGHTS]?.length;
    expect([...seen.keys()]).toEqual(['config.json', 'tokenizer.json', 'tokenizer_config.json', WEIGHTS]);
    expect(seen.get(WEIGHTS)?.at(0)).toEqual([0, bytes]);
    expect(seen.get(WEIGHTS)?.at(-1)).toEqual([bytes, bytes]);
  });

  it('does without tokenizer_config.json', async () => {
    const files = without('tokenizer_config.json');
    const { pull } = await setUp(files);
    expect(Object.keys((await pull()).manifest.files)).not.toContain('tokenizer_config.json');
  });

  it('finds weights beside config.json too, where Optimum exports them', async () => {
    const { [WEIGHTS]: weights = '', ...files } = fakeModel();
    const { pull } = await setUp({ ...files, 'model_quantized.onnx': weights });
    expect(Object.keys((await pull()).manifest.files)).toContain(WEIGHTS);
  });

  it('takes weights under another name', async () => {
    const { pull } = await setUp({ ...fakeModel(), 'onnx/model_int8.onnx': 'int8' });
    const { folder } = await pull({ weights: 'onnx/model_int8.onnx' });
    expect(readFileSync(path.join(folder, WEIGHTS), 'utf8')).toBe('int8');
  });

  it('asks only for what tells that an installed model is up to date', async () => {
    const { hub, pull } = await setUp();
    await pull();
    hub.requests.length = 0;
    expect((await pull()).fetched).toEqual([]);
    expect(hub.requests.map(({ method, file }) => `${method} ${file}`)).toEqual(['HEAD config.json']);
  });

  it('adds another number format of the same commit, keeping weights and threshold', async () => {
    const { hub, pull } = await setUp({ ...fakeModel(), [FP32]: randomBytes(500) });
    const { folder } = await pull();
    const file = path.join(folder, 'manifest.json');
    const threshold = { value: -2, unanswerableShare: 0.5, fittedOn: 'a test' };
    const fitted = {
      ...(JSON.parse(readFileSync(file, 'utf8')) as object),
      nullScoreDifferenceThreshold: threshold,
    };
    writeFileSync(file, JSON.stringify(fitted));
    hub.requests.length = 0;
    const { dtypes, manifest } = await pull({ dtype: 'fp32' });
    expect(dtypes).toEqual(['fp32', 'q8']);
    expect(manifest.nullScoreDifferenceThreshold).toEqual(threshold);
    expect(hub.bodies()).not.toContain(WEIGHTS);
    expect(await verifyModel(folder)).toEqual([]);
  });

  it('replaces an older commit in every installed number format', async () => {
    const { hub, pull } = await setUp({ ...fakeModel(), [FP32]: 'old' });
    await pull();
    await pull({ dtype: 'fp32' });
    hub.commit = 'd'.repeat(40);
    hub.files = { ...hub.files, [FP32]: Buffer.from('new'), [WEIGHTS]: Buffer.from('new q8') };
    const { folder, dtypes, manifest } = await pull();
    expect([dtypes, manifest.revision]).toEqual([['fp32', 'q8'], hub.commit]);
    expect(readFileSync(path.join(folder, FP32), 'utf8')).toBe('new');
    expect(readFileSync(path.join(folder, WEIGHTS), 'utf8')).toBe('new q8');
  });

  it('installs a real model that answers', async () => {
    const fixture = 'test/fixtures/models/bert-uncased';
    const names = ['config.json', 'tokenizer.json', 'tokenizer_config.json', FP32];
    const { pull } = await setUp(
      Object.fromEntries(names.map((name) => [name, readFileSync(path.join(fixture, name))])),
    );
    const { folder, manifest } = await pull({ dtype: 'fp32' });
    expect(manifest.maxSequenceLength).toBe(128);
    const { reader } = await loadReader({ model: folder, dtype: 'fp32' });
    const passage = { title: '', headings: [], text: 'The bridge opened in 1932.' };
    const [reading] = await reader.read('When did the bridge open?', [passage]);
    expect(reading?.spans.length).toBeGreaterThan(0);
    await reader.close();
  });
});

describe('loadReader with the id of a model', () => {
  it('fetches nothing unless allowed to, and then only what is not installed', async () => {
    const names = ['config.json', 'tokenizer.json', 'tokenizer_config.json', FP32];
    const { hub, store } = await setUp(
      Object.fromEntries(
        names.map((name) => [name, readFileSync(path.join('test/fixtures/models/bert-uncased', name))]),
      ),
    );
    const options = {
      model: hub.repository,
      modelStore: store,
      dtype: 'fp32',
      workers: 0,
      hub: { endpoint: hub.endpoint },
    } as const;
    expect((await errorOf(() => loadReader(options))).code).toBe('model-not-found');
    expect(hub.requests).toEqual([]);
    const fetched = await loadReader({ ...options, allowRemoteModels: true });
    expect(fetched.manifest.id).toBe(hub.repository);
    await fetched.reader.close();
    const requests = hub.requests.length;
    const installed = await loadReader(options);
    await installed.reader.close();
    expect(hub.requests).toHaveLength(requests);
  });
});

describe('an interrupted pull', () => {
  const weights = randomBytes(2_000_000);

  it('goes on after a cut connection with only the missing bytes', async () => {
    const { hub, store, pull, pauses } = await setUp(fakeModel(weights));
    hub.fail(WEIGHTS, { kind: 'cut', after: 1_200_000 });
    const { folder } = await pull();
    expect(await verifyModel(folder)).toEqual([]);
    const [first, second, ...others] = hub.bodies().filter((body) => body.startsWith(WEIGHTS));
    expect([first, others, pauses]).toEqual([WEIGHTS, [], [500]]);
    const start = Number(/bytes=(\d+)-$/.exec(second ?? '')?.[1]);
    expect(start).toBeGreaterThan(0);
    expect(start).toBeLessThanOrEqual(1_200_000);
    expect(readdirSync(store).sort()).toEqual(['.locks', '.partial', 'acme']);
  });

  it('keeps what it has when stopped, and the next pull asks only for the rest', async () => {
    const { hub, store, pull } = await setUp(fakeModel(weights));
    hub.fail(WEIGHTS, { kind: 'stall', after: 1_000_000 });
    const stop = new AbortController();
    const stopped = pull({
      signal: stop.signal,
      onProgress: (file, received) => file === WEIGHTS && received > 0 && stop.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    await expectNothingInstalled(store);
    const there = readFileSync(partial(store, WEIGHTS)).length;
    expect(there).toBeGreaterThan(0);

    hub.requests.length = 0;
    const { folder } = await pull();
    expect(await verifyModel(folder)).toEqual([]);
    expect(hub.bodies()).toEqual([`${WEIGHTS} bytes=${there}-`]);
  });

  it('starts anew when the server sends no ranges', async () => {
    const { hub, pull } = await setUp(fakeModel(weights));
    hub.fail(WEIGHTS, { kind: 'cut', after: 1_000_000 });
    hub.fail(WEIGHTS, { kind: 'no-ranges' });
    const { folder } = await pull();
    expect(await verifyModel(folder)).toEqual([]);
  });

  it('starts anew when the file has changed meanwhile', async () => {
    const { hub, store, pull } = await setUp(fakeModel(weights));
    hub.fail(WEIGHTS, { kind: 'cut', after: 1_000_000 });
    await errorOf(() => pull({ attempts: 1 }));
    await expectNothingInstalled(store);
    hub.files = { ...hub.files, [WEIGHTS]: randomBytes(2_000_000) };
    hub.requests.length = 0;
    const { folder } = await pull();
    expect(hub.bodies()).toEqual([WEIGHTS]);
    expect(await verifyModel(folder)).toEqual([]);
  });

  it('fetches a file again whose part on disk was damaged', async () => {
    const { hub, store, pull } = await setUp(fakeModel(weights));
    hub.fail(WEIGHTS, { kind: 'cut', after: 1_000_000 });
    await errorOf(() => pull({ attempts: 1 }));
    const bytes = readFileSync(partial(store, WEIGHTS));
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    writeFileSync(partial(store, WEIGHTS), bytes);
    const { folder } = await pull();
    expect(await verifyModel(folder)).toEqual([]);
  });
});

describe('a hub that fails', () => {
  it('is asked again with doubling pauses, or with the pause it asks for', async () => {
    const { hub, pull, pauses } = await setUp();
    hub.fail('config.json', { kind: 'status', status: 500 }, 2);
    hub.fail('tokenizer.json', { kind: 'status', status: 429, headers: { 'retry-after': '7' } });
    await pull();
    expect(pauses).toEqual([500, 1000, 7000]);
  });

  it('is given up after a bounded number of tries', async () => {
    const { hub, store, pull, pauses } = await setUp();
    hub.fail('config.json', { kind: 'status', status: 503 }, Infinity);
    const error = await errorOf(() => pull({ attempts: 3 }));
    expect([error.code, pauses]).toEqual(['download-failed', [500, 1000]]);
    expect(error.message).toContain('the server answered 503, after 3 tries');
    await expectNothingInstalled(store);
  });

  it('is not waited for longer than two minutes', async () => {
    const { hub, pull, pauses } = await setUp();
    hub.fail('config.json', { kind: 'status', status: 429, headers: { 'retry-after': '3600' } });
    expect([(await errorOf(() => pull())).code, pauses]).toEqual(['download-failed', []]);
  });

  it('is named when it cannot be reached', async () => {
    const { pull } = await setUp();
    const error = await errorOf(() => pull({ endpoint: 'http://127.0.0.1:1', attempts: 2 }));
    expect([error.code, error.message]).toEqual([
      'download-failed',
      expect.stringMatching(/^Cannot fetch http:\/\/127\.0\.0\.1:1\/acme\/reader\/\S+: .+, after 2 tries/),
    ]);
  });

  it.each([
    ['a wrong checksum', { kind: 'damage' }, 2, 'arrived damaged twice'],
    ['a wrong size', { kind: 'wrong-size' }, Infinity, 'after 5 tries'],
    ['an answer that nothing is known about', { kind: 'status', status: 418 }, 1, 'answered 418'],
  ] as const)('with %s installs nothing', async (_what, fault, times, message) => {
    const { hub, store, pull } = await setUp();
    hub.fail(WEIGHTS, fault, times);
    const error = await errorOf(() => pull());
    expect([error.code, error.message]).toEqual(['download-failed', expect.stringContaining(message)]);
    await expectNothingInstalled(store);
    // Nothing of it is in the way of the next.
    if (times !== Infinity) expect(await verifyModel((await pull()).folder)).toEqual([]);
  });

  it('cannot make a small file large', async () => {
    const { pull, store } = await setUp({
      ...fakeModel(),
      'tokenizer.json': Buffer.alloc(64 * 2 ** 20 + 1, ' '),
    });
    const error = await errorOf(() => pull());
    expect([error.code, error.message]).toEqual([
      'download-failed',
      expect.stringContaining('at most 67108864 are accepted'),
    ]);
    await expectNothingInstalled(store);
  });

  it('is not believed a size or a commit that is none', async () => {
    const { hub, pull } = await setUp();
    const { manifest } = await pull({
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        if (init?.method !== 'HEAD') return response;
        const headers = new Headers(response.headers);
        headers.set('x-repo-commit', '../../evil');
        headers.set('x-linked-size', 'lots');
        return new Response(null, { status: response.status, headers });
      },
    });
    expect(manifest.revision).toBe('main');
    expect(manifest.files[WEIGHTS]?.bytes).toBe(hub.files[WEIGHTS]?.length);
    expect(hub.requests.some(({ url }) => url.includes('evil'))).toBe(false);
  });

  it('that sends a page instead of JSON is not believed', async () => {
    const { pull, hub } = await setUp({ ...fakeModel(), 'tokenizer.json': '<html>' });
    expect((await errorOf(() => pull())).code).toBe('model-damaged');
    hub.files = { ...hub.files, 'tokenizer.json': Buffer.from('{"a":1}') };
    expect((await pull()).dtypes).toEqual(['q8']);
  });
});

describe('redirects', () => {
  it('to another origin never carry the token, and the errors never the signature', async () => {
    const { hub, pull } = await setUp(fakeModel(), 'hf_secret');
    hub.fail(WEIGHTS, { kind: 'damage' }, 2);
    const error = await errorOf(() => pull({ token: 'hf_secret' }));
    expect(error.message).not.toMatch(/secret/);
    await pull({ token: 'hf_secret' });
    const at = (origin: string): unknown[] =>
      hub.requests.filter((request) => request.origin === origin).map(({ authorization }) => authorization);
    expect(new Set(at('hub'))).toEqual(new Set(['Bearer hf_secret']));
    expect(new Set(at('content'))).toEqual(new Set([undefined]));
  });

  it('within the hub are followed, with the token', async () => {
    const { hub, pull } = await setUp(fakeModel(), 'hf_secret');
    hub.fail('config.json', { kind: 'redirect', to: `/${ID}/resolve/main/config.json` });
    expect((await pull({ token: 'hf_secret' })).dtypes).toEqual(['q8']);
  });

  it.each([
    ['in a loop', `/${ID}/resolve/main/config.json`, 'redirects more than 5 times'],
    ['to a file', 'file:///etc/passwd', 'redirects to "file:"'],
    ['to nowhere', 'http://', 'redirects to "http://"'],
  ])('%s end the pull', async (_what, to, message) => {
    const { hub, store, pull } = await setUp();
    hub.fail('config.json', { kind: 'redirect', to }, Infinity);
    const error = await errorOf(() => pull());
    expect([error.code, error.message]).toEqual(['download-failed', expect.stringContaining(message)]);
    await expectNothingInstalled(store);
  });
});

describe('a pull that cannot be', () => {
  it.each([401, 403])('is told from a failure: %i is about the token', async (status) => {
    const { hub, pull } = await setUp();
    hub.fail('config.json', { kind: 'status', status });
    const error = await errorOf(() => pull());
    expect([error.code, error.message]).toEqual([
      'model-access-denied',
      expect.stringMatching(/anonymous readers.*HF_TOKEN/),
    ]);
  });

  it('names a token that does not open the model', async () => {
    const { pull } = await setUp(fakeModel(), 'hf_right');
    const error = await errorOf(() => pull({ token: 'hf_wrong' }));
    expect(error.code).toBe('model-access-denied');
    expect(error.message).toContain('the token in HF_TOKEN');
    expect(error.message).not.toContain('hf_wrong');
  });

  it('says which model, revision or file there is none of', async () => {
    const { hub, store, pull } = await setUp();
    const message = async (id: string, options: Partial<PullOptions>): Promise<string> => {
      const error = await errorOf(() => pullModel(id, { endpoint: hub.endpoint, store, ...options }));
      expect(error.code).toBe('model-not-found');
      return error.message;
    };
    expect(await message('acme/other', {})).toContain('/acme/other is no model');
    expect(await message(ID, { revision: 'v9' })).toContain('no config.json at revision v9');
    const noWeights = (await errorOf(() => pull({ dtype: 'fp32' }))).message;
    expect(noWeights).toMatch(
      /^acme\/reader has no onnx\/model\.onnx and no model\.onnx at revision \w+; export it with Optimum/,
    );
    expect(noWeights).toContain('`verbatim models add FOLDER --id acme/reader`');
    await expectNothingInstalled(store);
  });

  it('refuses formats that may run code by name, before anything is requested', async () => {
    const { hub, pull } = await setUp({ ...fakeModel(), 'pytorch_model.bin': 'pickle' });
    for (const weights of [
      'pytorch_model.bin',
      'model.pkl',
      'x/model.PT',
      'tf_model.h5',
      'flax_model.msgpack',
    ]) {
      const error = await errorOf(() => pull({ weights }));
      expect([error.code, error.message]).toEqual([
        'model-unsafe-format',
        expect.stringMatching(/^Refused ".+" of acme\/reader: only ONNX, safetensors, JSON and txt/),
      ]);
      expect(error.message).toContain(weights);
    }
    expect(hub.requests).toEqual([]);
  });

  it.each([
    ['an id that leaves the store', '../evil', {}],
    ['an absolute id', '/etc/model', {}],
    ['an id of three parts', 'a/b/c', {}],
    ['a hidden id', '.partial/x', {}],
    ['an id with "..": it would pass for a parent', 'a/b..c', {}],
    ['an id with "--": it would pass for another', 'a--b/c', {}],
    ['an empty id', '', {}],
    ['the embedded reader', 'default', {}],
    ['weights outside of the repository', ID, { weights: '../../other/model.onnx' }],
    ['weights that are no ONNX file', ID, { weights: 'model.safetensors' }],
    ['a revision that leaves the repository', ID, { revision: '../../x' }],
    ['an endpoint that is no web address', ID, { endpoint: 'file:///tmp' }],
  ])('refuses %s before anything is requested', async (_what, id, options) => {
    const { hub, store } = await setUp();
    const error = await errorOf(() => pullModel(id, { endpoint: hub.endpoint, store, ...options }));
    expect([error.code, hub.requests, readdirSync(store)]).toEqual(['invalid-option', [], []]);
  });

  it('refuses a model for another task before its weights are fetched', async () => {
    const { hub, pull } = await setUp({
      ...fakeModel(),
      'config.json': '{"architectures":["BertForMaskedLM"]}',
    });
    const error = await errorOf(() => pull());
    expect([error.code, hub.bodies()]).toEqual(['model-unsupported', ['config.json']]);
    expect(error.message).toContain('"BertForMaskedLM"');
  });

  it('waits for no other process, but takes over from one that has ended', async () => {
    const { store, pull } = await setUp();
    const lock = path.join(store, '.locks', 'acme--reader');
    mkdirSync(path.dirname(lock));
    // The parent of the test runner is there; no process has the highest id.
    writeFileSync(lock, String(process.ppid));
    const error = await errorOf(() => pull());
    expect([error.code, error.message]).toEqual([
      'model-busy',
      expect.stringContaining(`Process ${process.ppid} `),
    ]);
    writeFileSync(lock, '2147483646');
    expect((await pull()).dtypes).toEqual(['q8']);
  });

  it('does not clash with itself', async () => {
    const { store, pull } = await setUp();
    const [first, second] = await Promise.allSettled([pull(), pull()]);
    expect([first.status, second.status].sort()).toEqual(['fulfilled', 'rejected']);
    expect(await verifyModel(path.join(store, 'acme', 'reader'))).toEqual([]);
  });

  it('does not put a model inside another', async () => {
    const { hub, store } = await setUp();
    mkdirSync(path.join(store, 'acme'));
    writeFileSync(path.join(store, 'acme', 'manifest.json'), '{}');
    const error = await errorOf(() => pullModel(ID, { endpoint: hub.endpoint, store }));
    expect([error.code, hub.requests]).toEqual(['model-exists', []]);
  });
});

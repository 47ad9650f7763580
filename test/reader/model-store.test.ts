import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  addModel,
  DEFAULT_MODEL_FOLDER,
  defaultModelStore,
  listModels,
  modelCatalogue,
  modelInfo,
  removeModel,
  resolveModel,
  verifyModel,
} from '../../src/reader/index.js';
import { errorOf } from '../support/error-of.js';
import { fakeModel } from '../support/hub-server.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const ID = 'acme/reader';

async function storeWithModel(): Promise<{ readonly store: string; readonly folder: string }> {
  const store = temporaryFolder();
  const { folder } = await addModel(temporaryFolder(fakeModel()), { store, id: ID });
  return { store, folder };
}

describe('the catalogue', () => {
  it('starts with the embedded reader and knows the reference readers with their published figures', () => {
    expect(modelCatalogue().map(({ id, published: { exact, f1 } }) => [id, exact, f1])).toEqual([
      ['default', 66.25, 69.32],
      ['csarron/mobilebert-uncased-squad-v2', 75.2, 78.8],
      ['deepset/bert-base-cased-squad2', 71.15, 74.67],
      ['deepset/minilm-uncased-squad2', 76.13, 79.5],
      ['mrm8488/bert-tiny-finetuned-squadv2', 48.6, 49.73],
      ['mrm8488/bert-tiny-5-finetuned-squadv2', 57.12, 60.86],
      ['deepset/tinyroberta-squad2', 78.69, 81.92],
      ['deepset/roberta-base-squad2', 79.93, 82.95],
    ]);
  });
});

describe('the default store', () => {
  it("is in the user's cache folder", () => {
    const ofHome = path.join(homedir(), '.cache', 'verbatim', 'models');
    expect(defaultModelStore('/var/cache')).toBe('/var/cache/verbatim/models');
    expect(defaultModelStore()).toBe(ofHome);
    expect(defaultModelStore('relative')).toBe(ofHome);
  });

  it('is empty where there is none', async () => {
    expect(await listModels('no/such/folder')).toEqual({ models: [], problems: [] });
  });
});

describe('adding a folder', () => {
  it('installs a copy with a manifest', async () => {
    const store = temporaryFolder();
    const source = temporaryFolder(fakeModel());
    const { folder, manifest, dtypes } = await addModel(source, { store, id: ID });
    expect([folder, dtypes]).toEqual([path.join(store, 'acme', 'reader'), ['q8']]);
    expect(manifest).toMatchObject({
      id: ID,
      revision: 'local',
      licence: 'not stated',
      maxSequenceLength: 128,
    });
    expect(await verifyModel(folder)).toEqual([]);
    expect(readdirSync(store).sort()).toEqual(['.locks', 'acme']);
    expect((await listModels(store)).models.map(({ id }) => id)).toEqual([ID]);
  });

  it('takes the weights where Optimum puts them, and only the files of the model', async () => {
    const { 'onnx/model_quantized.onnx': weights = '', ...files } = fakeModel();
    const source = temporaryFolder({
      ...files,
      'model.onnx': weights,
      'model.safetensors': 'weights',
      'pytorch_model.bin': 'pickle',
    });
    const { manifest, dtypes } = await addModel(source, { store: temporaryFolder(), id: ID });
    expect(dtypes).toEqual(['fp32']);
    expect(Object.keys(manifest.files).sort()).toEqual([
      'config.json',
      'onnx/model.onnx',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
  });

  it("names the model after its folder, and takes a catalogue's licence and architecture", async () => {
    const root = temporaryFolder(
      Object.fromEntries(
        Object.entries(fakeModel()).map(([name, content]) => [`my-reader/${name}`, content]),
      ),
    );
    const store = temporaryFolder();
    expect((await addModel(path.join(root, 'my-reader'), { store })).id).toBe('my-reader');
    const { manifest } = await addModel(path.join(root, 'my-reader'), {
      store,
      id: 'deepset/minilm-uncased-squad2',
    });
    expect(manifest).toMatchObject({ licence: 'CC BY 4.0', architecture: 'MiniLM 12x384' });
  });

  it('keeps what a manifest in the folder says', async () => {
    const threshold = { value: -1.5, unanswerableShare: 0.25, fittedOn: 'our own questions' };
    const { folder } = await storeWithModel();
    const file = path.join(folder, 'manifest.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(
      file,
      JSON.stringify({ ...manifest, licence: 'MIT', nullScoreDifferenceThreshold: threshold }),
    );
    const added = await addModel(folder, { store: temporaryFolder() });
    expect(added.id).toBe(ID);
    expect(added.manifest).toMatchObject({ licence: 'MIT', nullScoreDifferenceThreshold: threshold });

    writeFileSync(path.join(folder, 'tokenizer.json'), '{}');
    expect((await errorOf(() => addModel(folder, { store: temporaryFolder() }))).code).toBe('model-damaged');
  });

  it.each([
    'pytorch_model.bin',
    'weights.pt',
    'model.pkl',
    'model.pth',
    'model.ckpt',
    'tf_model.h5',
    'flax_model.msgpack',
  ])('refuses a folder that has only %s, naming it and the way out', async (weights) => {
    const store = temporaryFolder();
    const source = temporaryFolder({ 'config.json': '{}', [weights]: 'x', 'model.safetensors': 'x' });
    const error = await errorOf(() => addModel(source, { store, id: ID }));
    expect(error.code).toBe('model-unsafe-format');
    expect(error.message).toContain(`"${weights}"`);
    expect(error.message).toContain('optimum-cli export onnx --model acme/reader');
    expect(readdirSync(store)).toEqual([]);
  });

  it.each([
    ['weights', 'onnx/model_quantized.onnx', 'model-not-found', 'No ONNX weights'],
    ['a configuration', 'config.json', 'model-not-found', 'No config.json'],
    ['a tokenizer', 'tokenizer.json', 'model-not-found', 'No tokenizer.json'],
  ])('refuses a folder without %s', async (_what, missing, code, message) => {
    const files = Object.fromEntries(Object.entries(fakeModel()).filter(([name]) => name !== missing));
    const store = temporaryFolder();
    const error = await errorOf(() => addModel(temporaryFolder(files), { store, id: ID }));
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(message)]);
    expect(readdirSync(store)).toEqual([]);
  });

  it('refuses a model for another task and leaves nothing behind', async () => {
    const store = temporaryFolder();
    const source = temporaryFolder({
      ...fakeModel(),
      'config.json': '{"architectures":["BertForMaskedLM"]}',
    });
    expect((await errorOf(() => addModel(source, { store, id: ID }))).code).toBe('model-unsupported');
    expect(readdirSync(store)).toEqual(['.locks']);
  });

  it('does not overwrite an installed model', async () => {
    const { store } = await storeWithModel();
    const error = await errorOf(() => addModel(temporaryFolder(fakeModel()), { store, id: ID }));
    expect([error.code, error.message]).toEqual([
      'model-exists',
      expect.stringContaining(`verbatim models remove ${ID}`),
    ]);
  });

  it.each(['../x', '/x', 'a/../b', 'a/b/c', '.hidden', 'a b', 'default', 'verbatim-minilm-l6', ''])(
    'refuses the id %j',
    async (id) => {
      const store = temporaryFolder();
      const error = await errorOf(() => addModel(temporaryFolder(fakeModel()), { store, id }));
      expect([error.code, readdirSync(store)]).toEqual(['invalid-option', []]);
    },
  );

  it('sweeps what a process that has ended left behind, and nothing else', async () => {
    const store = temporaryFolder();
    // No process has the highest id; the parent of the test runner is there.
    const [dead, alive] = ['.partial-2147483646-x', `.partial-${process.ppid}-x`];
    for (const name of [dead, alive]) mkdirSync(path.join(store, name));
    await addModel(temporaryFolder(fakeModel()), { store, id: ID });
    expect(readdirSync(store).sort()).toEqual(['.locks', alive, 'acme']);
    expect((await listModels(store)).models).toHaveLength(1);
  });
});

describe('verifying', () => {
  it('finds a flipped byte, a missing file and another length', async () => {
    const { folder } = await storeWithModel();
    const weights = path.join(folder, 'onnx/model_quantized.onnx');
    const bytes = readFileSync(weights);
    bytes[1000] = (bytes[1000] ?? 0) ^ 1;
    writeFileSync(weights, bytes);
    expect(await verifyModel(folder)).toEqual([
      { file: 'onnx/model_quantized.onnx', problem: "is damaged: its SHA-256 is not the manifest's" },
    ]);
    writeFileSync(weights, bytes.subarray(1));
    writeFileSync(path.join(folder, 'config.json'), '');
    expect(await verifyModel(folder)).toEqual([
      {
        file: 'config.json',
        problem: expect.stringMatching(/^has 0 bytes; the manifest says \d+$/) as string,
      },
      { file: 'onnx/model_quantized.onnx', problem: 'has 299999 bytes; the manifest says 300000' },
    ]);
  });

  it('does not follow a manifest out of the folder', async () => {
    const { folder } = await storeWithModel();
    const file = path.join(folder, 'manifest.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as { files: Record<string, unknown> };
    manifest.files['../../secret'] = { bytes: 1, sha256: '0'.repeat(64) };
    writeFileSync(file, JSON.stringify(manifest));
    expect(await verifyModel(folder)).toEqual([
      { file: '../../secret', problem: 'is listed outside of the folder' },
    ]);
  });

  it('finds the embedded reader whole', async () => {
    expect(await verifyModel(DEFAULT_MODEL_FOLDER)).toEqual([]);
  });
});

describe('resolving a model', () => {
  it('prefers a folder, then the embedded reader, then what is installed', async () => {
    const { store, folder } = await storeWithModel();
    const other = temporaryFolder();
    expect(await resolveModel(other, store)).toBe(other);
    expect(await resolveModel('default', store)).toBe(DEFAULT_MODEL_FOLDER);
    expect(await resolveModel('verbatim-minilm-l6', store)).toBe(DEFAULT_MODEL_FOLDER);
    expect(await resolveModel(ID, store)).toBe(folder);
    expect(await modelInfo(ID, store)).toMatchObject({ id: ID, folder, dtypes: ['q8'] });
    expect(await modelInfo('default', store)).toMatchObject({ id: 'default', dtypes: ['q8'] });
  });

  it('says how to install a model of the catalogue, and what there is otherwise', async () => {
    const store = temporaryFolder();
    const message = async (id: string): Promise<string> => {
      const error = await errorOf(() => resolveModel(id, store));
      expect(error.code).toBe('model-not-found');
      return error.message;
    };
    expect(await message('deepset/tinyroberta-squad2')).toBe(
      'deepset/tinyroberta-squad2 is not installed; `verbatim models pull deepset/tinyroberta-squad2` installs it.',
    );
    expect(await message('deepset/minilm-uncased-squad2')).toMatch(
      /^deepset\/minilm-uncased-squad2 is not installed; no ONNX weights .*optimum-cli export onnx/,
    );
    expect(await message('acme/unknown')).toContain('No model "acme/unknown"');
    expect(await message('../no-such')).toContain('No model "../no-such"');
    expect(await message('')).toContain('No model ""');
  });
});

describe('removing', () => {
  it('removes the model, and the folder of an owner without models', async () => {
    const { store } = await storeWithModel();
    await addModel(temporaryFolder(fakeModel()), { store, id: 'acme/second' });
    await removeModel(ID, store);
    expect((await listModels(store)).models.map(({ id }) => id)).toEqual(['acme/second']);
    await removeModel('acme/second', store);
    expect(readdirSync(store)).toEqual(['.locks']);
  });

  it('removes an unfinished download', async () => {
    const store = temporaryFolder({ '.partial/acme--reader/config.json': '{}' });
    await removeModel(ID, store);
    expect(existsSync(path.join(store, '.partial', 'acme--reader'))).toBe(false);
  });

  it('refuses what is not installed, and what it did not install', async () => {
    const { store } = await storeWithModel();
    expect((await errorOf(() => removeModel('acme/other', store))).code).toBe('model-not-found');
    expect((await errorOf(() => removeModel('acme', store))).code).toBe('model-not-found');
    expect((await errorOf(() => removeModel('../x', store))).code).toBe('invalid-option');
    expect((await errorOf(() => removeModel('default', store))).code).toBe('invalid-option');
  });
});

describe('listing', () => {
  it('reports a model whose manifest is damaged and lists the others', async () => {
    const { store } = await storeWithModel();
    mkdirSync(path.join(store, 'broken'));
    writeFileSync(path.join(store, 'broken', 'manifest.json'), '{"format": 1}');
    const { models, problems } = await listModels(store);
    expect(models.map(({ id }) => id)).toEqual([ID]);
    expect(problems.map(({ code, message }) => [code, message.includes('broken')])).toEqual([
      ['model-damaged', true],
    ]);
  });
});

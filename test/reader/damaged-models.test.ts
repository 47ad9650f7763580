import { cpSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadReader } from '../../src/reader/index.js';
import { errorOf } from '../support/error-of.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const WEIGHTS = 'onnx/model.onnx';

/** A plain Hugging Face folder, without a manifest. */
function copyOfModel(): string {
  const folder = temporaryFolder();
  for (const name of ['config.json', 'tokenizer.json', WEIGHTS]) {
    cpSync(path.join('test/fixtures/models/bert-uncased', name), path.join(folder, name));
  }
  return folder;
}

function edit(folder: string, name: string, change: (content: Buffer) => Buffer): void {
  const file = path.join(folder, name);
  writeFileSync(file, change(readFileSync(file)));
}

const editConfig = (folder: string, values: object): void =>
  edit(folder, 'config.json', (content) =>
    Buffer.from(JSON.stringify({ ...(JSON.parse(content.toString()) as object), ...values })),
  );

/** Replaces bytes by others of the same number, everywhere. */
const replaced = (content: Buffer, from: string, to: string): Buffer =>
  Buffer.from(content.toString('latin1').replaceAll(from, to), 'latin1');

describe('a model folder without a manifest', () => {
  it('is read as it is, with run_qa’s threshold', async () => {
    const { reader, manifest, dtype } = await loadReader({ model: copyOfModel(), workers: 1 });
    expect([manifest.architecture, manifest.nullScoreDifferenceThreshold, dtype]).toEqual([
      'BertForQuestionAnswering',
      undefined,
      'fp32',
    ]);
    expect(await reader.read('When?', [{ text: 'In 1932.' }])).toHaveLength(1);
    await reader.close();
  });

  it.each([
    [
      'cut-off weights',
      (folder: string) => truncateSync(path.join(folder, WEIGHTS), 100_000),
      'model-damaged',
      'Cannot load',
    ],
    [
      'weights that are no ONNX file',
      (folder: string) => writeFileSync(path.join(folder, WEIGHTS), 'text'),
      'model-damaged',
      'Cannot load',
    ],
    [
      'outputs of other names',
      (folder: string) =>
        edit(folder, WEIGHTS, (content) => replaced(content, 'start_logits', 'begin_logits')),
      'model-unsupported',
      'expected the outputs start_logits and end_logits, got begin_logits, end_logits',
    ],
    [
      'an architecture that answers no questions',
      (folder: string) => editConfig(folder, { model_type: 't5', architectures: ['T5Model'] }),
      'model-unsupported',
      't5',
    ],
    [
      'a tokenizer of another model',
      (folder: string) => editConfig(folder, { vocab_size: 500 }),
      'model-damaged',
      "the tokenizer knows 1000 ids, the network's vocabulary (vocab_size) has 500",
    ],
    [
      'a damaged config.json',
      (folder: string) => writeFileSync(path.join(folder, 'config.json'), '{'),
      'model-damaged',
      'config.json',
    ],
  ])('is refused with %s', async (_what, damage, code, message) => {
    const folder = copyOfModel();
    damage(folder);
    for (const workers of [0, 1]) {
      const error = await errorOf(() => loadReader({ model: folder, workers }));
      expect(error.code).toBe(code);
      expect(error.message).toContain(message);
      expect(error.message).not.toContain('\n');
    }
  });

  it('is refused with a manifest that cannot be read, rather than read unchecked', async () => {
    const folder = copyOfModel();
    mkdirSync(path.join(folder, 'manifest.json'));
    const error = await errorOf(() => loadReader({ model: folder }));
    expect([error.code, error.message.endsWith('manifest.json": EISDIR.')]).toEqual(['model-damaged', true]);
  });

  it('is refused when its logits are not numbers', async () => {
    const folder = copyOfModel();
    edit(folder, WEIGHTS, (content) => {
      // In the file, a tensor's name is followed by the tag of its raw data (0x4a), their length and the data: two floats.
      const name = 'qa_outputs.bias';
      const at = content.indexOf(`${name}\x4a\x08`, 0, 'latin1') + name.length + 2;
      expect(at).toBeGreaterThan(name.length + 1);
      content.writeFloatLE(NaN, at);
      return content;
    });
    const { reader } = await loadReader({ model: folder, workers: 1 });
    const error = await errorOf(() => reader.read('When?', [{ text: 'In 1932.' }]));
    expect([error.code, error.message.includes('NaN')]).toEqual(['model-damaged', true]);
    await reader.close();
  });

  it('says how many tokens a window may have when more are asked for', async () => {
    const { reader } = await loadReader({ model: copyOfModel(), workers: 0 });
    const error = await errorOf(() => reader.read('When?', [{ text: 'x' }], { maxSequenceLength: 384 }));
    expect(error.message).toBe('Expected maxSequenceLength to be a whole number from 5 to 128, got 384.');
    await reader.close();
  });

  it('counts the positions of RoBERTa from its padding token', async () => {
    const { reader } = await loadReader({ model: 'test/fixtures/models/roberta', workers: 0, dtype: 'fp32' });
    const text = 'word '.repeat(300);
    const [reading] = await reader.read('When?', [{ text }], { maxSequenceLength: 128 });
    expect(reading?.windowCount).toBeGreaterThan(2);
    const error = await errorOf(() => reader.read('When?', [{ text }], { maxSequenceLength: 129 }));
    expect(error.message).toContain('from 6 to 128, got 129');
    await reader.close();
  });

  it.each(['xlm-roberta', 'deberta-v3'])('is refused with the tokenizer of %s', async (name) => {
    const folder = copyOfModel();
    for (const file of ['config.json', 'tokenizer.json']) {
      cpSync(path.join('test/fixtures/models', name, file), path.join(folder, file));
    }
    expect((await errorOf(() => loadReader({ model: folder, workers: 0 }))).code).toBe('model-unsupported');
  });

  it.each([
    ['workers', { workers: -1 }],
    ['intraOpThreads', { intraOpThreads: 0 }],
    ['maxQueuedWindows', { maxQueuedWindows: 0 }],
  ])('is not loaded with %s out of range', async (name, options) => {
    const error = await errorOf(() => loadReader(options));
    expect(error.message).toContain(`Expected ${name} to be a whole number`);
  });
});

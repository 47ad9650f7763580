import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ExtractiveReader, loadReader } from '../../src/reader/index.js';
import { floatNetwork } from '../../src/reader/float-network.js';
import { concatenate, field, fieldsOf, numberField, textOf } from '../../src/reader/protobuf.js';

const QUANTIZED = 'models/default/onnx/model_quantized.onnx';
const QUESTION = 'How long is the warranty?';
const PASSAGE = { text: 'The warranty on every device lasts two years from the date of delivery.' };

describe('a network in floating point with int8 weights', () => {
  it('holds no integer product any more, and the same weights', () => {
    const model = readFileSync(QUANTIZED);
    const converted = Buffer.from(floatNetwork(model) ?? []);
    expect(model.includes('MatMulInteger')).toBe(true);
    expect(converted.includes('MatMulInteger')).toBe(false);
    expect(converted.includes('DynamicQuantizeLinear')).toBe(false);
    expect(Math.abs(converted.length - model.length)).toBeLessThan(50_000);
  });

  it('is what fp32 loads where there is only q8: nearly the same logits, the same span', async () => {
    const [quantized, float] = await Promise.all([
      loadReader({ workers: 0 }),
      loadReader({ workers: 0, dtype: 'fp32' }),
    ]);
    expect(float.dtype).toBe('fp32');
    const [a] = await quantized.reader.read(QUESTION, [PASSAGE]);
    const [b] = await float.reader.read(QUESTION, [PASSAGE]);
    expect(b?.spans[0]?.text).toBe('two years');
    expect(a?.spans[0]?.text).toBe('two years');
    expect(Math.abs((a?.margin ?? 0) - (b?.margin ?? 0))).toBeLessThan(1);
    expect(b?.margin).not.toBe(a?.margin);
    await Promise.all([quantized.reader.close(), float.reader.close()]);
    expect(float.reader).toBeInstanceOf(ExtractiveReader);
  });

  it.each([
    ['what is no model', Buffer.from('no model at all')],
    ['nothing', Buffer.alloc(0)],
    ['a model that ends early', readFileSync(QUANTIZED).subarray(0, 100_000)],
    ['a network that was not quantized', readFileSync('test/fixtures/models/bert-cased/onnx/model.onnx')],
  ])('is not made of %s', (_case, bytes) => {
    expect(floatNetwork(bytes)).toBeUndefined();
  });
});

describe('protobuf fields', () => {
  it('are read as they were written', () => {
    const message = concatenate([field(1, 'a name'), numberField(3, 300), field(2, new Uint8Array(200))]);
    const [name, number, bytes] = fieldsOf(message);
    expect(name && textOf(name)).toBe('a name');
    expect([number?.number, number?.value]).toEqual([3, 300]);
    expect(bytes?.content).toEqual(new Uint8Array(200));
    expect(concatenate(fieldsOf(message).map((part) => part.bytes))).toEqual(message);
  });
});

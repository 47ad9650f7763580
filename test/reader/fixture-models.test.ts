import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CodePointOffsets } from '../../src/core/offsets.js';
import { loadReader, loadTokenizer, type ContextWindow } from '../../src/reader/index.js';
import { buildContextWindows } from '../../src/reader/context-windows.js';
import { readModelFiles } from '../../src/reader/model-files.js';
import type { Dtype } from '../../src/reader/model-layout.js';
import { OnnxSpanModel } from '../../src/reader/onnx-span-model.js';

/** Written by training/make_fixtures.py from PyTorch and the Python tokenizers. */
interface Golden {
  readonly maxSequenceLength: number;
  readonly stride: number;
  readonly maxAnswerLength: number;
  readonly pairs: readonly {
    readonly question: string;
    readonly context: string;
    readonly windows: readonly {
      readonly inputIds: number[];
      readonly tokenTypeIds: number[] | null;
      readonly offsets: ([number, number] | null)[];
      readonly startLogits: number[];
      readonly endLogits: number[];
    }[];
    readonly best: {
      readonly text: string;
      readonly start: number;
      readonly end: number;
      readonly score: number;
    };
    readonly nullScore: number;
  }[];
}

const MODELS = ['bert-uncased', 'bert-cased', 'minilm', 'mobilebert', 'roberta', 'distilbert', 'electra'];
/** Largest difference from PyTorch's fp32 logits, which spread over several units. */
const TOLERANCE: Readonly<Record<Dtype, number>> = { fp32: 1e-4, fp16: 0.05, q8: 0.6 };

const folderOf = (name: string): string => `test/fixtures/models/${name}`;
const goldenOf = (name: string): Golden =>
  JSON.parse(readFileSync(`${folderOf(name)}/golden.json`, 'utf8')) as Golden;

describe.each(MODELS)('a model of the architecture %s', (name) => {
  const golden = goldenOf(name);

  it('is laid out in the windows of the reference: ids, segments, offsets', async () => {
    const files = await readModelFiles(folderOf(name), 'fp32');
    const tokenizer = loadTokenizer(files.tokenizer, name);
    for (const { question, context, windows: expected } of golden.pairs) {
      const encoding = tokenizer.encode(context);
      const offsets = new CodePointOffsets(context);
      const tokens = {
        question: tokenizer.encode(question).ids,
        preamble: new Int32Array(),
        passage: encoding.ids,
      };
      const windows = buildContextWindows(
        tokens,
        tokenizer.pairTemplate,
        golden.maxSequenceLength,
        golden.stride,
      );
      expect(windows.map(({ inputIds }) => [...inputIds])).toEqual(expected.map(({ inputIds }) => inputIds));
      windows.forEach((window, i) => {
        const segments = [...window.inputIds].map((_, position) => (position < window.segmentStart ? 0 : 1));
        if (expected[i]?.tokenTypeIds) expect(segments).toEqual(expected[i].tokenTypeIds);
        const spans = [...window.inputIds].map((_, position) => {
          const token = position - window.passageStart;
          if (token < 0 || token >= window.passageLength) return null;
          const [start, end] = [encoding.starts, encoding.ends].map(
            (list) => list[window.firstToken + token] ?? -1,
          );
          return [offsets.toCodePoint(start ?? -1), offsets.toCodePoint(end ?? -1)];
        });
        expect(spans).toEqual(expected[i]?.offsets);
      });
    }
  });

  it.each(['fp32', 'fp16', 'q8'] as const)('gives the logits of PyTorch at %s', async (dtype) => {
    const model = await OnnxSpanModel.load(await readModelFiles(folderOf(name), dtype));
    for (const { windows } of golden.pairs) {
      for (const { inputIds, offsets, startLogits, endLogits } of windows) {
        const passageStart = offsets.findIndex((offset) => offset !== null);
        const window: ContextWindow = {
          inputIds: Int32Array.from(inputIds),
          segmentStart: passageStart,
          passageStart,
          passageLength: offsets.filter((offset) => offset !== null).length,
          firstToken: 0,
        };
        const [logits] = await model.predict([window]);
        startLogits.forEach((expected, i) => {
          expect(Math.abs((logits?.start[i] ?? NaN) - expected)).toBeLessThan(TOLERANCE[dtype]);
        });
        endLogits.forEach((expected, i) => {
          expect(Math.abs((logits?.end[i] ?? NaN) - expected)).toBeLessThan(TOLERANCE[dtype]);
        });
      }
    }
    await model.close();
  });

  it('reads the best span and the null score of the reference', async () => {
    const { reader, manifest, dtype } = await loadReader({
      model: folderOf(name),
      dtype: 'fp32',
      workers: 1,
    });
    expect([manifest.licence, dtype]).toEqual(['unknown', 'fp32']);
    const { maxSequenceLength, stride, maxAnswerLength } = golden;
    const rules = {
      maxSequenceLength,
      stride,
      maxAnswerLength,
      maxQuestionLength: 30,
      maxPreambleLength: 0,
      alignToWords: false,
    };
    for (const { question, context, best, nullScore } of golden.pairs) {
      const [reading] = await reader.read(question, [{ text: context }], rules);
      const offsets = new CodePointOffsets(context);
      const [span] = reading?.spans ?? [];
      expect(span?.text).toBe(best.text);
      expect([offsets.toCodePoint(span?.start ?? -1), offsets.toCodePoint(span?.end ?? -1)]).toEqual([
        best.start,
        best.end,
      ]);
      expect(span?.score).toBeCloseTo(best.score, 3);
      expect(reading?.nullScore).toBeCloseTo(nullScore, 3);
    }
    await reader.close();
  });
});

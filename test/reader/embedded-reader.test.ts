import { cpSync, readFileSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CodePointOffsets } from '../../src/core/offsets.js';
import { readSquadFile } from '../../src/ingest/index.js';
import { loadReader, type LoadedReader } from '../../src/reader/index.js';
import { readModelFiles } from '../../src/reader/model-files.js';
import { OnnxSpanModel } from '../../src/reader/onnx-span-model.js';
import { errorOf } from '../support/error-of.js';
import { temporaryFolder } from '../support/temporary-folder.js';

interface GoldenReading {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly score: number;
  readonly nullScore: number;
  readonly windows: number;
}

/** Written by training/make_golden.py. */
const golden = JSON.parse(readFileSync('test/fixtures/golden/run-qa.json', 'utf8')) as {
  ownParagraph: (GoldenReading & { id: string })[];
  long: {
    maxSequenceLength: number;
    stride: number;
    cases: (GoldenReading & { question: string; context: string })[];
  };
};

let loaded: LoadedReader;
beforeAll(async () => {
  loaded = await loadReader();
});
afterAll(() => loaded.reader.close());

/** Python's runtime and ours use different kernels; int8 activations round differently now and then. */
const TOLERANCE = 0.05;

async function compare(question: string, text: string, expected: GoldenReading, options = {}): Promise<void> {
  const [reading] = await loaded.reader.read(question, [{ text }], {
    alignToWords: false,
    nBest: 1,
    ...options,
  });
  const offsets = new CodePointOffsets(text);
  const [best] = reading?.spans ?? [];
  expect(best?.text).toBe(expected.text);
  expect([offsets.toCodePoint(best?.start ?? -1), offsets.toCodePoint(best?.end ?? -1)]).toEqual([
    expected.start,
    expected.end,
  ]);
  expect(Math.abs((best?.score ?? NaN) - expected.score)).toBeLessThan(TOLERANCE);
  expect(Math.abs((reading?.nullScore ?? NaN) - expected.nullScore)).toBeLessThan(TOLERANCE);
  expect(reading?.windowCount).toBe(expected.windows);
}

describe('the embedded reader', () => {
  it('finds the spans and scores of run_qa in Python, one window each', async () => {
    const { questions, paragraphs } = await readSquadFile('corpora/help-centre.questions.json');
    expect(golden.ownParagraph.length).toBeGreaterThan(30);
    for (const expected of golden.ownParagraph) {
      const question = questions.find(({ id }) => id === expected.id);
      await compare(question?.question ?? '', paragraphs[question?.paragraph ?? -1]?.text ?? '', expected);
    }
  });

  it('finds them in long passages read in several windows', async () => {
    const { maxSequenceLength, stride, cases } = golden.long;
    const options = { maxSequenceLength, stride, maxQuestionLength: 40, maxPreambleLength: 0 };
    for (const expected of cases) await compare(expected.question, expected.context, expected, options);
  });

  it('gives bit-equal scores alone, with other passages and in another order', async () => {
    const passages = [
      'The warranty lasts two years.',
      'Returns are free for 30 days.',
      'word '.repeat(600),
    ].map((text) => ({ text }));
    const question = 'How long is the warranty?';
    const together = await loaded.reader.read(question, passages);
    const reversed = await loaded.reader.read(question, [...passages].reverse());
    expect(reversed.reverse()).toEqual(together);
    for (const [i, passage] of passages.entries()) {
      expect(await loaded.reader.read(question, [passage])).toEqual([together[i]]);
    }
  });

  it('stops for an aborted signal', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(loaded.reader.read('When?', [{ text: 'x' }], { signal })).rejects.toThrow('enough');
  });

  it('refuses to read once it is closed; closing twice does no harm', async () => {
    const { reader } = await loadReader();
    await reader.close();
    await reader.close();
    expect((await errorOf(() => reader.read('When?', [{ text: 'x' }]))).code).toBe('closed');
  });
});

describe('loadReader', () => {
  const copyOfDefault = (): string => {
    const folder = temporaryFolder();
    cpSync('models/default', folder, { recursive: true });
    return folder;
  };

  it('reads each model file once: the network loads from memory when the folder is gone', async () => {
    const folder = copyOfDefault();
    const files = await readModelFiles(folder, 'q8');
    rmSync(folder, { recursive: true });
    const model = await OnnxSpanModel.load(files);
    const windows = [
      {
        inputIds: Int32Array.from([101, 2043, 102, 2048, 102]),
        segmentStart: 3,
        passageStart: 3,
        passageLength: 1,
        firstToken: 0,
      },
    ];
    const [logits] = await model.predict(windows);
    expect(logits?.start.length).toBe(5);
    await model.close();
  });

  const loadError = async (folder: string): Promise<string> => {
    const error = await errorOf(() => loadReader({ model: folder }));
    expect(error.message).not.toContain('\n');
    return `${error.code}: ${error.message}`;
  };

  it('refuses a folder that is missing or holds no model', async () => {
    expect(await loadError('no/such/model')).toMatch(/^model-not-found: .*"no\/such\/model"/);
    expect(await loadError(temporaryFolder())).toMatch(/^model-not-found: No weights in the model folder/);
  });

  it.each(['config.json', 'tokenizer.json'])('refuses a model without %s', async (name) => {
    const folder = copyOfDefault();
    unlinkSync(path.join(folder, name));
    expect(await loadError(folder)).toContain(`model-not-found: No readable ${name}`);
  });

  it('refuses a weight file that was cut short', async () => {
    const folder = copyOfDefault();
    truncateSync(path.join(folder, 'onnx/model_quantized.onnx'), 1_000_000);
    expect(await loadError(folder)).toMatch(/^model-damaged: .* has 1000000 bytes; the manifest says \d+\.$/);
  });

  it('refuses a file of the right length with a wrong byte', async () => {
    const folder = copyOfDefault();
    const file = path.join(folder, 'tokenizer.json');
    const bytes = readFileSync(file);
    bytes[5000] = (bytes[5000] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    expect(await loadError(folder)).toMatch(/^model-damaged: .*tokenizer\.json is damaged/);
  });

  it('refuses a damaged manifest, naming the field', async () => {
    const folder = copyOfDefault();
    const file = path.join(folder, 'manifest.json');
    writeFileSync(file, '{"format": 1');
    expect(await loadError(folder)).toMatch(/^model-damaged: .*manifest\.json is not valid JSON/);
    const manifest = JSON.parse(readFileSync('models/default/manifest.json', 'utf8')) as Record<
      string,
      unknown
    >;
    writeFileSync(file, JSON.stringify({ ...manifest, calibration: { slope: 'steep' } }));
    expect(await loadError(folder)).toMatch(/^model-damaged: .*calibration\.slope/);
  });

  it('refuses a number format that the model does not have', async () => {
    const error = await errorOf(() => loadReader({ dtype: 'fp16' }));
    expect([error.code, error.message.includes('onnx/model_fp16.onnx')]).toEqual(['model-not-found', true]);
  });
});

import { spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadReader, type ContextWindow } from '../../src/reader/index.js';
import { readModelFiles } from '../../src/reader/model-files.js';
import { OnnxSpanModel } from '../../src/reader/onnx-span-model.js';
import { SpanModelPool, type SpanModelPoolOptions } from '../../src/reader/span-model-pool.js';
import { errorOf } from '../support/error-of.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const MODEL = 'test/fixtures/models/bert-uncased';

async function startPool(
  options: Partial<SpanModelPoolOptions> = {},
  folder = MODEL,
): Promise<SpanModelPool> {
  const files = await readModelFiles(folder, 'q8');
  const pool = await SpanModelPool.start(files, {
    workers: 2,
    intraOpThreads: 1,
    maxQueuedWindows: 1000,
    ...options,
  });
  onTestFinished(() => pool.close());
  return pool;
}

/** A window of this many tokens; `token` is the second one. */
const window = (length: number, token = 10): ContextWindow => ({
  inputIds: Int32Array.from({ length }, (_, i) => (i === 1 ? token : 5 + (i % 900))),
  segmentStart: 2,
  passageStart: 2,
  passageLength: length - 3,
  firstToken: 0,
});
const windows = (count: number): ContextWindow[] =>
  Array.from({ length: count }, (_, i) => window(5 + ((i * 37) % 100)));

const CRASH_ALWAYS = 666;
const CRASH_ONCE = 667;
const crashing = { workerFile: new URL('../fixtures/workers/crashing-worker.js', import.meta.url) };

describe('SpanModelPool', () => {
  it('gives the logits of a model on the calling thread, in the order of the windows, with 1 or 4 workers', async () => {
    const model = await OnnxSpanModel.load(await readModelFiles(MODEL, 'q8'));
    onTestFinished(() => model.close());
    const asked = windows(40);
    const expected = await model.predict(asked);
    for (const workers of [1, 4]) {
      const pool = await startPool({ workers });
      expect(await pool.predict(asked)).toEqual(expected);
      // Alone, and with fifty calls at once.
      const calls = await Promise.all(
        Array.from({ length: 50 }, (_, i) => pool.predict([asked[i % 40] ?? window(5)])),
      );
      expect(calls.map(([logits]) => logits)).toEqual(calls.map((_, i) => expected[i % 40]));
    }
  });

  it('answers a call without windows', async () => {
    expect(await (await startPool()).predict([])).toEqual([]);
  });

  it('takes waiting windows back when the signal aborts, and goes on with the other calls', async () => {
    const pool = await startPool({ workers: 1 });
    const controller = new AbortController();
    const first = pool.predict(windows(200), controller.signal);
    const second = pool.predict(windows(5));
    expect(pool.queuedWindows).toBeGreaterThan(190);
    controller.abort(new Error('enough'));
    expect(pool.queuedWindows).toBeLessThanOrEqual(5);
    await expect(first).rejects.toThrow('enough');
    expect(await second).toHaveLength(5);
    await expect(pool.predict(windows(1), AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
  });

  it('refuses a call that would overfill the queue, but never one that finds it empty', async () => {
    const pool = await startPool({ workers: 1, maxQueuedWindows: 20 });
    const large = pool.predict(windows(100));
    const error = await errorOf(() => pool.predict(windows(1)));
    expect(error.code).toBe('queue-full');
    expect(error.message).toContain('maxQueuedWindows = 20');
    expect(await large).toHaveLength(100);
    expect(await pool.predict(windows(1))).toHaveLength(1);
  });

  it('replaces a worker that died and tries its windows again', async () => {
    const folder = temporaryFolder();
    cpSync(MODEL, folder, { recursive: true });
    const pool = await startPool({ ...crashing, workers: 1 }, folder);
    const asked = [...windows(6), window(9, CRASH_ONCE)];
    const model = await OnnxSpanModel.load(await readModelFiles(MODEL, 'q8'));
    onTestFinished(() => model.close());
    expect(await pool.predict(asked)).toEqual(await model.predict(asked));
  });

  it('gives a window up whose worker dies again, and goes on reading', async () => {
    const pool = await startPool({ ...crashing, workers: 2 });
    const error = await errorOf(() => pool.predict([window(9, CRASH_ALWAYS)]));
    expect(error.code).toBe('worker-crashed');
    expect(await pool.predict(windows(10))).toHaveLength(10);
  });

  it('finishes what it has accepted before it closes, and accepts nothing more', async () => {
    const pool = await startPool();
    const accepted = pool.predict(windows(60));
    const closed = pool.close();
    expect((await errorOf(() => pool.predict(windows(1)))).code).toBe('closed');
    await closed;
    expect(await accepted).toHaveLength(60);
    await pool.close();
  });

  it('reports a model that does not load', async () => {
    const files = await readModelFiles(MODEL, 'q8');
    const bytes = new Map(files.bytes).set('onnx/model_quantized.onnx', new Uint8Array(1000));
    const start = SpanModelPool.start(
      { ...files, bytes },
      { workers: 2, intraOpThreads: 1, maxQueuedWindows: 1 },
    );
    expect((await errorOf(() => start)).code).toBe('model-damaged');
  });

  it('keeps no process alive, closed or not', async () => {
    for (const end of ['await reader.close();', '']) {
      const program = `import { loadReader } from './dist/index.js';
        const { reader } = await loadReader({ model: '${MODEL}' });
        const [reading] = await reader.read('When?', [{ text: 'In 1932.' }]);
        console.log(reading.spans.length > 0);
        ${end}`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.on('data', (chunk) => (output += String(chunk)));
      const code = await new Promise((resolve) => child.once('close', resolve));
      expect([code, output]).toEqual([0, 'true\n']);
    }
  });
});

describe('a reader with workers', () => {
  it('gives bit-equal readings alone, among fifty questions, in another order, and with 0, 1 or 4 workers', async () => {
    const passages = Array.from({ length: 12 }, (_, i) => ({
      text: `Sentence ${i} says ${'word '.repeat(1 + i * 11)}end.`,
    }));
    const questions = Array.from({ length: 50 }, (_, i) => `What does sentence ${i} say?`);
    let expected: unknown;
    for (const workers of [0, 1, 4]) {
      const { reader } = await loadReader({ model: MODEL, dtype: 'q8', workers });
      onTestFinished(() => reader.close());
      const alone = await reader.read(questions[7] ?? '', passages);
      expected ??= alone;
      expect(alone).toEqual(expected);
      const together = await Promise.all(questions.map((question) => reader.read(question, passages)));
      expect(together[7]).toEqual(expected);
      const reversed = await reader.read(questions[7] ?? '', [...passages].reverse());
      expect(reversed.reverse()).toEqual(expected);
    }
  });

  it('reads 10,000 passages in one call, and one of a megabyte', async () => {
    const { reader } = await loadReader({ model: MODEL, dtype: 'q8', workers: 2 });
    onTestFinished(() => reader.close());
    const many = await reader.read(
      'When?',
      Array.from({ length: 10_000 }, (_, i) => ({ text: `In ${1000 + i}.` })),
      { nBest: 1 },
    );
    expect(many).toHaveLength(10_000);
    expect(many.every(({ spans }) => spans.length === 1)).toBe(true);
    const text = 'It says so. '.repeat(90_000);
    const [reading] = await reader.read('When?', [{ text }], {
      nBest: 3,
      maxSequenceLength: 128,
      stride: 16,
      maxQuestionLength: 16,
      maxPreambleLength: 0,
    });
    expect(reading?.windowCount).toBeGreaterThan(1000);
    for (const { start, end, text: quote } of reading?.spans ?? [])
      expect(text.slice(start, end)).toBe(quote);
  });
});

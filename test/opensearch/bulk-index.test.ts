import { describe, expect, it, onTestFinished } from 'vitest';
import { wholePassage, type Passage } from '../../src/core/passage.js';
import { bulkIndex } from '../../src/retriever/opensearch/bulk-index.js';
import { OpenSearchConnection } from '../../src/retriever/opensearch/connection.js';
import { EngineError } from '../../src/retriever/engine/engine-error.js';
import { withRetries } from '../../src/retriever/opensearch/retry.js';
import { startStandIn, type StandInRequest } from '../support/engine-stand-in.js';
import { errorOf } from '../support/error-of.js';

const UNUSED_NODE = 'http://127.0.0.1:1';

/** Keys of the passages in a bulk request. */
const keysIn = ({ body }: StandInRequest): string[] =>
  body
    .split('\n')
    .filter((line) => line.startsWith('{"index"'))
    .map((line) => (JSON.parse(line) as { index: { _id: string } }).index._id);

const accepted = (request: StandInRequest): { body: { items: unknown[] } } => ({
  body: { items: keysIn(request).map(() => ({ index: { status: 201 } })) },
});

describe('bulkIndex on an engine that fails', () => {
  const report = async (
    node: string,
    passages: Iterable<Passage> | AsyncIterable<Passage>,
    options: Parameters<typeof bulkIndex>[3] = {},
  ): Promise<{ result: Awaited<ReturnType<typeof bulkIndex>>; pauses: number[] }> => {
    const pauses: number[] = [];
    const sleep = (milliseconds: number): Promise<void> => {
      pauses.push(milliseconds);
      return Promise.resolve();
    };
    const connection = new OpenSearchConnection({ node }, 10_000);
    onTestFinished(() => connection.close());
    const result = await bulkIndex(connection, 'kb', passages, { sleep, random: () => 0, ...options });
    return { result, pauses };
  };
  const passages = (count: number, text = 'hub'): Passage[] =>
    Array.from({ length: count }, (_, i) => wholePassage(`d${i}`, text));

  it('waits as long as Retry-After says, then sends again', async () => {
    const answers = [
      { status: 429, headers: { 'retry-after': '7' } },
      { status: 503, headers: { 'retry-after': new Date(Date.now() + 60_000).toUTCString() } },
      { status: 429 },
    ];
    const { node, requests } = await startStandIn((request) => answers.shift() ?? accepted(request));
    const { result, pauses } = await report(node, passages(3));
    expect(result).toEqual({ indexed: 3, refused: [] });
    expect(requests).toHaveLength(4);
    expect(pauses[0]).toBe(7000);
    expect(pauses[1]).toBeGreaterThan(57_000);
    expect(pauses[2]).toBe(2000);
  });

  it('gives up at once where it is to wait for more than two minutes', async () => {
    const { node, requests } = await startStandIn(() => ({ status: 429, headers: { 'retry-after': '121' } }));
    expect((await errorOf(() => report(node, passages(1)))).code).toBe('engine-unavailable');
    expect(requests).toHaveLength(1);
  });

  it('gives up after so many tries', async () => {
    const { node, requests } = await startStandIn(() => ({ status: 503 }));
    const error = await errorOf(() => report(node, passages(1), { attempts: 4 }));
    expect(error.code).toBe('engine-unavailable');
    expect(requests).toHaveLength(4);
  });

  it('does not try again what was refused as a whole', async () => {
    const { node, requests } = await startStandIn(() => ({ status: 413, body: 'too large' }));
    expect((await errorOf(() => report(node, passages(1)))).code).toBe('engine-refused');
    expect(requests).toHaveLength(1);
  });

  it('sends again only the passages that were not taken, and reports those that never will be', async () => {
    let round = 0;
    const { node, requests } = await startStandIn((request) => {
      round++;
      const items = keysIn(request).map((key) => {
        const error = { type: 'some_exception', reason: `because of ${key}` };
        if (key.startsWith('d1#')) return { index: { status: 400, error } };
        if (key.startsWith('d2#') && round === 1) return { index: { status: 429, error } };
        if (key.startsWith('d3#') && round <= 2) return { index: { status: 503, error } };
        return { index: { status: 200 } };
      });
      return { body: { errors: true, items } };
    });
    const { result } = await report(node, passages(5));
    expect(requests.map(keysIn)).toEqual([
      ['d0#0-3', 'd1#0-3', 'd2#0-3', 'd3#0-3', 'd4#0-3'],
      ['d2#0-3', 'd3#0-3'],
      ['d3#0-3'],
    ]);
    expect(result).toEqual({
      indexed: 4,
      refused: [{ id: 'd1#0-3', reason: 'some_exception: because of d1#0-3' }],
    });
  });

  it('stops once more are refused than may be, naming them', async () => {
    const { node } = await startStandIn((request) => ({
      body: { items: keysIn(request).map(() => ({ index: { status: 400, error: { type: 'bad' } } })) },
    }));
    const error = await errorOf(() => report(node, passages(7), { maxRefused: 6 }));
    expect(error.code).toBe('engine-refused');
    expect(error.message).toContain('d0#0-3 (bad: no reason given), d1#0-3');
    expect(error.message).toContain('d4#0-3 (bad: no reason given) and 2 more.');
  });

  it('sends requests of 5 MB at most, two at a time, and takes no more from the source than it sends', async () => {
    let taken = 0;
    async function* source(): AsyncGenerator<Passage> {
      // Some 400 kB each: 12 to a request.
      for (const passage of passages(60, 'x'.repeat(400_000))) {
        taken++;
        yield passage;
        await Promise.resolve();
      }
    }
    let inFlight = 0;
    const seen: { inFlight: number; bytes: number; ahead: number }[] = [];
    let indexed = 0;
    const { node } = await startStandIn(async (request) => {
      inFlight++;
      await new Promise((resolve) => setTimeout(resolve, 20));
      seen.push({ inFlight, bytes: Buffer.byteLength(request.body), ahead: taken - indexed });
      inFlight--;
      return accepted(request);
    });
    const { result } = await report(node, source(), { onProgress: (count) => (indexed = count) });
    expect(result.indexed).toBe(60);
    expect(Math.max(...seen.map((request) => request.inFlight))).toBe(2);
    expect(Math.max(...seen.map(({ bytes }) => bytes))).toBeLessThanOrEqual(5_000_000);
    // Two requests on the way, and one more passage, which did not fit.
    expect(Math.max(...seen.map(({ ahead }) => ahead))).toBeLessThanOrEqual(25);
  });

  it('sends a passage of more than 5 MB by itself', async () => {
    const { node, requests } = await startStandIn(accepted);
    const large = wholePassage('large', 'x'.repeat(6_000_000));
    await report(node, [wholePassage('a', 'hub'), large, wholePassage('b', 'hub')]);
    // Two requests are on the way at once: the shorter one is read first.
    expect(requests.map(keysIn).sort()).toEqual([['a#0-3'], ['b#0-3'], ['large#0-6000000']]);
  });

  it('ends with the error of its source, and ends the source when the engine fails', async () => {
    const { node } = await startStandIn(accepted);
    function* failing(): Generator<Passage> {
      yield wholePassage('d0', 'hub');
      throw new Error('the source is broken');
    }
    await expect(report(node, failing())).rejects.toThrow('the source is broken');

    const { node: broken } = await startStandIn(() => ({ status: 400 }));
    let ended = false;
    function* endless(): Generator<Passage> {
      try {
        for (let i = 0; ; i++) yield wholePassage(`d${i}`, 'x'.repeat(400_000));
      } finally {
        ended = true;
      }
    }
    expect((await errorOf(() => report(broken, endless()))).code).toBe('engine-refused');
    expect(ended).toBe(true);
  });

  it('stops for an aborted signal, in the middle of a pause too', async () => {
    const controller = new AbortController();
    const { node } = await startStandIn(() => {
      setTimeout(() => controller.abort(new Error('enough')), 20);
      return { status: 503 };
    });
    const connection = new OpenSearchConnection({ node }, 10_000);
    onTestFinished(() => connection.close());
    const { signal } = controller;
    await expect(bulkIndex(connection, 'kb', passages(1), { signal })).rejects.toThrow('enough');
  });

  it.each([
    ['attempts', { attempts: 0 }],
    ['maxRefused', { maxRefused: -1 }],
  ])('refuses %s out of range', async (name, options) => {
    const error = await errorOf(() => report(UNUSED_NODE, [], options));
    expect(error.message).toContain(`Expected ${name} to be`);
  });
});

describe('withRetries', () => {
  it('doubles its pauses up to half a minute, and spreads them by up to a half', async () => {
    const pauses: number[] = [];
    const failing = (): Promise<never> => Promise.reject(new EngineError('engine-unavailable', 'down'));
    const sleep = (milliseconds: number): Promise<number> => Promise.resolve(pauses.push(milliseconds));
    await errorOf(() => withRetries(failing, { sleep, random: () => 0 }));
    expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    pauses.length = 0;
    await errorOf(() => withRetries(failing, { sleep, random: () => 0.5, attempts: 3 }));
    expect(pauses).toEqual([375, 750]);
  });
});

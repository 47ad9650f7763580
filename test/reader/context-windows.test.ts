import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildContextWindows } from '../../src/reader/context-windows.js';

const SPECIAL = { prefix: [101], separator: [102], suffix: [102] };
const ids = (from: number, count: number): Int32Array =>
  Int32Array.from({ length: count }, (_, i) => from + i);

describe('buildContextWindows', () => {
  it('lays out [CLS] question [SEP] preamble passage [SEP]', () => {
    const tokens = { question: ids(1, 2), preamble: ids(50, 1), passage: ids(200, 3) };
    expect(buildContextWindows(tokens, SPECIAL, 20, 2)).toEqual([
      {
        inputIds: Int32Array.from([101, 1, 2, 102, 50, 200, 201, 202, 102]),
        segmentStart: 4,
        passageStart: 5,
        passageLength: 3,
        firstToken: 0,
      },
    ]);
  });

  it('lays out RoBERTa’s <s> question </s></s> passage </s>', () => {
    const template = { prefix: [0], separator: [2, 2], suffix: [2] };
    const tokens = { question: ids(10, 2), preamble: ids(0, 0), passage: ids(200, 2) };
    const [window] = buildContextWindows(tokens, template, 20, 2);
    expect(window?.inputIds).toEqual(Int32Array.from([0, 10, 11, 2, 2, 200, 201, 2]));
    expect(window).toMatchObject({ segmentStart: 5, passageStart: 5, passageLength: 2 });
  });

  it('shares `stride` tokens between neighbours; the last window is as short as what is left', () => {
    // Room for 10 − 3 − 2 = 5 passage tokens, 2 of them shared: the windows begin at 0, 3 and 6.
    const tokens = { question: ids(1, 2), preamble: ids(0, 0), passage: ids(200, 9) };
    const windows = buildContextWindows(tokens, SPECIAL, 10, 2);
    expect(windows.map(({ firstToken, passageLength }) => [firstToken, passageLength])).toEqual([
      [0, 5],
      [3, 5],
      [6, 3],
    ]);
  });

  it('needs one window where the passage just fits, two where it is one token longer', () => {
    const windowsFor = (count: number): number =>
      buildContextWindows(
        { question: ids(1, 2), preamble: ids(0, 0), passage: ids(200, count) },
        SPECIAL,
        10,
        2,
      ).length;
    expect([windowsFor(0), windowsFor(5), windowsFor(6)]).toEqual([1, 1, 2]);
  });

  it('covers every token in order, within the length, for any sizes', () => {
    const sizes = fc.record({
      q: fc.integer({ min: 1, max: 8 }),
      pre: fc.nat(4),
      p: fc.nat(200),
      room: fc.integer({ min: 1, max: 30 }),
      stride: fc.nat(29),
    });
    fc.assert(
      fc.property(sizes, ({ q, pre, p, room, stride }) => {
        const shared = Math.min(stride, room - 1);
        const maxSequenceLength = q + pre + 3 + room;
        const tokens = { question: ids(1, q), preamble: ids(50, pre), passage: ids(200, p) };
        const windows = buildContextWindows(tokens, SPECIAL, maxSequenceLength, shared);
        let covered = 0;
        windows.forEach(({ inputIds, passageStart, passageLength, firstToken }, i) => {
          expect(inputIds.length).toBeLessThanOrEqual(maxSequenceLength);
          expect(inputIds.subarray(passageStart, passageStart + passageLength)).toEqual(
            ids(200 + firstToken, passageLength),
          );
          expect(inputIds.at(-1)).toBe(102);
          expect(firstToken).toBe(i === 0 ? 0 : covered - shared);
          covered = firstToken + passageLength;
        });
        expect(covered).toBe(p);
      }),
    );
  });
});

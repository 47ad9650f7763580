import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Postings } from '../../../src/retriever/inverted-index.js';
import { SegmentBuilder, SegmentReader } from '../../../src/retriever/knowledge-base/segment-codec.js';

interface Passage {
  readonly gap: number;
  readonly length: number;
  readonly terms: ReadonlyMap<string, number>;
}

const passages = fc.array(
  fc.record({
    gap: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 ** 26 })),
    length: fc.nat({ max: 100_000 }),
    terms: fc
      .array(
        fc.tuple(
          fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
          fc.integer({ min: 1, max: 255 }),
        ),
      )
      .map((entries) => new Map(entries)),
  }),
  { maxLength: 12 },
);

function build(list: readonly Passage[]): { builder: SegmentBuilder; ordinals: number[] } {
  const builder = new SegmentBuilder();
  const ordinals: number[] = [];
  let ordinal = -1;
  for (const { gap, length, terms } of list) {
    ordinal += gap;
    ordinals.push(ordinal);
    builder.add(ordinal, length, terms);
  }
  return { builder, ordinals };
}

function readBack(builder: SegmentBuilder, from?: number): SegmentReader {
  const reader = new SegmentReader(from);
  let part = 0;
  for (const chunk of builder.encode()) reader.read(chunk, part++);
  return reader;
}

/** Every term's postings. */
function held(reader: SegmentReader): [string, Postings][] {
  return Array.from(reader.terms(), (term) => [term, reader.postings(term)]);
}

describe('a segment', () => {
  it('gives back the ordinals, lengths and frequencies that were put in', () => {
    fc.assert(
      fc.property(passages, (list) => {
        const { builder, ordinals } = build(list);
        const reader = readBack(builder);
        expect(reader.ordinals).toEqual(ordinals);
        expect(reader.lengths).toEqual(list.map(({ length }) => length));
        const got = new Map<string, string[]>();
        for (const [term, slots] of held(reader)) {
          got.set(
            term,
            slots.flatMap((at, slot) => Array.from(at ?? [], (ordinal) => `${ordinal}:${slot + 1}`)).sort(),
          );
        }
        const expected = new Map<string, string[]>();
        list.forEach(({ terms }, i) => {
          for (const [term, frequency] of terms) {
            expected.set(term, [...(expected.get(term) ?? []), `${ordinals[i] ?? NaN}:${frequency}`].sort());
          }
        });
        expect(got).toEqual(expected);
      }),
    );
  });

  it('can be read from an ordinal on', () => {
    const { builder } = build([
      {
        gap: 1,
        length: 2,
        terms: new Map([
          ['hub', 1],
          ['reset', 1],
        ]),
      },
      { gap: 4, length: 1, terms: new Map([['hub', 3]]) },
    ]);
    const reader = readBack(builder, 1);
    expect(reader.ordinals).toEqual([4]);
    expect(held(reader)).toEqual([
      ['hub', [undefined, undefined, [4]]],
      ['reset', []],
    ]);
  });

  it('is cut into chunks that are read one by one', () => {
    const builder = new SegmentBuilder();
    const many = Array.from(
      { length: 200 },
      (_, i) => new Map(Array.from({ length: 3000 }, (_, j) => [`t${i}x${j}`, 2])),
    );
    many.forEach((terms, ordinal) => {
      builder.add(ordinal, 6000, terms);
    });
    const chunks = [...builder.encode()];
    expect(chunks.length).toBeGreaterThan(2);
    expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThan(2 ** 21);
    expect(held(readBack(builder))).toHaveLength(600_000);
  });

  it('leaves out what is gone when segments are merged', () => {
    const { builder } = build([
      { gap: 1, length: 2, terms: new Map([['hub', 1]]) },
      {
        gap: 1,
        length: 3,
        terms: new Map([
          ['hub', 2],
          ['plug', 1],
        ]),
      },
    ]);
    const merged = new SegmentBuilder();
    merged.addSegment(readBack(builder), (ordinal) => ordinal === 0);
    expect([merged.first, merged.last, merged.count]).toEqual([1, 1, 2]);
    expect(held(readBack(merged))).toEqual([
      ['hub', [undefined, [1]]],
      ['plug', [[1]]],
    ]);
  });
});

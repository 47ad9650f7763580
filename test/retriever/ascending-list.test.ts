import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatenate, GrowingList, type Ascending } from '../../src/retriever/ascending-list.js';

const numbers = fc.array(fc.nat(1000), { maxLength: 200 });

function listOf(values: readonly number[]): Ascending {
  const list = new GrowingList();
  for (const value of values) list.push(value);
  return list.take();
}

describe('a growing list', () => {
  it('gives back what was put in, short or long', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        expect([...listOf(values)]).toEqual(values);
      }),
    );
  });

  it('takes half the room once it is long', () => {
    expect(listOf(Array.from({ length: 31 }, (_, i) => i))).toBeInstanceOf(Array);
    expect(listOf(Array.from({ length: 33 }, (_, i) => i))).toBeInstanceOf(Uint32Array);
  });

  it('goes on in another', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        expect([...concatenate(listOf(a), listOf(b))]).toEqual([...a, ...b]);
      }),
    );
  });
});

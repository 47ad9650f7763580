import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascendingList, concatenate, type Ascending } from '../../src/retriever/ascending-list.js';

const numbers = fc.array(fc.nat(1000), { maxLength: 200 });

function listOf(values: readonly number[]): Ascending {
  return ascendingList(Uint32Array.from(values));
}

describe('an ascending list', () => {
  it('gives back what was put in, short or long', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        expect([...listOf(values)]).toEqual(values);
      }),
    );
  });

  it('takes half the room once it is long', () => {
    expect(listOf(Array.from({ length: 31 }, (_, i) => i))).toBeInstanceOf(Array);
    expect(listOf(Array.from({ length: 32 }, (_, i) => i))).toBeInstanceOf(Uint32Array);
  });

  it('is one of its own', () => {
    const values = new Uint32Array(40);
    const list = ascendingList(values);
    values[0] = 1;
    expect(list[0]).toBe(0);
  });

  it('goes on in another', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        expect([...concatenate(listOf(a), listOf(b))]).toEqual([...a, ...b]);
      }),
    );
  });
});

/** Ascending numbers. Short ones are arrays; long ones take half the room as these, and the garbage collector does not look at them. */
export type Ascending = readonly number[] | Uint32Array;

/** From this length on a list is a typed array. */
const LONG = 32;

/** A list of ascending numbers while it grows. */
export class GrowingList {
  #values: number[] | Uint32Array = [];
  #length = 0;

  push(value: number): void {
    const length = this.#length++;
    if (length >= LONG && length >= this.#values.length) this.#values = grown(this.#values);
    this.#values[length] = value;
  }

  /** The numbers so far; the list must not grow any more. */
  take(): Ascending {
    const values = this.#values;
    return values instanceof Uint32Array ? values.subarray(0, this.#length) : values;
  }
}

function grown(values: number[] | Uint32Array): Uint32Array {
  const larger = new Uint32Array(2 * values.length);
  larger.set(values);
  return larger;
}

/** Two lists as one; the second begins above the first. */
export function concatenate(a: Ascending, b: Ascending): Ascending {
  if (a.length + b.length < LONG) return [...a, ...b];
  const both = new Uint32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

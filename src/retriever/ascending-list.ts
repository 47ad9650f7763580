/** Ascending numbers. Short ones are arrays; long ones take half the room as these, and the garbage collector does not look at them. */
export type Ascending = readonly number[] | Uint32Array;

/** From this length on a list is a typed array. */
const LONG = 32;

/** A list of its own with these numbers. */
export function ascendingList(values: Uint32Array): Ascending {
  return values.length < LONG ? Array.from(values) : values.slice();
}

/** Two lists as one; the second begins above the first. */
export function concatenate(a: Ascending, b: Ascending): Ascending {
  if (a.length + b.length < LONG) return [...a, ...b];
  const both = new Uint32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

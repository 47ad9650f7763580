/** A half-open range `[start, end)`. Whoever holds one says what it indexes: characters are UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** True if the two ranges share at least one position. */
export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

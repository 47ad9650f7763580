/**
 * Conversion between Python/SQuAD offsets (Unicode code points) and this project's (UTF-16 code units).
 * The two differ only after a character above U+FFFF, which is a surrogate pair in UTF-16.
 */
export class CodePointOffsets {
  /** Code-point index of every character above U+FFFF, ascending; empty for most texts. */
  readonly #astral: readonly number[];
  readonly #length: number;

  constructor(text: string) {
    const astral: number[] = [];
    let codePoints = 0;
    for (let i = 0; i < text.length; i++, codePoints++) {
      if ((text.codePointAt(i) ?? 0) > 0xffff) {
        astral.push(codePoints);
        i++;
      }
    }
    this.#astral = astral;
    this.#length = text.length;
  }

  /** UTF-16 offset of the code point with this index. Indexes beyond the text give the text's length. */
  toUtf16(codePoint: number): number {
    return Math.min(codePoint + countBelow(this.#astral, codePoint), this.#length);
  }

  /** Code-point index of this UTF-16 offset; an offset inside a surrogate pair counts as the pair's start. */
  toCodePoint(utf16: number): number {
    // The k-th astral character (0-based), at code point p, occupies the UTF-16 offsets p + k and p + k + 1.
    let low = 0;
    let high = this.#astral.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#astral[middle] ?? 0) + middle < utf16) low = middle + 1;
      else high = middle;
    }
    return utf16 - low;
  }
}

/** How many of the ascending values are smaller than `limit`. */
function countBelow(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

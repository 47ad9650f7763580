import { NumberList } from '../number-list.js';

const EMPTY = 0;

/**
 * Numbers for texts in UTF-8: equal bytes get the same number, from 0 in the order of their first appearance. The segments of a large index hold
 * each term many times; this tells them apart without making a string of every one.
 */
export class ByteInterner {
  /** Number + 1 of a text, at the first free place from its hash on. */
  #table = new Uint32Array(1 << 6);
  readonly #hashes = new NumberList();
  /** All texts, one behind the other. */
  #bytes = Buffer.alloc(1 << 9);
  /** Where each text ends. */
  readonly #ends = new NumberList();

  /** How many texts there are. */
  get size(): number {
    return this.#ends.length;
  }

  /** The number of the text in `source` from `start` up to `end`. */
  intern(source: Buffer, start: number, end: number): number {
    const hash = hashOf(source, start, end);
    const place = this.#find(hash, source, start, end);
    const entry = this.#table[place] ?? EMPTY;
    if (entry !== EMPTY) return entry - 1;
    const number = this.size;
    this.#append(source, start, end);
    this.#hashes.push(hash);
    this.#table[place] = number + 1;
    if (2 * this.size > this.#table.length) this.#grow();
    return number;
  }

  /** The number of a text; undefined if it is not there. */
  numberOf(text: string): number | undefined {
    const source = Buffer.from(text);
    const place = this.#find(hashOf(source, 0, source.length), source, 0, source.length);
    const entry = this.#table[place] ?? EMPTY;
    return entry === EMPTY ? undefined : entry - 1;
  }

  /** All texts by ascending number. */
  *texts(): Iterable<string> {
    for (let number = 0; number < this.size; number++) {
      yield this.#bytes.toString('utf8', this.#startOf(number), this.#ends.at(number));
    }
  }

  /** The place of a text in the table; if it is not there, the free one that it would get. */
  #find(hash: number, source: Buffer, start: number, end: number): number {
    let place = this.#placeOf(hash);
    for (; this.#table[place] !== EMPTY; place = (place + 1) % this.#table.length) {
      const number = (this.#table[place] ?? EMPTY) - 1;
      if (this.#hashes.at(number) === hash && this.#equals(number, source, start, end)) break;
    }
    return place;
  }

  #placeOf(hash: number): number {
    return hash & (this.#table.length - 1);
  }

  #startOf(number: number): number {
    return number === 0 ? 0 : this.#ends.at(number - 1);
  }

  #equals(number: number, source: Buffer, start: number, end: number): boolean {
    const [from, to, bytes] = [this.#startOf(number), this.#ends.at(number), this.#bytes];
    if (to - from !== end - start) return false;
    for (let i = from, j = start; i < to; i++, j++) if (bytes[i] !== source[j]) return false;
    return true;
  }

  #append(source: Buffer, start: number, end: number): void {
    const length = this.#startOf(this.size);
    if (length + end - start > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes], 2 * (length + end - start));
    }
    source.copy(this.#bytes, length, start, end);
    this.#ends.push(length + end - start);
  }

  #grow(): void {
    this.#table = new Uint32Array(2 * this.#table.length);
    for (let number = 0; number < this.size; number++) {
      let place = this.#placeOf(this.#hashes.at(number));
      while (this.#table[place] !== EMPTY) place = (place + 1) % this.#table.length;
      this.#table[place] = number + 1;
    }
  }
}

/** FNV-1a of 32 bits (Fowler, Noll, Vo 1991), its upper half mixed into the lower one. */
function hashOf(source: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (source[i] ?? 0), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

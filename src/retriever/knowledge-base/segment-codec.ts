import { GrowingList } from '../ascending-list.js';
import type { LoadedPassages } from '../bm25-index.js';
import { MAX_TERM_FREQUENCY, type Postings } from '../inverted-index.js';

// A segment holds the postings of some passages, in chunks of about a megabyte. The first begins with the lengths:
//   count, then for each passage: ordinal − the ordinal before, length
// and every chunk goes on with terms:
//   bytes of the term, the term in UTF-8, number of postings, then for each: 2 · (ordinal − the ordinal before) + (1 if tf = 1), and tf
//   where it is not 1
// All numbers are little-endian base-128 varints; "the ordinal before" is 0 at the start of each list.

const CHUNK_BYTES = 1 << 20;
/** A varint of a number below 2^53. */
const VARINT_BYTES = 8;

/** Gathers the terms of passages until they are written. */
export class SegmentBuilder {
  readonly #passages: { readonly ordinal: number; readonly length: number }[] = [];
  /** Of each term: ordinal, frequency, ordinal, frequency, … */
  readonly #postings = new Map<string, number[]>();
  #count = 0;

  /** Number of postings. */
  get count(): number {
    return this.#count;
  }

  get first(): number {
    return this.#passages[0]?.ordinal ?? 0;
  }

  get last(): number {
    return this.#passages.at(-1)?.ordinal ?? 0;
  }

  get isEmpty(): boolean {
    return this.#passages.length === 0;
  }

  /** Adds a passage; ordinals ascend. */
  add(ordinal: number, length: number, termFrequencies: ReadonlyMap<string, number>): void {
    this.#passages.push({ ordinal, length });
    for (const [term, frequency] of termFrequencies) this.#post(term, ordinal, frequency);
  }

  /** Adds what another segment holds, without the passages that are gone; segments come in the order of their ordinals. */
  addSegment({ ordinals, lengths, postings }: LoadedPassages, isGone: (ordinal: number) => boolean): void {
    ordinals.forEach((ordinal, i) => {
      if (!isGone(ordinal)) this.#passages.push({ ordinal, length: lengths[i] ?? 0 });
    });
    for (const [term, slots] of postings) {
      const flat = slots.flatMap((held, slot) =>
        Array.from(held ?? [], (ordinal) => ({ ordinal, frequency: slot + 1 })),
      );
      flat.sort((a, b) => a.ordinal - b.ordinal);
      for (const { ordinal, frequency } of flat) if (!isGone(ordinal)) this.#post(term, ordinal, frequency);
    }
  }

  #post(term: string, ordinal: number, frequency: number): void {
    const held = this.#postings.get(term);
    if (held === undefined) this.#postings.set(term, [ordinal, frequency]);
    else held.push(ordinal, frequency);
    this.#count++;
  }

  /** The segment's chunks. */
  *encode(): Iterable<Buffer> {
    const writer = new ChunkWriter();
    writer.reserve(VARINT_BYTES * (1 + 2 * this.#passages.length));
    writer.varint(this.#passages.length);
    let before = 0;
    for (const { ordinal, length } of this.#passages) {
      writer.varint(ordinal - before);
      writer.varint(length);
      before = ordinal;
    }
    for (const [term, held] of this.#postings) {
      if (writer.length >= CHUNK_BYTES) yield writer.take();
      writer.reserve(VARINT_BYTES * (2 + held.length) + 3 * term.length);
      writer.text(term);
      writer.varint(held.length / 2);
      before = 0;
      for (let i = 0; i < held.length; i += 2) {
        const ordinal = held[i] ?? 0;
        const frequency = Math.min(held[i + 1] ?? 1, MAX_TERM_FREQUENCY);
        writer.varint(2 * (ordinal - before) + (frequency === 1 ? 1 : 0));
        if (frequency !== 1) writer.varint(frequency);
        before = ordinal;
      }
    }
    yield writer.take();
  }
}

/** Reads segments, in the order of their ordinals, into postings as the index takes them. */
export class SegmentReader implements LoadedPassages {
  readonly ordinals: number[] = [];
  readonly lengths: number[] = [];
  readonly #slots = new Map<string, (GrowingList | undefined)[]>();
  readonly #from: number;

  /** @param from - passages with smaller ordinals are passed over. */
  constructor(from = 0) {
    this.#from = from;
  }

  /** What has been read; asked for once, at the end. */
  get postings(): Map<string, Postings> {
    const postings = new Map<string, Postings>();
    for (const [term, slots] of this.#slots) {
      postings.set(
        term,
        Array.from(slots, (list) => list?.take()),
      );
      this.#slots.delete(term);
    }
    return postings;
  }

  /**
   * Reads one chunk of a segment.
   *
   * @param part - its number in the segment, from 0.
   */
  read(chunk: Buffer, part: number): void {
    const cursor = new ChunkCursor(chunk);
    if (part === 0) this.#readLengths(cursor);
    while (!cursor.atEnd) {
      const term = cursor.text();
      let slots = this.#slots.get(term);
      if (slots === undefined) this.#slots.set(term, (slots = []));
      let ordinal = 0;
      for (let left = cursor.varint(); left > 0; left--) {
        const packed = cursor.varint();
        ordinal += Math.floor(packed / 2);
        const slot = packed % 2 === 1 ? 0 : cursor.varint() - 1;
        if (ordinal < this.#from) continue;
        (slots[slot] ??= new GrowingList()).push(ordinal);
      }
      if (slots.length === 0) this.#slots.delete(term);
    }
  }

  #readLengths(cursor: ChunkCursor): void {
    let ordinal = 0;
    for (let left = cursor.varint(); left > 0; left--) {
      ordinal += cursor.varint();
      const length = cursor.varint();
      if (ordinal < this.#from) continue;
      this.ordinals.push(ordinal);
      this.lengths.push(length);
    }
  }
}

class ChunkWriter {
  #buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }

  varint(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.#buffer[this.#length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#length++] = rest;
  }

  text(value: string): void {
    const bytes = Buffer.byteLength(value);
    this.varint(bytes);
    this.#length += this.#buffer.write(value, this.#length);
  }

  take(): Buffer {
    const chunk = Buffer.from(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
    return chunk;
  }
}

class ChunkCursor {
  readonly #chunk: Buffer;
  #position = 0;

  constructor(chunk: Buffer) {
    this.#chunk = chunk;
  }

  get atEnd(): boolean {
    return this.#position >= this.#chunk.length;
  }

  varint(): number {
    let byte = this.#chunk[this.#position++] ?? 0;
    if (byte < 128) return byte;
    let value = byte - 128;
    let scale = 128;
    do {
      byte = this.#chunk[this.#position++] ?? 0;
      value += (byte % 128) * scale;
      scale *= 128;
    } while (byte >= 128);
    return value;
  }

  text(): string {
    const bytes = this.varint();
    const start = this.#position;
    this.#position += bytes;
    return this.#chunk.toString('utf8', start, this.#position);
  }
}

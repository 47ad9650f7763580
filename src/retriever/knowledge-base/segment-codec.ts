import { ascendingList, type Ascending } from '../ascending-list.js';
import type { LoadedPassages } from '../bm25-index.js';
import { MAX_TERM_FREQUENCY, type Postings } from '../inverted-index.js';
import { NumberList } from '../number-list.js';
import { ByteInterner } from './byte-interner.js';

// A segment holds the postings of some passages, in chunks of about a megabyte. The first begins with the lengths:
//   count, then for each passage: ordinal − the ordinal before, length
// and every chunk goes on with terms:
//   bytes of the term, the term in UTF-8, bytes of its list, then for each posting: 2 · (ordinal − the ordinal before) + (1 if tf = 1), and
//   tf where it is not 1
// All numbers are little-endian base-128 varints; "the ordinal before" is 0 at the start of each list.

const CHUNK_BYTES = 1 << 20;
const NO_LIST = 0xffff_ffff;
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
  addSegment(segment: LoadedPassages, isGone: (ordinal: number) => boolean): void {
    segment.ordinals.forEach((ordinal, i) => {
      if (!isGone(ordinal)) this.#passages.push({ ordinal, length: segment.lengths[i] ?? 0 });
    });
    for (const term of segment.terms()) {
      const flat = segment
        .postings(term)
        .flatMap((held, slot) => Array.from(held ?? [], (ordinal) => ({ ordinal, frequency: slot + 1 })));
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
    const list = new ChunkWriter();
    for (const [term, held] of this.#postings) {
      if (writer.length >= CHUNK_BYTES) yield writer.take();
      list.reserve(VARINT_BYTES * held.length);
      before = 0;
      for (let i = 0; i < held.length; i += 2) {
        const ordinal = held[i] ?? 0;
        const frequency = Math.min(held[i + 1] ?? 1, MAX_TERM_FREQUENCY);
        list.varint(2 * (ordinal - before) + (frequency === 1 ? 1 : 0));
        if (frequency !== 1) list.varint(frequency);
        before = ordinal;
      }
      writer.reserve(2 * VARINT_BYTES + 3 * term.length + list.length);
      writer.text(term);
      writer.move(list);
    }
    yield writer.take();
  }
}

/** Reads segments, in the order of their ordinals. Postings stay as they are stored until they are asked for. */
export class SegmentReader implements LoadedPassages {
  readonly ordinals: number[] = [];
  readonly lengths: number[] = [];
  readonly #chunks: Buffer[] = [];
  readonly #terms = new ByteInterner();
  readonly #lists = new ListPlaces();
  readonly #from: number;

  /** @param from - passages with smaller ordinals are passed over. */
  constructor(from = 0) {
    this.#from = from;
  }

  /**
   * Reads one chunk of a segment.
   *
   * @param part - its number in the segment, from 0.
   */
  read(chunk: Buffer, part: number): void {
    const cursor = new ChunkCursor(chunk);
    if (part === 0) this.#readLengths(cursor);
    const number = this.#chunks.push(chunk) - 1;
    while (!cursor.atEnd) {
      const [start, end] = cursor.skipBytes();
      const term = this.#terms.intern(chunk, start, end);
      const place = cursor.position;
      cursor.skipBytes();
      this.#lists.add(term, { chunk: number, place, bytes: cursor.position - place });
    }
  }

  terms(): Iterable<string> {
    return this.#terms.texts();
  }

  bytes(term: string): number {
    const number = this.#terms.numberOf(term);
    return number === undefined ? 0 : this.#lists.bytes(number);
  }

  postings(term: string): Postings {
    const decoded = new DecodedPostings();
    const number = this.#terms.numberOf(term);
    if (number !== undefined) {
      this.#lists.forEach(number, (chunk, place) => {
        const held = this.#chunks[chunk];
        if (held !== undefined) decoded.read(held, place, this.#from);
      });
    }
    return decoded.take();
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

interface ListPlace {
  readonly chunk: number;
  readonly place: number;
  readonly bytes: number;
}

/** Where the lists of each term begin, in the order in which they were added. */
class ListPlaces {
  readonly #chunks = new NumberList();
  readonly #places = new NumberList();
  /** Of each list the number of the same term's next one; {@link NO_LIST} for the last. */
  readonly #next = new NumberList();
  readonly #first = new NumberList();
  readonly #last = new NumberList();
  /** Of each term. */
  readonly #bytes = new NumberList();

  /** @param term - its number: one that was used before, or the next. */
  add(term: number, { chunk, place, bytes }: ListPlace): void {
    const list = this.#next.length;
    this.#chunks.push(chunk);
    this.#places.push(place);
    this.#next.push(NO_LIST);
    if (term === this.#first.length) {
      this.#first.push(list);
      this.#last.push(list);
      this.#bytes.push(bytes);
    } else {
      this.#next.set(this.#last.at(term), list);
      this.#last.set(term, list);
      this.#bytes.set(term, this.#bytes.at(term) + bytes);
    }
  }

  bytes(term: number): number {
    return this.#bytes.at(term);
  }

  forEach(term: number, visit: (chunk: number, place: number) => void): void {
    for (let list = this.#first.at(term); list !== NO_LIST; list = this.#next.at(list)) {
      visit(this.#chunks.at(list), this.#places.at(list));
    }
  }
}

/** Postings on their way from a list by ordinal to lists by frequency. */
class DecodedPostings {
  #ordinals = new Uint32Array(0);
  #frequencies = new Uint8Array(0);
  #size = 0;
  /** How many there are of each frequency. */
  readonly #counts = new Uint32Array(MAX_TERM_FREQUENCY + 1);

  /** Adds the list at a place of a chunk, without the passages before `from`. */
  read(chunk: Buffer, place: number, from: number): void {
    const cursor = new ChunkCursor(chunk, place);
    const [start, end] = cursor.skipBytes();
    // A posting takes a byte or more.
    this.#reserve(end - start);
    const [ordinals, frequencies, counts] = [this.#ordinals, this.#frequencies, this.#counts];
    let size = this.#size;
    let ordinal = 0;
    // As a cursor reads varints, but without a call for each: most of the time of a term's first search is spent here.
    for (let position = start; position < end;) {
      let packed = chunk[position++] ?? 0;
      if (packed >= 128) {
        packed -= 128;
        for (let scale = 128, byte = 128; byte >= 128; scale *= 128) {
          byte = chunk[position++] ?? 0;
          packed += (byte & 127) * scale;
        }
      }
      ordinal += Math.floor(packed / 2);
      let frequency = 1;
      if (packed % 2 === 0) {
        frequency = chunk[position++] ?? 0;
        // No more than two bytes: a frequency is at most 255.
        if (frequency >= 128) frequency += 128 * ((chunk[position++] ?? 0) - 1);
      }
      if (ordinal < from) continue;
      ordinals[size] = ordinal;
      frequencies[size++] = frequency;
      counts[frequency] = (counts[frequency] ?? 0) + 1;
    }
    this.#size = size;
  }

  /** Makes room for so many more. */
  #reserve(more: number): void {
    if (this.#size + more <= this.#ordinals.length) return;
    const [ordinals, frequencies] = [this.#ordinals, this.#frequencies];
    const length = Math.max(2 * ordinals.length, this.#size + more);
    this.#ordinals = new Uint32Array(length);
    this.#ordinals.set(ordinals);
    this.#frequencies = new Uint8Array(length);
    this.#frequencies.set(frequencies);
  }

  take(): Postings {
    const [ordinals, frequencies, counts, size] = [
      this.#ordinals,
      this.#frequencies,
      this.#counts,
      this.#size,
    ];
    const sorted = new Uint32Array(size);
    const ends = new Uint32Array(counts.length);
    for (let f = 1, before = 0; f < counts.length; f++) ends[f] = before += counts[f - 1] ?? 0;
    for (let i = 0; i < size; i++) {
      const frequency = frequencies[i] ?? 0;
      const place = ends[frequency] ?? 0;
      sorted[place] = ordinals[i] ?? 0;
      ends[frequency] = place + 1;
    }
    const largest = counts.findLastIndex((count) => count > 0);
    return Array.from({ length: largest }, (_, slot): Ascending | undefined => {
      const [count, end] = [counts[slot + 1] ?? 0, ends[slot + 1] ?? 0];
      return count === 0 ? undefined : ascendingList(sorted.subarray(end - count, end));
    });
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

  /** Writes what another writer holds, after its length, and empties that. */
  move(other: ChunkWriter): void {
    this.varint(other.#length);
    this.#length += other.#buffer.copy(this.#buffer, this.#length, 0, other.#length);
    other.#length = 0;
  }

  take(): Buffer {
    const chunk = Buffer.from(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
    return chunk;
  }
}

class ChunkCursor {
  readonly #chunk: Buffer;
  #position: number;

  constructor(chunk: Buffer, position = 0) {
    this.#chunk = chunk;
    this.#position = position;
  }

  get position(): number {
    return this.#position;
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

  /** Passes over bytes whose number comes before them; says from where up to where they stand. */
  skipBytes(): readonly [number, number] {
    const bytes = this.varint();
    const start = this.#position;
    this.#position += bytes;
    return [start, this.#position];
  }
}

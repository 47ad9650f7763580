import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';

/*
 * The part of the ZIP format that is needed to inflate a file's entries within limits (APPNOTE.TXT 4.3 of PKWARE). Sizes that the
 * file states are believed only to refuse it: what is inflated is bounded by what comes out.
 */

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_LENGTH = 22;
const MAX_COMMENT_LENGTH = 0xffff;
const ENTRY_LENGTH = 46;
const LOCAL_LENGTH = 30;

const STORED = 0;
const DEFLATED = 8;

export interface ZipLimits {
  /** Most entries of the directory. */
  readonly maxEntries: number;
  /** Most bytes that all chosen entries may inflate to. */
  readonly maxBytes: number;
  /** How many times its compressed size an entry of more than a megabyte may inflate to. */
  readonly maxRatio: number;
}

/** Small entries compress well by nature, and do no harm. */
const RATIO_CHECKED_FROM = 1_000_000;

/** A zip file that goes over a limit. */
export class ZipLimitError extends Error {}

interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly localOffset: number;
}

const inflate = promisify(inflateRaw);

/**
 * Inflates the entries of a zip file that `choose` takes, by name.
 *
 * @throws ZipLimitError if the directory states, or an entry turns out to have, more than the limits allow; any other error for a
 * damaged file.
 */
export async function unzipWithinLimits(
  zip: Buffer,
  choose: (name: string) => boolean,
  limits: ZipLimits,
): Promise<Map<string, Buffer>> {
  const entries = readDirectory(zip, limits.maxEntries).filter(({ name }) => choose(name));
  let stated = 0;
  for (const { size, compressedSize } of entries) {
    stated += size;
    checkSize(stated, limits);
    checkRatio(size, compressedSize, limits);
  }
  const contents = new Map<string, Buffer>();
  let left = limits.maxBytes;
  for (const entry of entries) {
    const content = await inflateEntry(zip, entry, left);
    if (content === undefined) checkSize(limits.maxBytes + 1, limits);
    else {
      checkRatio(content.length, entry.compressedSize, limits);
      left -= content.length;
      contents.set(entry.name, content);
    }
  }
  return contents;
}

function checkSize(size: number, { maxBytes }: ZipLimits): void {
  if (size > maxBytes)
    throw new ZipLimitError(`expected parts of at most ${maxBytes} bytes when inflated, got more`);
}

function checkRatio(size: number, compressedSize: number, { maxRatio }: ZipLimits): void {
  if (size > RATIO_CHECKED_FROM && size > maxRatio * compressedSize) {
    throw new ZipLimitError(`expected parts that inflate to at most ${maxRatio} times their size, got more`);
  }
}

/** The central directory, which stands before the record at the file's end. */
function readDirectory(zip: Buffer, maxEntries: number): ZipEntry[] {
  const end = findEnd(zip);
  const count = zip.readUInt16LE(end + 10);
  if (count > maxEntries) throw new ZipLimitError(`expected at most ${maxEntries} parts, got ${count}`);
  const entries: ZipEntry[] = [];
  let offset = zip.readUInt32LE(end + 16);
  for (let i = 0; i < count; i++) {
    if (zip.readUInt32LE(offset) !== ENTRY_SIGNATURE) throw new Error(`No entry ${i} in the zip directory.`);
    const nameLength = zip.readUInt16LE(offset + 28);
    const nameStart = offset + ENTRY_LENGTH;
    entries.push({
      name: zip.toString('utf8', nameStart, nameStart + nameLength),
      method: zip.readUInt16LE(offset + 10),
      compressedSize: zip.readUInt32LE(offset + 20),
      size: zip.readUInt32LE(offset + 24),
      localOffset: zip.readUInt32LE(offset + 42),
    });
    offset = nameStart + nameLength + zip.readUInt16LE(offset + 30) + zip.readUInt16LE(offset + 32);
  }
  return entries;
}

function findEnd(zip: Buffer): number {
  const first = Math.max(0, zip.length - END_LENGTH - MAX_COMMENT_LENGTH);
  for (let offset = zip.length - END_LENGTH; offset >= first; offset--) {
    if (zip.readUInt32LE(offset) === END_SIGNATURE) return offset;
  }
  throw new Error('No end of a zip directory.');
}

/** Undefined if the entry has more than `maxBytes`. */
async function inflateEntry(zip: Buffer, entry: ZipEntry, maxBytes: number): Promise<Buffer | undefined> {
  const local = entry.localOffset;
  if (zip.readUInt32LE(local) !== LOCAL_SIGNATURE)
    throw new Error('An entry is not where the directory says.');
  const start = local + LOCAL_LENGTH + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const compressed = zip.subarray(start, start + entry.compressedSize);
  if (entry.method === STORED) return compressed.length > maxBytes ? undefined : compressed;
  if (entry.method !== DEFLATED) throw new Error(`Compression method ${entry.method} is not read.`);
  try {
    // zlib asks for a limit of at least 1.
    return await inflate(compressed, { maxOutputLength: Math.max(1, maxBytes) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw error;
  }
}

import { crc32 } from 'node:zlib';
import type { Database } from 'libsql';
import { VerbatimError } from '../../core/errors.js';
import { SegmentBuilder, SegmentReader } from './segment-codec.js';

// Each change writes its postings as one segment. Small ones are merged soon, so that a knowledge base of many small changes opens
// as fast as one made at once; large ones stay, so that no change is ever slow.

/** Segments of about the same size that make one. */
const MERGED_AT_ONCE = 8;
/** Segments of more postings are not merged. */
const MAX_MERGED_POSTINGS = 1 << 18;

interface SegmentRow {
  readonly id: number;
  readonly first: number;
  readonly last: number;
  readonly postings: number;
}

/** Writes the postings that were gathered, if there are any. */
export function writeSegment(database: Database, segment: SegmentBuilder): void {
  if (segment.isEmpty) return;
  const { lastInsertRowid } = database
    .prepare('INSERT INTO segments (first, last, postings) VALUES (?, ?, ?)')
    .run(segment.first, segment.last, segment.count);
  const insert = database.prepare('INSERT INTO chunks VALUES (?, ?, ?, ?)');
  let part = 0;
  for (const chunk of segment.encode()) insert.run(Number(lastInsertRowid), part++, chunk, crc32(chunk));
}

/**
 * Reads the postings of all passages from an ordinal on; those of removed passages may be among them.
 *
 * @throws VerbatimError `index-damaged`.
 */
export function loadSegments(database: Database, from: number): SegmentReader {
  const reader = new SegmentReader(from);
  const segments = database
    .prepare('SELECT id, first, last, postings FROM segments WHERE last >= ? ORDER BY first')
    .all(from) as SegmentRow[];
  for (const segment of segments) readSegment(database, segment, reader);
  return reader;
}

function readSegment(database: Database, { id }: SegmentRow, reader: SegmentReader): void {
  const chunks = database.prepare('SELECT part, data, checksum FROM chunks WHERE segment = ? ORDER BY part');
  for (const [part, data, checksum] of chunks.raw().iterate(id) as IterableIterator<
    [number, Buffer, number]
  >) {
    if (crc32(data) !== checksum) {
      throw new VerbatimError(
        'index-damaged',
        `Part ${part} of segment ${id} of the index is damaged; index the documents again.`,
      );
    }
    reader.read(data, part);
  }
}

/** Merges small segments of about the same size, neighbours first, until fewer than eight are left of any size. */
export function mergeSmallSegments(database: Database): void {
  for (;;) {
    const run = findRun(database.prepare('SELECT * FROM segments ORDER BY first').all() as SegmentRow[]);
    if (run === undefined) return;
    replaceSegments(database, run, () => false);
  }
}

/** The first eight neighbours of one size, a size being a power of eight. */
function findRun(segments: readonly SegmentRow[]): SegmentRow[] | undefined {
  let run: SegmentRow[] = [];
  const tier = ({ postings }: SegmentRow): number =>
    Math.floor(Math.log(postings + 1) / Math.log(MERGED_AT_ONCE));
  for (const segment of segments) {
    const [first] = run;
    if (first !== undefined && tier(first) !== tier(segment)) run = [];
    if (MERGED_AT_ONCE * segment.postings > MAX_MERGED_POSTINGS) run = [];
    else run.push(segment);
    if (run.length === MERGED_AT_ONCE) return run;
  }
  return undefined;
}

/** Rewrites the segments that hold removed passages, each in a transaction of its own, and then forgets the removals. */
export function compactSegments(database: Database, transaction: (action: () => void) => void): void {
  const removed = removedPassages(database);
  const segments = database.prepare('SELECT * FROM segments ORDER BY first').all() as SegmentRow[];
  for (const segment of segments) {
    if (!removed.touches(segment)) continue;
    transaction(() => replaceSegments(database, [segment], (ordinal) => removed.has(ordinal)));
  }
  transaction(() => {
    database.exec(
      'DELETE FROM removals; UPDATE state SET commit_number = commit_number + 1, purge_commit = commit_number + 1',
    );
  });
}

function replaceSegments(
  database: Database,
  segments: readonly SegmentRow[],
  isGone: (ordinal: number) => boolean,
): void {
  const merged = new SegmentBuilder();
  for (const segment of segments) {
    const reader = new SegmentReader();
    readSegment(database, segment, reader);
    merged.addSegment(reader, isGone);
  }
  for (const { id } of segments) {
    database.prepare('DELETE FROM chunks WHERE segment = ?').run(id);
    database.prepare('DELETE FROM segments WHERE id = ?').run(id);
  }
  writeSegment(database, merged);
}

interface RemovedPassages {
  has(ordinal: number): boolean;
  touches(segment: SegmentRow): boolean;
}

function removedPassages(database: Database): RemovedPassages {
  const rows = database.prepare('SELECT first, passages FROM removals').raw().all() as [number, number][];
  const ordinals = new Set(
    rows.flatMap(([first, count]) => Array.from({ length: count }, (_, i) => first + i)),
  );
  return {
    has: (ordinal) => ordinals.has(ordinal),
    touches: ({ first, last }) => rows.some(([start, count]) => start <= last && start + count > first),
  };
}

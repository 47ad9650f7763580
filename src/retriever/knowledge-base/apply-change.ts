import type { Database } from 'libsql';
import type { SourceDocument } from '../../core/document.js';
import { countTerms } from '../bm25-index.js';
import { searchedTerms } from '../searched-terms.js';
import { splitPassages, type PassageOptions } from '../split-passages.js';
import { readState } from './database.js';
import { SegmentBuilder } from './segment-codec.js';
import { writeSegment } from './segments.js';
import { checkDocumentId, toRow } from './stored-document.js';
import type { DocumentPlace } from './stored-passages.js';

/** Postings that are gathered before they are written: bounds the memory of a large change. */
const POSTINGS_IN_MEMORY = 1_000_000;

/** Documents to put in and to take out, in one transaction. */
export interface Change {
  /** A document replaces the one of the same id. */
  readonly upsert?: Iterable<SourceDocument>;
  /** Ids; those that are not there are passed over. */
  readonly remove?: Iterable<string>;
  /** The file that a document comes from. */
  readonly sourceOf?: (document: SourceDocument) => string;
  /** What is known of files once the change is in: the hash of their content, or null to forget one. */
  readonly sources?: ReadonlyMap<string, string | null>;
}

export interface ChangeSummary {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** Documents that were there already, just as given. */
  readonly unchanged: number;
}

/** Makes a change, within the caller's transaction. */
export function applyChange(
  database: Database,
  change: Change,
  passageOptions: PassageOptions,
): ChangeSummary {
  const { upsert = [], remove = [], sourceOf, sources = new Map<string, string | null>() } = change;
  const before = readState(database);
  const commit = before.commit_number + 1;
  const counts = { added: 0, changed: 0, removed: 0, unchanged: 0 };
  let { next_ordinal: next, passages: size } = before;
  let segment = new SegmentBuilder();
  const placeOf = database.prepare(
    'SELECT number, first, passages, hash, source FROM documents WHERE id = ?',
  );
  const insert = database.prepare(
    `INSERT INTO documents (id, source, hash, summary, first, passages, body, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const drop = database.prepare('DELETE FROM documents WHERE number = ?');
  const bury = database.prepare('INSERT INTO removals VALUES (?, ?, ?)');
  const takeOut = ({ number, first, passages }: DocumentPlace): void => {
    drop.run(number);
    if (passages > 0) bury.run(commit, first, passages);
    size -= passages;
  };
  for (const document of upsert) {
    const passages = splitPassages({ ...document, id: checkDocumentId(document.id) }, passageOptions);
    const row = toRow(document, passages);
    const source = sourceOf?.(document) ?? null;
    const held = placeOf.get(document.id) as
      (DocumentPlace & { hash: string; source: string | null }) | undefined;
    if (held?.hash === row.hash && held.source === source) {
      counts.unchanged++;
      continue;
    }
    if (held === undefined) counts.added++;
    else {
      counts.changed++;
      takeOut(held);
    }
    insert.run(row.id, source, row.hash, row.summary, next, passages.length, row.body, row.checksum);
    size += passages.length;
    for (const passage of passages) {
      const terms = searchedTerms(passage);
      segment.add(next++, terms.length, countTerms(terms));
    }
    if (segment.count >= POSTINGS_IN_MEMORY) {
      writeSegment(database, segment);
      segment = new SegmentBuilder();
    }
  }
  for (const id of remove) {
    const held = placeOf.get(id) as DocumentPlace | undefined;
    if (held === undefined) continue;
    takeOut(held);
    counts.removed++;
  }
  writeSegment(database, segment);
  for (const [id, hash] of sources) {
    if (hash === null) database.prepare('DELETE FROM sources WHERE id = ?').run(id);
    else database.prepare('INSERT OR REPLACE INTO sources VALUES (?, ?)').run(id, hash);
  }
  if (counts.added + counts.changed + counts.removed > 0) {
    database
      .prepare('UPDATE state SET commit_number = ?, next_ordinal = ?, passages = ?')
      .run(commit, next, size);
  }
  return counts;
}

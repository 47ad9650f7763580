import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { DocumentMetadata, SourceDocument } from '../../core/document.js';
import { received, VerbatimError } from '../../core/errors.js';
import type { Passage } from '../../core/passage.js';
import { cutsOf, type CutDocument, type PassageCut } from '../cut-document.js';

/** Longer ids are refused: they are keys. */
const MAX_ID_LENGTH = 2048;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** What a list of documents shows of one. */
export interface DocumentSummary {
  readonly id: string;
  readonly title: string;
  readonly uri: string;
  readonly metadata?: DocumentMetadata;
  /** How many passages it was cut into. */
  readonly passages: number;
}

/** A document as it stands in a row. JSON keeps every string as it is, lone surrogates too. */
export interface DocumentRow {
  readonly id: string;
  /** SHA-256 of summary and body. */
  readonly hash: string;
  /** Title, address, metadata. */
  readonly summary: string;
  /** Text, blocks, anchors, and the passages as [start, end, index of the first block]. */
  readonly body: Buffer;
  readonly checksum: number;
}

interface Summary {
  readonly title: string;
  readonly uri: string;
  readonly metadata?: DocumentMetadata;
}

interface Body extends Pick<SourceDocument, 'text' | 'blocks' | 'anchors'> {
  readonly passages: readonly PassageCut[];
}

/** @throws VerbatimError `invalid-option` for an id that cannot be a key. */
export function checkDocumentId(id: string): string {
  if (typeof id !== 'string' || id === '' || id.length > MAX_ID_LENGTH || LONE_SURROGATE.test(id)) {
    throw new VerbatimError(
      'invalid-option',
      `Expected a document id of 1 to ${MAX_ID_LENGTH} characters of well-formed Unicode, got ${received(id)}.`,
    );
  }
  return id;
}

export function toRow(document: SourceDocument, passages: readonly Passage[]): DocumentRow {
  const { id, title, uri, metadata, text, blocks, anchors } = document;
  const summary = JSON.stringify({ title, uri, metadata });
  const body = Buffer.from(
    JSON.stringify({ text, blocks, anchors, passages: cutsOf(blocks, passages) } satisfies Body),
  );
  const hash = createHash('sha256').update(summary).update(body).digest('base64url');
  return { id, hash, summary, body, checksum: crc32(body) };
}

/** @throws VerbatimError `index-damaged` if the row is not what was written. */
export function fromRow({ id, summary, body, checksum }: Omit<DocumentRow, 'hash'>): CutDocument {
  if (crc32(body) !== checksum) {
    throw new VerbatimError(
      'index-damaged',
      `Document ${received(id)} is damaged in the index; index it again.`,
    );
  }
  const { text, blocks, anchors, passages } = JSON.parse(body.toString('utf8')) as Body;
  return { document: { id, ...(JSON.parse(summary) as Summary), text, blocks, anchors }, passages };
}

export function summaryOf(row: { id: string; summary: string; passages: number }): DocumentSummary {
  return { id: row.id, ...(JSON.parse(row.summary) as Summary), passages: row.passages };
}

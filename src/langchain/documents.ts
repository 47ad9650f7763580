import { createHash } from 'node:crypto';
import { Document, type DocumentInterface } from '@langchain/core/documents';
import { anchorAt, type SourceAnchor } from '../core/document.js';
import type { Passage, RetrievedPassage } from '../core/passage.js';

/** What stands in the metadata of a LangChain document that is a passage. Offsets are UTF-16 code units. */
export interface PassageMetadata {
  readonly documentId: string;
  readonly title: string;
  readonly uri: string;
  /** Headings above the passage, outermost first. */
  readonly headings: readonly string[];
  /** `source.slice(start, end) === pageContent`, where the source is the text of the document with that id. */
  readonly start: number;
  readonly end: number;
  /** The retriever's raw score, larger is better; comparable only within one result list. */
  readonly score: number;
  /** Position in the result list, from 1. */
  readonly rank: number;
  /** Page of the source that the passage begins on, from 1, where it has pages. */
  readonly page?: number;
  /** Line of the source file that the passage begins on, from 1, where it has lines. */
  readonly line?: number;
  /** Where the lines and pages within the passage begin; `start` is a document offset. */
  readonly anchors: readonly SourceAnchor[];
  readonly tags?: readonly string[];
  readonly date?: string;
}

/** A passage as LangChain's retrievers give it. */
export function documentOf(passage: RetrievedPassage): Document<PassageMetadata> {
  const { id, documentId, title, uri, headings, start, end, score, rank, text, anchors, metadata } = passage;
  return new Document({
    id,
    pageContent: text,
    metadata: {
      documentId,
      title,
      uri,
      headings,
      start,
      end,
      score,
      rank,
      ...placeOf(anchors, start),
      anchors,
      ...metadata,
    },
  });
}

/** Page and line of an offset, where the source has them. */
export function placeOf(anchors: readonly SourceAnchor[], offset: number): { page?: number; line?: number } {
  const { page, line } = anchorAt(anchors, offset) ?? {};
  return { ...(page === undefined ? {} : { page }), ...(line === undefined ? {} : { line }) };
}

/** What a citation says of its source. */
export type DocumentSource = Partial<Pick<Passage, 'documentId' | 'title' | 'uri' | 'headings'>>;

/**
 * A LangChain document as a passage. One that this library made stands where its metadata says. Any other is a document of its own,
 * whose offsets index its `pageContent`: named by its id, else by `metadata.source` and a digest of its text, since several documents
 * of LangChain come from one source.
 *
 * @param source - what its metadata do not say, or say otherwise.
 */
export function passageOf(
  document: DocumentInterface,
  ranking: { readonly score: number; readonly rank: number },
  source: DocumentSource = {},
): RetrievedPassage {
  const { pageContent: text } = document;
  const metadata = document.metadata as Readonly<Record<string, unknown>>;
  const { start, end } = metadata;
  const isPlaced =
    typeof metadata['documentId'] === 'string' &&
    isOffset(start) &&
    isOffset(end) &&
    end - start === text.length;
  const origin = textIn(metadata, 'source');
  const documentId =
    source.documentId ??
    (isPlaced ? textIn(metadata, 'documentId') : undefined) ??
    document.id ??
    [origin, digest(text)].filter((part) => part !== undefined).join('#');
  const span = isPlaced ? { start, end } : { start: 0, end: text.length };
  return {
    id: `${documentId}#${span.start}-${span.end}`,
    documentId,
    title: source.title ?? textIn(metadata, 'title') ?? '',
    uri: source.uri ?? textIn(metadata, 'uri') ?? textIn(metadata, 'url') ?? origin ?? '',
    headings: source.headings ?? textsIn(metadata, 'headings'),
    ...span,
    text,
    anchors: isPlaced ? anchorsIn(metadata) : loaderAnchors(metadata, text),
    ...ranking,
  };
}

function isOffset(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

function textIn(metadata: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = metadata[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function textsIn(metadata: Readonly<Record<string, unknown>>, key: string): string[] {
  const value = metadata[key];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function anchorsIn({ anchors }: Readonly<Record<string, unknown>>): SourceAnchor[] {
  if (!Array.isArray(anchors)) return [];
  return anchors.filter((anchor: Partial<SourceAnchor> | null) => isOffset(anchor?.start)) as SourceAnchor[];
}

/** The pages and lines that LangChain's loaders and splitters note: `loc.pageNumber`, `loc.lines.from`. */
function loaderAnchors({ loc }: Readonly<Record<string, unknown>>, text: string): SourceAnchor[] {
  const { pageNumber, lines } = (loc ?? {}) as { pageNumber?: unknown; lines?: { from?: unknown } };
  const page = isOffset(pageNumber) ? { page: pageNumber } : {};
  const from = lines?.from;
  if (!isOffset(from)) return 'page' in page ? [{ start: 0, ...page }] : [];
  const starts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
  return starts.map((start, i) => ({ start, line: from + i, ...page }));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

import { parseCallbackConfigArg, type Callbacks } from '@langchain/core/callbacks/manager';
import { Document, type DocumentInterface } from '@langchain/core/documents';
import { BaseDocumentCompressor } from '@langchain/core/retrievers/document_compressors';
import type { RunnableConfig } from '@langchain/core/runnables';
import { requireNumber } from '../core/errors.js';
import type { RetrievedPassage } from '../core/passage.js';
import { overlaps, type Span } from '../core/span.js';
import { splitSentences } from '../core/text-units.js';
import { readPassages } from '../pipeline/index.js';
import type { LoadedReader, PassageReading, Reader } from '../reader/index.js';
import { passageOf, placeOf } from './documents.js';
import { currentConfig } from './run-config.js';

export interface ExtractiveCompressorOptions {
  /** Reads the passages. The caller closes it. */
  readonly reader: Reader | LoadedReader;
  /** A sentence is kept only if the reader's best span in it has at least this margin, in logits. @defaultValue −12, see {@link DEFAULT_COMPRESSION} */
  readonly minMargin?: number;
  /** And only if that is at most so much below the best margin of all passages, at least 0. @defaultValue 8, see {@link DEFAULT_COMPRESSION} */
  readonly maxMarginGap?: number;
}

/** Fitted for the embedded reader on held-out training articles; bench/README.md has what they keep and lose. */
export const DEFAULT_COMPRESSION = Object.freeze({ minMargin: -12, maxMarginGap: 8 });

/** Sentences of one passage that follow each other and are kept. */
interface Run {
  /** Of the passage's text. */
  readonly span: Span;
  /** The largest margin of its sentences. */
  readonly margin: number;
}

/**
 * Keeps of each document the sentences that can answer the question, as they stand, and drops documents without one; if nothing can answer,
 * nothing is left. Sentences that follow each other stay one document, others become several. `metadata.start` and `metadata.end` say where
 * it stands (`source.slice(start, end) === pageContent`), `metadata.margin` how well it answers; all else is kept. Best documents first.
 *
 * The source is the document that `metadata.documentId` names, if the document came from this library, else the `pageContent` that was given.
 *
 * @example
 * const { reader } = await loadReader();
 * const retriever = new ContextualCompressionRetriever({
 *   baseRetriever,
 *   baseCompressor: new ExtractiveCompressor({ reader }),
 * });
 */
export class ExtractiveCompressor extends BaseDocumentCompressor {
  readonly minMargin: number;
  readonly maxMarginGap: number;
  readonly #reader: Reader;

  /** @throws VerbatimError `invalid-option` for limits out of range. */
  constructor({
    reader,
    minMargin = DEFAULT_COMPRESSION.minMargin,
    maxMarginGap = DEFAULT_COMPRESSION.maxMarginGap,
  }: ExtractiveCompressorOptions) {
    super();
    this.minMargin = requireNumber('minMargin', minMargin);
    this.maxMarginGap = requireNumber('maxMarginGap', maxMarginGap, 0);
    this.#reader = 'manifest' in reader ? reader.reader : reader;
  }

  /**
   * @param config - callbacks, as every compressor takes them, or a config with a signal.
   * @throws VerbatimError `empty-question`, `question-too-long`; the signal's reason once it is aborted.
   */
  override async compressDocuments(
    documents: DocumentInterface[],
    question: string,
    config?: Callbacks | RunnableConfig,
  ): Promise<DocumentInterface[]> {
    if (documents.length === 0) return [];
    const { signal } = currentConfig(parseCallbackConfigArg(config));
    const passages = documents.map((document, i) => passageOf(document, { score: 0, rank: i + 1 }));
    const options = signal === undefined ? {} : { signal };
    const readings = await readPassages(this.#reader, question, passages, options);
    const limit = Math.max(
      this.minMargin,
      Math.max(...readings.map(({ margin }) => margin)) - this.maxMarginGap,
    );
    const best = readings
      .map((reading, i) => ({ reading, metadata: documents[i]?.metadata ?? {} }))
      .sort((a, b) => b.reading.margin - a.reading.margin || a.reading.passage.rank - b.reading.passage.rank);
    // Passages overlap: what an earlier one has given is left out of a later.
    const given: (Span & { readonly documentId: string })[] = [];
    return best.flatMap(({ reading, metadata }) => {
      const { documentId, start } = reading.passage;
      const isGiven = (sentence: Span): boolean =>
        given.some(
          (other) =>
            other.documentId === documentId &&
            other.start <= start + sentence.start &&
            start + sentence.end <= other.end,
        );
      return keptRuns(reading, limit, isGiven).map((run) => {
        const document = cut(metadata, reading.passage, run);
        given.push({ documentId, start: start + run.span.start, end: start + run.span.end });
        return document;
      });
    });
  }
}

/** The sentences whose best margin reaches the limit, those next to each other as one. */
function keptRuns(
  { passage, spans, nullScore }: PassageReading,
  limit: number,
  isGiven: (sentence: Span) => boolean,
): Run[] {
  const runs: Run[] = [];
  let open: Run | undefined;
  for (const sentence of splitSentences(passage.text)) {
    // Best first: the first span that touches the sentence is its best.
    const margin = (spans.find((span) => overlaps(span, sentence))?.score ?? -Infinity) - nullScore;
    if (margin < limit || isGiven(sentence)) {
      open = undefined;
      continue;
    }
    if (open !== undefined) runs.pop();
    open = {
      span: { start: open?.span.start ?? sentence.start, end: sentence.end },
      margin: Math.max(margin, open?.margin ?? -Infinity),
    };
    runs.push(open);
  }
  return runs;
}

function cut(
  metadata: Readonly<Record<string, unknown>>,
  passage: RetrievedPassage,
  { span, margin }: Run,
): Document {
  const start = passage.start + span.start;
  const end = passage.start + span.end;
  return new Document({
    id: `${passage.documentId}#${start}-${end}`,
    pageContent: passage.text.slice(span.start, span.end),
    metadata: {
      ...metadata,
      documentId: passage.documentId,
      start,
      end,
      ...placeOf(passage.anchors, start),
      ...(passage.anchors.length === 0 ? {} : { anchors: passage.anchors }),
      margin,
    },
  });
}

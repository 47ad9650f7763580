import {
  BaseDocumentCompressor,
  DocumentCompressorPipeline,
} from '@langchain/classic/retrievers/document_compressors';
import { EmbeddingsFilter } from '@langchain/classic/retrievers/document_compressors/embeddings_filter';
import { BaseDocumentTransformer, Document, type DocumentInterface } from '@langchain/core/documents';
import type { Embeddings } from '@langchain/core/embeddings';
import { splitSentences } from '../../src/core/text-units.js';
import { ExtractiveCompressor } from '../../src/langchain/index.js';
import type { Reader } from '../../src/reader/index.js';
import { analyze } from '../../src/retriever/analyze.js';
import { contentTerms } from '../../src/retriever/english-matching.js';
import { porter2 } from '../../src/retriever/porter2.js';

/** What every compressor of LangChain does. */
export type Compressor = Pick<BaseDocumentCompressor, 'compressDocuments'>;

/** A compressor at one of its settings. */
export interface Contender {
  readonly name: string;
  readonly setting: string;
  readonly compressor: Compressor;
}

/** The extractive compressor at limits to choose from. */
export function extractive(reader: Reader): Contender[] {
  return [-16, -12, -8].flatMap((minMargin) =>
    [4, 6, 8, 10].map((maxMarginGap) => ({
      name: 'ExtractiveCompressor',
      setting: `minMargin ${minMargin}, maxMarginGap ${maxMarginGap}`,
      compressor: new ExtractiveCompressor({ reader, minMargin, maxMarginGap }),
    })),
  );
}

/** What else there is: fewer passages, sentences with the question's words, and LangChain's filter by similarity of whole passages and of sentences. */
export function baselines(embeddings: Embeddings | undefined): Contender[] {
  return [
    ...[1, 2, 3, 5].map((k) => ({
      name: 'first passages',
      setting: `${k}`,
      compressor: new FirstPassages(k),
    })),
    ...[5, 10, 15, 20].map((k) => ({
      name: 'keywords, sentences',
      setting: `${k}`,
      compressor: inSentences(new KeywordFilter(k)),
    })),
    ...(embeddings === undefined ? [] : similar(embeddings)),
  ];
}

function similar(embeddings: Embeddings): Contender[] {
  return [
    ...[1, 2, 3, 5].map((k) => ({
      name: 'EmbeddingsFilter, passages',
      setting: `k ${k}`,
      compressor: new EmbeddingsFilter({ embeddings, k }),
    })),
    ...[5, 10, 15, 20].map((k) => ({
      name: 'EmbeddingsFilter, sentences',
      setting: `k ${k}`,
      compressor: inSentences(new EmbeddingsFilter({ embeddings, k })),
    })),
  ];
}

function inSentences(filter: BaseDocumentCompressor): Compressor {
  return new DocumentCompressorPipeline({ transformers: [new SentenceSplitter(), filter] });
}

/** What doing nothing but retrieving fewer passages gives. */
class FirstPassages extends BaseDocumentCompressor {
  readonly #k: number;

  constructor(k: number) {
    super();
    this.#k = k;
  }

  override async compressDocuments(documents: DocumentInterface[]): Promise<DocumentInterface[]> {
    return documents.slice(0, this.#k);
  }
}

/** Documents cut into the same sentences that the extractive compressor keeps or drops. */
class SentenceSplitter extends BaseDocumentTransformer {
  override lc_namespace = ['verbatim-qa', 'bench'];

  override async transformDocuments(documents: DocumentInterface[]): Promise<DocumentInterface[]> {
    return documents.flatMap(({ pageContent, metadata }) =>
      sentencesOf(pageContent).map(
        ({ start, end }) =>
          new Document({
            pageContent: pageContent.slice(start, end),
            metadata: {
              ...metadata,
              start: (metadata['start'] as number) + start,
              end: (metadata['start'] as number) + end,
            },
          }),
      ),
    );
  }
}

const sentencesOf = remembered(splitSentences);
const stemsOf = remembered((text) => new Set(analyze(text).map(porter2)));

/** The documents that share most content words, by stem, with the question; equal ones in the order of retrieval. */
class KeywordFilter extends BaseDocumentCompressor {
  readonly #k: number;

  constructor(k: number) {
    super();
    this.#k = k;
  }

  override async compressDocuments(
    documents: DocumentInterface[],
    question: string,
  ): Promise<DocumentInterface[]> {
    const sought = contentTerms(analyze(question)).map(porter2);
    return documents
      .map((document) => {
        const stems = stemsOf(document.pageContent);
        return { document, shared: new Set(sought.filter((stem) => stems.has(stem))).size };
      })
      .sort((a, b) => b.shared - a.shared)
      .slice(0, this.#k)
      .map(({ document }) => document);
  }
}

/** The same passages are found for many questions, and by every setting. */
function remembered<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const value = known.get(text) ?? make(text);
    known.set(text, value);
    return value;
  };
}

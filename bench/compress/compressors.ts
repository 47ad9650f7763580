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

/** A compressor at each of its settings, to choose from. */
export interface Contender {
  readonly name: string;
  readonly settings: readonly { readonly name: string; readonly compressor: Compressor }[];
}

const PASSAGES = [1, 2, 3, 4, 5, 6, 7, 8];
const SENTENCES = [3, 5, 8, 10, 12, 15, 20, 25, 30];

export function contenders(reader: Reader, embeddings: Embeddings | undefined): Contender[] {
  return [
    {
      name: 'first passages',
      settings: PASSAGES.map((k) => ({ name: `${k}`, compressor: new FirstPassages(k) })),
    },
    {
      name: 'keywords, sentences',
      settings: SENTENCES.map((k) => ({
        name: `${k}`,
        compressor: new DocumentCompressorPipeline({
          transformers: [new SentenceSplitter(), new KeywordFilter(k)],
        }),
      })),
    },
    ...(embeddings === undefined ? [] : embeddingFilters(embeddings)),
    {
      name: 'ExtractiveCompressor',
      settings: [-16, -12, -8].flatMap((minMargin) =>
        [4, 6, 8].map((maxMarginGap) => ({
          name: `minMargin ${minMargin}, maxMarginGap ${maxMarginGap}`,
          compressor: new ExtractiveCompressor({ reader, minMargin, maxMarginGap }),
        })),
      ),
    },
  ];
}

function embeddingFilters(embeddings: Embeddings): Contender[] {
  return [
    {
      name: 'EmbeddingsFilter, passages',
      settings: PASSAGES.map((k) => ({
        name: `k ${k}`,
        compressor: new EmbeddingsFilter({ embeddings, k }),
      })),
    },
    {
      name: 'EmbeddingsFilter, sentences',
      settings: SENTENCES.map((k) => ({
        name: `k ${k}`,
        compressor: new DocumentCompressorPipeline({
          transformers: [new SentenceSplitter(), new EmbeddingsFilter({ embeddings, k })],
        }),
      })),
    },
    {
      name: 'EmbeddingsFilter, sentences by similarity',
      settings: [0.2, 0.3, 0.4, 0.5].map((similarityThreshold) => ({
        name: `similarityThreshold ${similarityThreshold}`,
        compressor: new DocumentCompressorPipeline({
          transformers: [
            new SentenceSplitter(),
            new EmbeddingsFilter({ embeddings, k: Number.MAX_SAFE_INTEGER, similarityThreshold }),
          ],
        }),
      })),
    },
  ];
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

import type { SourceDocument } from '../core/document.js';
import type { ParagraphPlace } from '../evaluation/index.js';
import type { QuestionSet } from '../ingest/index.js';
import type { KnowledgeBase, Retriever } from '../retriever/index.js';
import type { SearchedFlags } from './options.js';
import { documentIds } from './document-ids.js';
import { readDocuments } from './searched-source.js';

/** What is searched for labelled questions. */
export interface SearchedCorpus {
  readonly retriever: Retriever;
  /** Where each labelled paragraph stands in it, if known. */
  readonly places: readonly (ParagraphPlace | undefined)[];
}

/**
 * The index or the files that the flags name or, without any, the labelled file's own paragraphs, each one passage. The caller closes it.
 */
export async function searchedCorpus(
  { paragraphs }: QuestionSet,
  flags: SearchedFlags,
): Promise<SearchedCorpus> {
  const { locateParagraphs, paragraphPassages } = await import('../evaluation/index.js');
  const { Bm25Retriever, KnowledgeBase } = await import('../retriever/index.js');
  if (flags.index !== undefined) {
    const retriever = await KnowledgeBase.open(flags.index);
    return { retriever, places: locateParagraphs(paragraphs, await allDocuments(retriever)) };
  }
  const retriever = new Bm25Retriever();
  if (flags.corpus === undefined) {
    const passages = paragraphPassages(paragraphs);
    for (const passage of passages) retriever.addPassage(passage);
    return { retriever, places: passages.map(({ documentId }) => ({ documentId, start: 0 })) };
  }
  const { documents } = await readDocuments(flags.corpus, flags);
  for (const document of documents) retriever.addDocument(document);
  return { retriever, places: locateParagraphs(paragraphs, documents) };
}

async function allDocuments(knowledgeBase: KnowledgeBase): Promise<SourceDocument[]> {
  const documents: SourceDocument[] = [];
  for await (const id of documentIds(knowledgeBase)) {
    const document = await knowledgeBase.get(id);
    if (document !== undefined) documents.push(document);
  }
  return documents;
}

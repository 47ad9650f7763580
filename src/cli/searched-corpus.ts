import type { ParagraphPlace } from '../evaluation/index.js';
import type { QuestionSet } from '../ingest/index.js';
import type { Retriever } from '../retriever/index.js';
import { progressBar } from './progress.js';

/** What is searched for labelled questions. */
export interface SearchedCorpus {
  readonly retriever: Retriever;
  /** Where each labelled paragraph stands in it, if known. */
  readonly places: readonly (ParagraphPlace | undefined)[];
}

/**
 * An index of files and folders or, without any, of the labelled file's own paragraphs, each one passage. Files that cannot be
 * read are reported and left out.
 */
export async function searchedCorpus(
  { paragraphs }: QuestionSet,
  paths: readonly string[] | undefined,
): Promise<SearchedCorpus> {
  const { locateParagraphs, paragraphPassages } = await import('../evaluation/index.js');
  const { Bm25Retriever } = await import('../retriever/index.js');
  const retriever = new Bm25Retriever();
  if (paths === undefined) {
    const passages = paragraphPassages(paragraphs);
    for (const passage of passages) retriever.addPassage(passage);
    return { retriever, places: passages.map(({ documentId }) => ({ documentId, start: 0 })) };
  }
  const { loadCorpus } = await import('../ingest/index.js');
  const progress = progressBar('Reading documents', 'files');
  const { documents, problems } = await loadCorpus(paths, { onProgress: progress.update }).finally(
    progress.stop,
  );
  for (const problem of problems) console.error(`verbatim: [${problem.code}] ${problem.message} Left out.`);
  for (const document of documents) retriever.addDocument(document);
  return { retriever, places: locateParagraphs(paragraphs, documents) };
}

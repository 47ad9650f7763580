import type { RetrievedPassage } from '../../core/passage.js';
import { createBreather } from '../../core/yield-to-event-loop.js';
import { Bm25Retriever, splitPassages, type RetrieveOptions } from '../../retriever/index.js';
import type { DocumentBody } from '../schemas/documents.js';
import { readDocument } from './read-document.js';

/** What a document that is not in the index is called in citations. */
const DOCUMENT_ID = 'document';

/**
 * The passages of one document that fit a question best. Nothing is kept of it.
 *
 * @throws VerbatimError `file-too-large` for content that grows out of bounds once its markup is resolved; the signal's reason once it is aborted.
 */
export async function passagesOf(
  body: DocumentBody,
  question: string,
  options: RetrieveOptions,
): Promise<RetrievedPassage[]> {
  const retriever = new Bm25Retriever();
  // A long document must not hold up what others ask.
  const breather = createBreather();
  for (const passage of splitPassages(readDocument(DOCUMENT_ID, body))) {
    options.signal?.throwIfAborted();
    retriever.addPassage(passage);
    await breather();
  }
  const { topK, explain, signal } = options;
  return retriever.retrieve(question, {
    ...(topK === undefined ? {} : { topK }),
    ...(explain === undefined ? {} : { explain }),
    ...(signal === undefined ? {} : { signal }),
  });
}

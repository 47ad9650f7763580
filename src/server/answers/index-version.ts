import { Bm25Retriever, KnowledgeBase, type Retriever } from '../../retriever/index.js';

/** A number that is another after every change of what is searched; undefined where changes cannot be seen. */
export function indexVersion(retriever: Retriever): number | undefined {
  if (retriever instanceof KnowledgeBase) return retriever.version;
  // Passages are only ever added to it.
  if (retriever instanceof Bm25Retriever) return retriever.size;
  return undefined;
}

import type { DocumentPage, KnowledgeBase } from '../retriever/index.js';

/** The ids of all documents, in their order. */
export async function* documentIds(knowledgeBase: KnowledgeBase): AsyncGenerator<string> {
  for (let after: string | undefined = ''; after !== undefined;) {
    const page: DocumentPage = await knowledgeBase.list({ after, limit: 1000 });
    for (const { id } of page.documents) yield id;
    after = page.next;
  }
}

import type { SourceDocument } from '../core/document.js';
import type { DocumentSource } from './deps.js';

/** Documents that no knowledge base keeps. Ids are ordered by code unit. */
export function documentsInMemory(documents: Iterable<SourceDocument>): DocumentSource {
  const byId = new Map(Array.from(documents, (document) => [document.id, document] as const));
  const ordered = Array.from(byId.values()).sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    get: async (id) => byId.get(id),
    list: async ({ after = '', limit }) => {
      const first = ordered.findIndex(({ id }) => id > after);
      const page = first === -1 ? [] : ordered.slice(first, first + limit);
      const last = page.at(-1);
      return { documents: page, ...(last === undefined || last === ordered.at(-1) ? {} : { next: last.id }) };
    },
  };
}

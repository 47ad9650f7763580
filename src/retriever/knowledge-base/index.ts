export type { Change, ChangeSummary } from './apply-change.js';
export { hasDatabase } from './database.js';
export { KnowledgeBase, type DocumentPage, type KnowledgeBaseOptions } from './knowledge-base.js';
export type { DocumentSummary } from './stored-document.js';

/** Pages that may be linked before they are there. */
export const PLANNED_PAGES: ReadonlySet<string> = new Set([
  'engines',
  'faq-bot',
  'how-to-opensearch-search-pipeline',
  'in-the-browser',
  'playground',
]);

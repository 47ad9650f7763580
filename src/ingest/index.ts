export { decodeText } from './decode-text.js';
export { readMarkdown } from './markdown.js';
export { readPlainText } from './plain-text.js';
export { loadCorpus, DOCUMENT_EXTENSIONS, type LoadCorpusOptions, type LoadedCorpus } from './load-corpus.js';
export {
  readSquadFile,
  parseSquad,
  type GoldAnswer,
  type LabelledParagraph,
  type LabelledQuestion,
  type QuestionSet,
} from './squad.js';
export type { DocumentIdentity } from './document-builder.js';

export { decodeText } from './decode-text.js';
export { pathError } from './path-error.js';
export { readMarkdown } from './markdown.js';
export { readPlainText } from './plain-text.js';
export { DOCUMENT_EXTENSIONS } from './loaders.js';
export { watchedRoots } from './corpus-roots.js';
export { listCorpusFiles, type CorpusFile, type CorpusOptions } from './list-corpus-files.js';
export { readCorpusFile, type ReadFileOptions } from './read-corpus-file.js';
export { corpusEmpty, loadCorpus, type LoadedCorpus } from './load-corpus.js';
export {
  readSquadFile,
  parseSquad,
  type GoldAnswer,
  type LabelledParagraph,
  type LabelledQuestion,
  type QuestionSet,
} from './squad.js';
export type { DocumentIdentity } from './document-builder.js';

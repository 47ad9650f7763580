/**
 * What `import 'verbatim-qa/langchain'` gives: `index.ts`, or an error that says which package to install. Imported statically, a
 * missing package fails before any line of this one has run. `require` gets `entry-require.cts`, because it cannot wait.
 */
import { explainMissingPeer } from './peer.js';

export const {
  createAnswerTool,
  createDraftChecker,
  ExtractiveCompressor,
  fromLangChainRetriever,
  VerbatimRetriever,
} = await import('./index.js').catch((error: unknown) => {
  throw explainMissingPeer(error);
});

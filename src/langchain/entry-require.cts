/** What `require('verbatim-qa/langchain')` gives: the same module that `import` gives, loaded without waiting. */
import type * as LangChain from './index.js' with { 'resolution-mode': 'import' };
import peer = require('./peer.js');

function load(): typeof LangChain {
  try {
    return require('./index.js') as typeof LangChain;
  } catch (error) {
    throw peer.explainMissingPeer(error);
  }
}

export = load();

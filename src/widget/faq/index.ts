import { registerEngine } from '../engine-registry.js';
import { HttpEngine } from '../http-engine.js';
import { LocalAnswerEngine } from '../local-engine.js';
import { VerbatimFaq } from './verbatim-faq.js';

export {
  EngineError,
  type AnswerEngine,
  type AnswerOptions,
  type CallOptions,
  type EngineErrorDetails,
  type EngineErrorReason,
  type EngineFactory,
  type EngineProgress,
  type EngineSettings,
  type ListOptions,
  type Verdict,
} from '../engine.js';
export { HttpEngine } from '../http-engine.js';
export type {
  WireAnswer,
  WireCandidate,
  WireNoAnswer,
  WirePassage,
  WireResult,
  WireSuggestion,
} from '../wire.js';
export type { FaqLanguage, FaqStrings } from './strings/index.js';
export { VerbatimFaq, type FaqEvents } from './verbatim-faq.js';

declare global {
  interface HTMLElementTagNameMap {
    'verbatim-faq': VerbatimFaq;
  }
}

registerEngine('http', (settings) => new HttpEngine(settings));
registerEngine('local', (settings) => new LocalAnswerEngine(settings));

const registry = globalThis.customElements as CustomElementRegistry | undefined;
// A page may load the file twice.
if (registry !== undefined && registry.get('verbatim-faq') === undefined)
  registry.define('verbatim-faq', VerbatimFaq);

import { requireInteger, VerbatimError } from '../core/errors.js';
import { wholePassage, type RetrievedPassage } from '../core/passage.js';
import { callEngine, MAX_TIMEOUT_MS } from '../retriever/engine/call-engine.js';
import { EngineError } from '../retriever/engine/engine-error.js';
import {
  analyze,
  DEFAULT_TOP_K,
  checkCriteria,
  type RetrieveOptions,
  type Retriever,
} from '../retriever/index.js';
import { checkFields, fieldNames, type FieldHit, type HitFields } from './hit-fields.js';
import type { SourceText } from './source-text.js';

/** A question that takes longer has lost its asker. */
const SEARCH_TIMEOUT_MS = 10_000;
/** More passages than this are never read. */
const MAX_TOP_K = 10_000;

export interface EngineRetrieverOptions extends HitFields {
  /** Milliseconds for one search, at least 1. @defaultValue 10,000 */
  readonly timeoutMs?: number;
}

/** A retrieved passage that is a whole document of an engine, and where its text stands in that: see `sourceSpan`. */
export type EnginePassage = RetrievedPassage & Pick<SourceText, 'pieces'>;

/** Retrieval over documents that an engine holds already. The client is the caller's, who closes it. */
export interface EngineRetriever extends Retriever {
  /**
   * Passages as the engine ranks them; documents without a text are left out. A filter is refused: only the engine knows its fields.
   *
   * @throws VerbatimError `invalid-option`; `engine-unavailable` if the engine is down, overloaded or too slow; `engine-refused` for a
   * wrong index, wrong credentials, another engine, or documents none of which has the text field; `closed`; the signal's reason once
   * it is aborted, and the search is cancelled.
   */
  retrieve(question: string, options?: RetrieveOptions): Promise<EnginePassage[]>;
  close(): Promise<void>;
}

/** What differs between engines. */
export interface Engine<R> {
  readonly name: string;
  /** Whether it refuses a field that is not there; for others, documents none of which has the text field are taken for a wrong name. */
  readonly refusesFields?: true;
  search(question: string, topK: number, signal: AbortSignal): PromiseLike<R>;
  /** The hits of a response, or undefined if it is none. */
  hits(response: R): readonly unknown[] | undefined;
  read(hits: readonly unknown[], topK: number): FieldHit[];
  explain(error: unknown): EngineError;
}

/** @throws VerbatimError `invalid-option`. */
export function engineRetriever<R>(engine: Engine<R>, options: EngineRetrieverOptions): EngineRetriever {
  checkFields(options);
  const timeoutMs = requireInteger('timeoutMs', options.timeoutMs ?? SEARCH_TIMEOUT_MS, 1, MAX_TIMEOUT_MS);
  let isClosed = false;
  return {
    async retrieve(question, { topK: asked = DEFAULT_TOP_K, filter, signal } = {}) {
      const topK = requireInteger('topK', asked, 1, MAX_TOP_K);
      refuseFilter(filter, engine.name);
      if (isClosed) throw new VerbatimError('closed', `The retriever on ${engine.name} is closed.`);
      signal?.throwIfAborted();
      // Some engines take a question without words for a wish to see everything.
      if (analyze(question).length === 0) return [];
      const response = await callEngine({
        engine: engine.name,
        ...{ timeoutMs, signal },
        send: (stop) => engine.search(question, topK, stop),
        explain: (error) => engine.explain(error),
      });
      const hits = engine.hits(response);
      if (hits === undefined)
        throw new EngineError('engine-refused', `${engine.name} answered with something else than hits.`);
      const read = engine.read(hits, topK);
      if (read.length === 0 && hits.length > 0 && engine.refusesFields !== true) {
        throw new EngineError(
          'engine-refused',
          `${engine.name} found ${hits.length} documents, none of which has a text in ${fieldNames({ textField: options.textField }).join(', ')}.`,
        );
      }
      return read.map(passageOf);
    },
    close: async () => {
      isClosed = true;
    },
  };
}

function passageOf(
  { id, text, title = '', uri = '', score = 0, pieces }: FieldHit,
  i: number,
): EnginePassage {
  return { ...wholePassage(id, text, { title, uri }), score, rank: i + 1, pieces };
}

function refuseFilter(filter: RetrieveOptions['filter'], engine: string): void {
  if (filter === undefined) return;
  if (typeof filter !== 'function') checkCriteria(filter);
  throw new VerbatimError(
    'invalid-option',
    `Expected filter to be left out: the fields of ${engine}'s documents are its own; filter in the retriever's own query.`,
  );
}

/** What an HTTP client's error says of itself and of what led to it: `fetch failed` alone tells nobody anything. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const cause = error.cause instanceof Error ? messageOf(error.cause) : '';
  const own = error.message === '' ? error.name : error.message;
  return cause === '' ? own : `${own}: ${cause}`;
}

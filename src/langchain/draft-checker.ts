import { RunnableLambda, type Runnable, type RunnableConfig } from '@langchain/core/runnables';
import type { Citation } from '../core/citation.js';
import { received, requireInteger, VerbatimError } from '../core/errors.js';
import type { RetrievedPassage } from '../core/passage.js';
import type { Span } from '../core/span.js';
import { splitSentences } from '../core/text-units.js';
import { cite } from '../pipeline/index.js';
import { DEFAULT_TOP_K, type DocumentFilter, type Retriever } from '../retriever/index.js';
import { withRunConfig } from './run-config.js';
import { compare, wordsOf, type Comparison } from './support-rule.js';

export interface DraftCheckerOptions {
  /** Finds what a sentence may stand in: `qa.retriever`, or `fromLangChainRetriever(…)`. The caller closes it. */
  readonly retriever: Retriever;
  /** Passages looked at for each sentence, at least 1. @defaultValue 10 */
  readonly topK?: number;
  /** Only these documents are searched. */
  readonly filter?: DocumentFilter;
  /** A sentence must not leave out anything of the source's sentence. @defaultValue false: see {@link CheckedSentence} */
  readonly strict?: boolean;
}

/**
 * A sentence of the draft; `start` and `end` index the draft.
 *
 * A supported one repeats a sentence of a source word for word, as far as it goes. `leftOut` holds what it leaves out: it may narrow what is
 * said (*free* for *free for members*).
 *
 * Others are flagged:
 * - `no-source`: nothing was found that shares a word with it;
 * - `not-quoted`: no sentence found says it in these words, or one does and turns it round or limits it; `missing` are its words that
 *   the closest does not have;
 * - `unclear-reference`: it says *it*, *they*, *this*…, and the sentence before it was not taken from right before the one it repeats;
 * - `no-statement`: it is a question.
 *
 * Flagged is not refuted: the sources may say it in other words.
 */
export type CheckedSentence = Span & { readonly text: string } & (
    | { readonly supported: true; readonly citation: Citation; readonly leftOut: readonly string[] }
    | {
        readonly supported: false;
        readonly reason: 'no-source' | 'not-quoted' | 'unclear-reference' | 'no-statement';
        readonly missing: readonly string[];
        /** The sentence of a source that shares most of its words in their order. */
        readonly closest: Citation | null;
      }
  );

export interface CheckedDraft {
  /** Whether there are sentences and all of them are supported. */
  readonly supported: boolean;
  readonly sentences: readonly CheckedSentence[];
}

/** Words that mean what stands before them. */
const REFERRING = new Set(
  'it its itself he him his himself she her hers herself they them their theirs themselves this these those such latter'.split(
    ' ',
  ),
);

/** What models put around a statement: list markers, emphasis and headings; numbers of sources; whom they have it from. */
const DECORATION =
  /^(?:[-*+•#>]+|\d{1,3}[.)])\s+|\*\*|__|\[\d+(?:\s*,\s*\d+)*\]|^according to (?:the|our|your) (?:documents?|documentation|sources?|passages?),\s*/giu;

/**
 * A runnable from a language model's draft, as text, to what of it the sources say. No model judges it: each sentence is looked for in the
 * passages that the retriever finds for it, and compared word for word (see {@link CheckedSentence}; the rule is in docs/langchain.md). A
 * changed number, name or negation is never supported.
 *
 * @example
 * const chain = model.pipe(new StringOutputParser()).pipe(createDraftChecker({ retriever: qa.retriever }));
 * const { supported, sentences } = await chain.invoke('How long is the warranty?');
 *
 * @returns a runnable that rejects with VerbatimError `invalid-option` for a draft that is no text; with the signal's reason once it is
 * aborted.
 * @throws VerbatimError `invalid-option` for a `topK` out of range.
 */
export function createDraftChecker(options: DraftCheckerOptions): Runnable<string, CheckedDraft> {
  requireInteger('topK', options.topK ?? DEFAULT_TOP_K, 1);
  return RunnableLambda.from<string, CheckedDraft>((draft, config: RunnableConfig) =>
    withRunConfig(config, () => checkDraft(draft, options, config.signal)),
  ).withConfig({ runName: 'check_draft' });
}

async function checkDraft(
  draft: string,
  options: DraftCheckerOptions,
  signal: AbortSignal | undefined,
): Promise<CheckedDraft> {
  if (typeof draft !== 'string') {
    throw new VerbatimError('invalid-option', `Expected the draft to be text, got ${received(draft)}.`);
  }
  const sentences: CheckedSentence[] = [];
  let previous: SourceSentence | undefined;
  for (const span of splitSentences(draft)) {
    signal?.throwIfAborted();
    const text = draft.slice(span.start, span.end);
    const statement = text.replaceAll(DECORATION, blank).trim();
    // A mark of a source after the full stop.
    if (wordsOf(statement).length === 0) continue;
    if (statement.endsWith('?')) {
      sentences.push({ ...span, text, supported: false, reason: 'no-statement', missing: [], closest: null });
      previous = undefined;
      continue;
    }
    const found = await findSource(statement, options, signal);
    const checked = { ...span, text, ...judge(statement, found, previous) };
    sentences.push(checked);
    previous = checked.supported ? found?.source : undefined;
  }
  return { supported: sentences.length > 0 && sentences.every(({ supported }) => supported), sentences };
}

/** Spaces in its place, so that no words grow together. */
function blank(text: string): string {
  return ' '.repeat(text.length);
}

interface SourceSentence extends Span {
  readonly passage: RetrievedPassage;
  /** Start of the sentence before it in its passage, if there is one. */
  readonly before: number | undefined;
}

interface Found {
  readonly source: SourceSentence;
  readonly comparison: Comparison;
}

/** The first sentence of the passages that supports the statement, else the closest. */
async function findSource(
  statement: string,
  { retriever, topK, filter, strict = false }: DraftCheckerOptions,
  signal: AbortSignal | undefined,
): Promise<Found | undefined> {
  const passages = await retriever.retrieve(statement, {
    topK: topK ?? DEFAULT_TOP_K,
    ...(filter === undefined ? {} : { filter }),
    ...(signal === undefined ? {} : { signal }),
  });
  let closest: Found | undefined;
  let most = 0;
  for (const passage of passages) {
    let before: number | undefined;
    for (const span of splitSentences(passage.text)) {
      const comparison = compare(statement, passage.text.slice(span.start, span.end), strict);
      const found = { source: { passage, before, ...span }, comparison };
      if (comparison.supported) return found;
      if (comparison.share > most) {
        most = comparison.share;
        closest = found;
      }
      before = span.start;
    }
  }
  return closest;
}

type Verdict = CheckedSentence extends infer Sentence
  ? Sentence extends unknown
    ? Omit<Sentence, 'text' | keyof Span>
    : never
  : never;

function judge(statement: string, found: Found | undefined, previous: SourceSentence | undefined): Verdict {
  if (found === undefined) return { supported: false, reason: 'no-source', missing: [], closest: null };
  const { source, comparison } = found;
  const { passage, start, end } = source;
  const inPassage = (span: Span): Span => ({ start: start + span.start, end: start + span.end });
  if (!comparison.supported) {
    const missing = comparison.missing.map((word) => statement.slice(word.start, word.end));
    return { supported: false, reason: 'not-quoted', missing, closest: cite(passage, { start, end }) };
  }
  const refers = wordsOf(statement).some(({ key }) => REFERRING.has(key));
  if (refers && !isSameOrBefore(previous, source)) {
    return {
      supported: false,
      reason: 'unclear-reference',
      missing: [],
      closest: cite(passage, { start, end }),
    };
  }
  return {
    supported: true,
    citation: cite(passage, inPassage(comparison.span)),
    leftOut: comparison.leftOut.map(inPassage).map((span) => passage.text.slice(span.start, span.end)),
  };
}

/** Whether the sentence before this one in the draft was taken from the same sentence of the source, or the one right before it. */
function isSameOrBefore(previous: SourceSentence | undefined, source: SourceSentence): boolean {
  if (previous?.passage.documentId !== source.passage.documentId) return false;
  const at = previous.passage.start + previous.start - source.passage.start;
  return at === source.start || at === source.before;
}

import type { Span } from '../core/span.js';

/** What a reader needs of a passage. Anything with a text will do: retrieved passages, hits of another engine, paragraphs. */
export interface ReadablePassage {
  readonly text: string;
  /** What stands above the text, such as its headings: read with every window of it, never answered from. @defaultValue '' */
  readonly preamble?: string;
}

/** A candidate answer inside one passage. */
export interface ScoredSpan extends Span {
  /** `passage.text.slice(start, end)`. */
  readonly text: string;
  readonly startLogit: number;
  readonly endLogit: number;
  /** Span score: startLogit + endLogit. Raw; comparable only between spans read by the same model for the same question. */
  readonly score: number;
}

/** A token of a passage and what the network makes of it. */
export interface TokenScore extends Span {
  /** How well an answer begins here; raw, as {@link ScoredSpan}'s. */
  readonly startLogit: number;
  /** How well one ends here. */
  readonly endLogit: number;
}

/** What the reader made of one passage for one question. */
export interface PassageReading<P extends ReadablePassage = ReadablePassage> {
  readonly passage: P;
  /** Best first; they do not overlap. Equal scores: the earlier, then the shorter span. Empty only if the passage has no word. */
  readonly spans: readonly ScoredSpan[];
  /** Null score: start logit + end logit at [CLS], minimum over the passage's context windows. */
  readonly nullScore: number;
  /** Best span score − null score; −Infinity without a span. */
  readonly margin: number;
  /** How many context windows the passage took. */
  readonly windowCount: number;
  /** The tokens of the context window that holds the best span, in order, where `explain` was asked for; offsets index the text. */
  readonly tokens?: readonly TokenScore[];
}

export interface ReadOptions {
  /** Tokens of a context window at most: question, passage slice and special tokens. @defaultValue 384, or less if the model has fewer positions */
  readonly maxSequenceLength?: number;
  /** Tokens that neighbouring windows share. @defaultValue 128 */
  readonly stride?: number;
  /** Tokens of the question at most; a longer one is an error. @defaultValue 64 */
  readonly maxQuestionLength?: number;
  /** Tokens of a preamble at most; of a longer one the end is kept. @defaultValue 64 */
  readonly maxPreambleLength?: number;
  /** Tokens of an answer at most. @defaultValue 30 */
  readonly maxAnswerLength?: number;
  /** Spans kept of each passage. @defaultValue 20 */
  readonly nBest?: number;
  /** Grow answers to whole words. @defaultValue true */
  readonly alignToWords?: boolean;
  /** Adds the logits of every token of the best context window. @defaultValue false */
  readonly explain?: boolean;
  readonly signal?: AbortSignal;
}

/** Reads passages for a question and scores spans; it decides nothing. */
export interface Reader {
  /**
   * One reading a passage, in the order of the passages.
   *
   * @throws VerbatimError `empty-question`, `question-too-long`, `invalid-option`; the signal's reason once it is aborted.
   */
  read<P extends ReadablePassage>(
    question: string,
    passages: readonly P[],
    options?: ReadOptions,
  ): Promise<PassageReading<P>[]>;
  close(): Promise<void>;
}

/** `[CLS] question [SEP] preamble, slice of the passage [SEP]`, as token ids. */
export interface ContextWindow {
  readonly inputIds: Int32Array;
  /** Position of the second segment's first token; everything before it is segment 0. */
  readonly segmentStart: number;
  /** Position of the first passage token; the preamble stands between the two. */
  readonly passageStart: number;
  /** Number of passage tokens; the final [SEP] follows them. */
  readonly passageLength: number;
  /** Index among the passage's tokens of the window's first one. */
  readonly firstToken: number;
}

/** Logits of one window, one number a token. */
export interface SpanLogits {
  readonly start: Float32Array;
  readonly end: Float32Array;
}

/** The neural network: windows in, logits out, in the same order. A window's logits never depend on the others. */
export interface SpanModel {
  /** Longest window that the model takes, in tokens. */
  readonly maxSequenceLength: number;
  predict(windows: readonly ContextWindow[], signal?: AbortSignal): Promise<SpanLogits[]>;
  close(): Promise<void>;
}

import { received, VerbatimError } from '../core/errors.js';
import { createBreather } from '../core/yield-to-event-loop.js';
import { createWordAligner } from '../core/text-units.js';
import { overlaps, type Span } from '../core/span.js';
import { bestSpans, type PassageLogits, type TokenSpan } from './best-spans.js';
import { buildContextWindows, specialTokenCount } from './context-windows.js';
import { readingRules, type ReadingRules } from './reading-rules.js';
import type { Encoding, Tokenizer } from './tokenizer/types.js';
import type {
  ContextWindow,
  PassageReading,
  ReadablePassage,
  Reader,
  ReadOptions,
  ScoredSpan,
  SpanLogits,
  SpanModel,
  TokenScore,
} from './types.js';

/** Extractive SQuAD2 reader: cuts passages into context windows, has the model score them, and finds the best spans. */
export class ExtractiveReader implements Reader {
  readonly #tokenizer: Tokenizer;
  readonly #model: SpanModel;

  constructor(tokenizer: Tokenizer, model: SpanModel) {
    this.#tokenizer = tokenizer;
    this.#model = model;
  }

  async read<P extends ReadablePassage>(
    question: string,
    passages: readonly P[],
    options: ReadOptions = {},
  ): Promise<PassageReading<P>[]> {
    const rules = readingRules(
      options,
      this.#model.maxSequenceLength,
      specialTokenCount(this.#tokenizer.pairTemplate),
    );
    options.signal?.throwIfAborted();
    const questionIds = this.#encodeQuestion(question, rules);

    // A break now and then, so that thousands of passages do not hold up the thread.
    const breather = createBreather();
    const encodings: Encoding[] = [];
    const windows: ContextWindow[][] = [];
    for (const { text, preamble } of passages) {
      const encoding = this.#tokenizer.encode(text);
      const tokens = {
        question: questionIds,
        preamble: this.#encodePreamble(preamble, rules),
        passage: encoding.ids,
      };
      encodings.push(encoding);
      windows.push(
        buildContextWindows(tokens, this.#tokenizer.pairTemplate, rules.maxSequenceLength, rules.stride),
      );
      await breather();
    }
    const logits = await this.#model.predict(windows.flat(), options.signal);

    const readings: PassageReading<P>[] = [];
    let next = 0;
    for (const [i, passage] of passages.entries()) {
      const ofPassage = windows[i] ?? [];
      const scored = logits.slice(next, (next += ofPassage.length));
      const encoding = encodings[i] ?? EMPTY;
      readings.push(readPassage(passage, encoding, ofPassage, scored, rules, options.explain ?? false));
      await breather();
    }
    return readings;
  }

  async close(): Promise<void> {
    await this.#model.close();
  }

  #encodeQuestion(question: string, { maxQuestionLength }: ReadingRules): Int32Array {
    const { ids } = this.#tokenizer.encode(question);
    if (ids.length === 0) {
      throw new VerbatimError(
        'empty-question',
        `Expected a question with at least one word, got ${received(question)}.`,
      );
    }
    if (ids.length > maxQuestionLength) {
      throw new VerbatimError(
        'question-too-long',
        `Expected a question of at most ${maxQuestionLength} tokens (maxQuestionLength), got ${ids.length}: ${received(question)}.`,
      );
    }
    return ids;
  }

  #encodePreamble(preamble: string | undefined, { maxPreambleLength }: ReadingRules): Int32Array {
    const { ids } = preamble === undefined ? EMPTY : this.#tokenizer.encode(preamble);
    return ids.subarray(Math.max(0, ids.length - maxPreambleLength));
  }
}

const EMPTY: Encoding = { ids: new Int32Array(), starts: new Int32Array(), ends: new Int32Array() };

const NO_LOGITS: PassageLogits = { firstToken: 0, start: new Float32Array(), end: new Float32Array() };

function readPassage<P extends ReadablePassage>(
  passage: P,
  encoding: Encoding,
  windows: readonly ContextWindow[],
  logits: readonly SpanLogits[],
  rules: ReadingRules,
  explain: boolean,
): PassageReading<P> {
  let nullScore = Infinity;
  const passageLogits: PassageLogits[] = windows.map((window, i) => {
    const { start, end } = logits[i] ?? NO_LOGITS;
    nullScore = Math.min(nullScore, (start[0] ?? NaN) + (end[0] ?? NaN));
    const to = window.passageStart + window.passageLength;
    return {
      firstToken: window.firstToken,
      start: start.subarray(window.passageStart, to),
      end: end.subarray(window.passageStart, to),
    };
  });
  const align = rules.alignToWords ? createWordAligner(passage.text) : undefined;
  const spans: ScoredSpan[] = [];
  const best = bestSpans(passageLogits, rules.maxAnswerLength, rules.nBest);
  for (const span of best) {
    const exact: Span = { start: encoding.starts[span.start] ?? 0, end: encoding.ends[span.end - 1] ?? 0 };
    const { start, end } = align?.(exact) ?? exact;
    // A byte-level token of nothing but a space covers no character.
    if (start >= end) continue;
    // Grown to whole words, two spans may meet; the better one stays.
    if (spans.some((other) => overlaps(other, { start, end }))) continue;
    const { startLogit, endLogit, score } = span;
    spans.push({ start, end, text: passage.text.slice(start, end), startLogit, endLogit, score });
  }
  return {
    passage,
    spans,
    nullScore,
    margin: (spans[0]?.score ?? -Infinity) - nullScore,
    windowCount: windows.length,
    ...(explain ? { tokens: tokenScores(passageLogits, best[0], encoding) } : {}),
  };
}

/** The tokens of the window that gave the best span; those of the first one where there is none. */
function tokenScores(
  windows: readonly PassageLogits[],
  best: TokenSpan | undefined,
  encoding: Encoding,
): TokenScore[] {
  // Neighbouring windows share tokens, but read them with others around: the logits tell which window it was.
  const isOf = ({ firstToken, start, end }: PassageLogits): boolean =>
    best !== undefined &&
    start[best.start - firstToken] === best.startLogit &&
    end[best.end - 1 - firstToken] === best.endLogit;
  const { firstToken, start, end } = windows.find(isOf) ?? windows[0] ?? NO_LOGITS;
  return Array.from(start, (startLogit, i) => ({
    start: encoding.starts[firstToken + i] ?? 0,
    end: encoding.ends[firstToken + i] ?? 0,
    startLogit,
    endLogit: end[i] ?? NaN,
  }));
}

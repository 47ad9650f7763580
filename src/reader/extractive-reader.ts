import { received, requireInteger, VerbatimError } from '../core/errors.js';
import { alignToWords } from '../core/text-units.js';
import { overlaps, type Span } from '../core/span.js';
import { bestSpans, type PassageLogits } from './best-spans.js';
import { buildContextWindows, SPECIAL_TOKENS } from './context-windows.js';
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
} from './types.js';

/** The reading rules' defaults: run_qa's window and span lengths, and a question limit twice as long as any in SQuAD. */
export const DEFAULT_READING = Object.freeze({
  maxSequenceLength: 384,
  stride: 128,
  maxQuestionLength: 64,
  maxAnswerLength: 30,
  nBest: 20,
  alignToWords: true,
});

type Rules = {
  -readonly [K in keyof typeof DEFAULT_READING]: (typeof DEFAULT_READING)[K] extends number
    ? number
    : boolean;
};

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
    const rules = this.#rules(options);
    options.signal?.throwIfAborted();
    const questionIds = this.#encodeQuestion(question, rules);

    const encodings = passages.map((passage) => this.#tokenizer.encode(passage.text));
    const windows = encodings.map((encoding) =>
      buildContextWindows(questionIds, encoding.ids, this.#tokenizer, rules.maxSequenceLength, rules.stride),
    );
    const logits = await this.#model.predict(windows.flat(), options.signal);

    let next = 0;
    return passages.map((passage, i) => {
      const ofPassage = windows[i] ?? [];
      const scored = logits.slice(next, (next += ofPassage.length));
      return readPassage(passage, encodings[i] ?? EMPTY, ofPassage, scored, rules);
    });
  }

  async close(): Promise<void> {
    await this.#model.close();
  }

  #rules(options: ReadOptions): Rules {
    const longest = this.#model.maxSequenceLength;
    const fallback = Math.min(DEFAULT_READING.maxSequenceLength, longest);
    const maxSequenceLength = requireInteger(
      'maxSequenceLength',
      options.maxSequenceLength ?? fallback,
      SPECIAL_TOKENS + 2,
      longest,
    );
    const room = maxSequenceLength - SPECIAL_TOKENS;
    const maxQuestionLength = requireInteger(
      'maxQuestionLength',
      options.maxQuestionLength ?? Math.min(DEFAULT_READING.maxQuestionLength, room - 1),
      1,
      room - 1,
    );
    // Every window must move on by at least one token, whatever the question's length.
    const strideLimit = room - maxQuestionLength - 1;
    return {
      maxSequenceLength,
      maxQuestionLength,
      stride: requireInteger(
        'stride',
        options.stride ?? Math.min(DEFAULT_READING.stride, strideLimit),
        0,
        strideLimit,
      ),
      maxAnswerLength: requireInteger(
        'maxAnswerLength',
        options.maxAnswerLength ?? DEFAULT_READING.maxAnswerLength,
        1,
      ),
      nBest: requireInteger('nBest', options.nBest ?? DEFAULT_READING.nBest, 1),
      alignToWords: options.alignToWords ?? DEFAULT_READING.alignToWords,
    };
  }

  #encodeQuestion(question: string, { maxQuestionLength }: Rules): Int32Array {
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
}

const EMPTY: Encoding = { ids: new Int32Array(), starts: new Int32Array(), ends: new Int32Array() };

function readPassage<P extends ReadablePassage>(
  passage: P,
  encoding: Encoding,
  windows: readonly ContextWindow[],
  logits: readonly SpanLogits[],
  rules: Rules,
): PassageReading<P> {
  let nullScore = Infinity;
  const passageLogits: PassageLogits[] = windows.map((window, i) => {
    const { start, end } = logits[i] ?? { start: new Float32Array(), end: new Float32Array() };
    nullScore = Math.min(nullScore, (start[0] ?? NaN) + (end[0] ?? NaN));
    const to = window.passageStart + window.passageLength;
    return {
      firstToken: window.firstToken,
      start: start.subarray(window.passageStart, to),
      end: end.subarray(window.passageStart, to),
    };
  });
  const spans: ScoredSpan[] = [];
  for (const span of bestSpans(passageLogits, rules.maxAnswerLength, rules.nBest)) {
    const exact: Span = { start: encoding.starts[span.start] ?? 0, end: encoding.ends[span.end - 1] ?? 0 };
    const { start, end } = rules.alignToWords ? alignToWords(passage.text, exact) : exact;
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
  };
}

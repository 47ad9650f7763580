import { EventEmitter, once } from 'node:events';
import type { PassageReading, ReadablePassage, Reader, ReadOptions } from '../../../src/reader/index.js';

/** Answers with the first number and the word after it, or with the first word if the passage has no number. */
export class NumberReader implements Reader {
  /** Questions in the order in which they were read. */
  readonly questions: string[] = [];

  async read<P extends ReadablePassage>(
    question: string,
    passages: readonly P[],
    options: ReadOptions = {},
  ): Promise<PassageReading<P>[]> {
    this.questions.push(question);
    options.signal?.throwIfAborted();
    return passages.map((passage) => {
      const match = /\d+ \w+/.exec(passage.text) ?? /\w+/.exec(passage.text);
      const score = /^\d/.test(match?.[0] ?? '') ? 8 : 1;
      const start = match?.index ?? 0;
      const text = match?.[0] ?? '';
      const span = {
        start,
        end: start + text.length,
        text,
        startLogit: score / 2,
        endLogit: score / 2,
        score,
      };
      return {
        passage,
        spans: text === '' ? [] : [span],
        nullScore: 3,
        margin: text === '' ? -Infinity : score - 3,
        windowCount: 1,
      };
    });
  }

  async close(): Promise<void> {
    // Nothing to free.
  }
}

/** Reads on only once it is let, or stops when it is told to. */
export class GatedReader extends NumberReader {
  /** How many reads were given up. */
  aborted = 0;
  #isOpen = false;
  #started = 0;
  readonly #events = new EventEmitter();

  /** Lets the reads that wait, and later ones, go on. */
  open(): void {
    this.#isOpen = true;
    this.#events.emit('open');
  }

  /** Makes later reads wait again. */
  shut(): void {
    this.#isOpen = false;
  }

  /** Resolves once so many reads have begun. */
  async started(count: number): Promise<void> {
    while (this.#started < count) await once(this.#events, 'start');
  }

  override async read<P extends ReadablePassage>(
    question: string,
    passages: readonly P[],
    options: ReadOptions = {},
  ): Promise<PassageReading<P>[]> {
    this.#started++;
    this.#events.emit('start');
    try {
      if (!this.#isOpen) await once(this.#events, 'open', { signal: options.signal });
    } catch {
      this.aborted++;
      options.signal?.throwIfAborted();
    }
    return super.read(question, passages, options);
  }
}

import type { ContextWindow, SpanLogits, SpanModel } from '../../src/reader/index.js';

/** A model whose logits are written by hand: one number for each token id, the same as start and as end logit. */
export class LogitTableModel implements SpanModel {
  readonly maxSequenceLength: number;
  readonly windows: ContextWindow[] = [];
  readonly #logits: ReadonlyMap<number, number>;

  constructor(logits: ReadonlyMap<number, number>, maxSequenceLength = 512) {
    this.#logits = logits;
    this.maxSequenceLength = maxSequenceLength;
  }

  async predict(windows: readonly ContextWindow[]): Promise<SpanLogits[]> {
    this.windows.push(...windows);
    return windows.map(({ inputIds }) => {
      const logits = Float32Array.from(inputIds, (id) => this.#logits.get(id) ?? -1);
      return { start: logits, end: logits };
    });
  }

  async close(): Promise<void> {
    // Nothing to free.
  }
}

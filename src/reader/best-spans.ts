import type { Span } from '../core/span.js';
import type { SpanLogits } from './types.js';

/** A span of tokens and its score; `[start, end)` counts tokens of the whole passage, not of a window. */
export interface TokenSpan extends Span {
  readonly startLogit: number;
  readonly endLogit: number;
  readonly score: number;
}

/** Logits of a run of passage tokens. */
export interface PassageLogits extends SpanLogits {
  /** Index among the passage's tokens of the first logit. */
  readonly firstToken: number;
}

/** Higher score first; then the earlier, then the shorter span. */
export function compareTokenSpans(a: TokenSpan, b: TokenSpan): number {
  return b.score - a.score || a.start - b.start || a.end - b.end;
}

/**
 * The best spans of a passage that do not overlap, best first: the best of all spans of at most `maxAnswerLength`
 * tokens inside one window, then the best of those that do not touch it, and so on.
 *
 * The search is exact. It differs from run_qa's, which looks only at pairs of the 20 best starts and the 20 best ends.
 */
export function bestSpans(
  windows: readonly PassageLogits[],
  maxAnswerLength: number,
  count: number,
): TokenSpan[] {
  const searches = windows.map((window) => new WindowSearch(window, maxAnswerLength));
  const found: TokenSpan[] = [];
  while (found.length < count) {
    let best: TokenSpan | undefined;
    for (const search of searches) {
      const candidate = search.best();
      if (candidate !== undefined && (best === undefined || compareTokenSpans(candidate, best) < 0))
        best = candidate;
    }
    if (best === undefined) break;
    found.push(best);
    for (const search of searches) search.block(best);
  }
  return found;
}

/** Keeps, for every start token of a window, the best end that is still allowed. */
class WindowSearch {
  readonly #logits: PassageLogits;
  readonly #maxAnswerLength: number;
  readonly #blocked: Uint8Array;
  /** Best score of a span from each start; −Infinity where there is none. */
  readonly #scores: Float64Array;
  readonly #ends: Int32Array;
  #best: TokenSpan | undefined;

  constructor(logits: PassageLogits, maxAnswerLength: number) {
    const length = logits.start.length;
    this.#logits = logits;
    this.#maxAnswerLength = maxAnswerLength;
    this.#blocked = new Uint8Array(length);
    this.#scores = new Float64Array(length);
    this.#ends = new Int32Array(length);
    this.#update(0, length);
  }

  /** The best span that touches no blocked token. */
  best(): TokenSpan | undefined {
    return this.#best;
  }

  /** Forbids the tokens of a span, given in passage tokens. */
  block(span: Span): void {
    const length = this.#blocked.length;
    const from = Math.max(0, span.start - this.#logits.firstToken);
    const to = Math.min(length, span.end - this.#logits.firstToken);
    if (from >= to) return;
    this.#blocked.fill(1, from, to);
    // Only spans that begin shortly before it could have reached into it.
    this.#update(Math.max(0, from - this.#maxAnswerLength + 1), to);
  }

  #update(from: number, to: number): void {
    const { start, end } = this.#logits;
    for (let i = from; i < to; i++) {
      const limit = Math.min(i + this.#maxAnswerLength, end.length);
      let bestEnd = -Infinity;
      let bestAt = -1;
      for (let j = i; j < limit && this.#blocked[j] === 0; j++) {
        const logit = end[j] ?? NaN;
        if (logit > bestEnd) {
          bestEnd = logit;
          bestAt = j;
        }
      }
      this.#scores[i] = bestAt < 0 ? -Infinity : (start[i] ?? NaN) + bestEnd;
      this.#ends[i] = bestAt;
    }
    let top = -1;
    this.#scores.forEach((score, i) => {
      if (score > (this.#scores[top] ?? -Infinity)) top = i;
    });
    this.#best = top < 0 ? undefined : this.#spanFrom(top);
  }

  #spanFrom(from: number): TokenSpan {
    const { start, end, firstToken } = this.#logits;
    const to = this.#ends[from] ?? from;
    const startLogit = start[from] ?? NaN;
    const endLogit = end[to] ?? NaN;
    return {
      start: firstToken + from,
      end: firstToken + to + 1,
      startLogit,
      endLogit,
      score: startLogit + endLogit,
    };
  }
}

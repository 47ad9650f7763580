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
  const found: TokenSpan[] = [];
  while (found.length < count) {
    let best: TokenSpan | undefined;
    for (const window of windows) {
      const candidate = bestSpan(window, maxAnswerLength, found, best?.score ?? -Infinity);
      if (candidate !== undefined && (best === undefined || compareTokenSpans(candidate, best) < 0))
        best = candidate;
    }
    if (best === undefined) break;
    found.push(best);
  }
  return found;
}

/** The best span of one window that overlaps none of `taken` and scores at least `floor`. */
function bestSpan(
  { start, end, firstToken }: PassageLogits,
  maxAnswerLength: number,
  taken: readonly TokenSpan[],
  floor: number,
): TokenSpan | undefined {
  const blocked = new Uint8Array(end.length);
  for (const span of taken)
    blocked.fill(1, Math.max(0, span.start - firstToken), Math.max(0, span.end - firstToken));
  // No span that begins at a token can score more than its start logit and the best end logit of the window.
  let bestEnd = -Infinity;
  end.forEach((logit, i) => {
    if (blocked[i] === 0 && logit > bestEnd) bestEnd = logit;
  });
  let best: TokenSpan | undefined;
  for (let i = 0; i < start.length; i++) {
    const startLogit = start[i] ?? NaN;
    if (blocked[i] === 1 || startLogit + bestEnd < (best?.score ?? floor)) continue;
    const limit = Math.min(i + maxAnswerLength, end.length);
    for (let j = i; j < limit && blocked[j] === 0; j++) {
      const endLogit = end[j] ?? NaN;
      const score = startLogit + endLogit;
      if (score > (best?.score ?? -Infinity) && score >= floor) {
        best = { start: firstToken + i, end: firstToken + j + 1, startLogit, endLogit, score };
      }
    }
  }
  return best;
}

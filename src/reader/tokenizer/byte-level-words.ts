import type { Span } from '../../core/span.js';
import { CHARACTER, classesOf } from './character-classes.js';

const KINDS = CHARACTER.letter | CHARACTER.number | CHARACTER.other;
const SPACE = 0x20;
const CONTRACTIONS = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

/**
 * GPT-2's pre-tokenization (Radford et al. 2019), which RoBERTa shares:
 * `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`, with the reference's character classes.
 */
export function byteLevelWords(text: string, from: number, to: number): Span[] {
  const words: Span[] = [];
  for (let start = from; start < to;) {
    const end = wordEnd(text, start, to);
    words.push({ start, end });
    start = end;
  }
  return words;
}

function wordEnd(text: string, start: number, to: number): number {
  const contraction = CONTRACTIONS.find(
    (ending) => text.startsWith(ending, start) && start + ending.length <= to,
  );
  if (contraction !== undefined) return start + contraction.length;
  // One space belongs to the word that follows it.
  const first = text.charCodeAt(start) === SPACE && start + 1 < to ? start + 1 : start;
  const kind = kindAt(text, first);
  if (kind !== 0) return runEnd(text, first, to, kind);
  // White space; if a word follows, its last character is left to it, unless there is only one.
  const end = runEnd(text, start, to, 0);
  return end < to && end - start > 1 ? end - 1 : end;
}

/** The end of the run of characters of one kind; 0 is white space. */
function runEnd(text: string, start: number, to: number, kind: number): number {
  let end = start;
  while (end < to && kindAt(text, end) === kind) end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  return end;
}

function kindAt(text: string, position: number): number {
  const code = text.codePointAt(position) ?? 0;
  // Half a surrogate pair is encoded as the replacement character.
  return classesOf(code >= 0xd800 && code <= 0xdfff ? 0xfffd : code) & KINDS;
}

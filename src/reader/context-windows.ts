import type { ContextWindow } from './types.js';
import type { PairTemplate } from './tokenizer/types.js';

/** How many special tokens a window holds. */
export function specialTokenCount({ prefix, separator, suffix }: PairTemplate): number {
  return prefix.length + separator.length + suffix.length;
}

/** The token ids that go into the windows of one passage. */
export interface WindowTokens {
  readonly question: Int32Array;
  readonly preamble: Int32Array;
  readonly passage: Int32Array;
}

/**
 * Lays a question and a passage into as few windows as cover every passage token, neighbours sharing `stride` tokens;
 * the last window is as short as what is left (Hugging Face's `truncation="only_second"`). The preamble is repeated in
 * each. A passage without tokens gives one window without passage tokens.
 *
 * @param maxSequenceLength - tokens of a window; must leave room for more than `stride` passage tokens.
 */
export function buildContextWindows(
  tokens: WindowTokens,
  template: PairTemplate,
  maxSequenceLength: number,
  stride: number,
): ContextWindow[] {
  const { question, preamble, passage } = tokens;
  const head = [...template.prefix, ...question, ...template.separator, ...preamble];
  const segmentStart = head.length - preamble.length;
  const capacity = maxSequenceLength - head.length - template.suffix.length;
  const windows: ContextWindow[] = [];
  for (let firstToken = 0; ; firstToken += capacity - stride) {
    const slice = passage.subarray(firstToken, firstToken + capacity);
    const inputIds = new Int32Array(head.length + slice.length + template.suffix.length);
    inputIds.set(head);
    inputIds.set(slice, head.length);
    inputIds.set(template.suffix, head.length + slice.length);
    windows.push({
      inputIds,
      segmentStart,
      passageStart: head.length,
      passageLength: slice.length,
      firstToken,
    });
    if (firstToken + capacity >= passage.length) return windows;
  }
}

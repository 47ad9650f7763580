import type { ContextWindow } from './types.js';
import type { Tokenizer } from './tokenizer/types.js';

/** [CLS], and [SEP] after the question and after the passage. */
export const SPECIAL_TOKENS = 3;

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
  { clsId, sepId }: Pick<Tokenizer, 'clsId' | 'sepId'>,
  maxSequenceLength: number,
  stride: number,
): ContextWindow[] {
  const { question, preamble, passage } = tokens;
  const segmentStart = question.length + 2;
  const passageStart = segmentStart + preamble.length;
  const capacity = maxSequenceLength - passageStart - 1;
  const windows: ContextWindow[] = [];
  for (let firstToken = 0; ; firstToken += capacity - stride) {
    const slice = passage.subarray(firstToken, firstToken + capacity);
    const inputIds = new Int32Array(passageStart + slice.length + 1);
    inputIds[0] = clsId;
    inputIds.set(question, 1);
    inputIds[segmentStart - 1] = sepId;
    inputIds.set(preamble, segmentStart);
    inputIds.set(slice, passageStart);
    inputIds[inputIds.length - 1] = sepId;
    windows.push({ inputIds, segmentStart, passageStart, passageLength: slice.length, firstToken });
    if (firstToken + capacity >= passage.length) return windows;
  }
}

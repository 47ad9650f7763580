import type { ContextWindow } from './types.js';
import type { Tokenizer } from './tokenizer/types.js';

/** [CLS], and [SEP] after the question and after the passage. */
export const SPECIAL_TOKENS = 3;

/**
 * Lays a question and a passage into as few windows as cover every passage token, neighbours sharing `stride` tokens;
 * the last window is as short as what is left (Hugging Face's `truncation="only_second"`). A passage without tokens
 * gives one window without passage tokens.
 *
 * @param maxSequenceLength - tokens of a window; must leave room for more than `stride` passage tokens.
 */
export function buildContextWindows(
  questionIds: Int32Array,
  passageIds: Int32Array,
  tokenizer: Pick<Tokenizer, 'clsId' | 'sepId'>,
  maxSequenceLength: number,
  stride: number,
): ContextWindow[] {
  const capacity = maxSequenceLength - questionIds.length - SPECIAL_TOKENS;
  const windows: ContextWindow[] = [];
  for (let firstToken = 0; ; firstToken += capacity - stride) {
    const slice = passageIds.subarray(firstToken, firstToken + capacity);
    const passageStart = questionIds.length + 2;
    const inputIds = new Int32Array(passageStart + slice.length + 1);
    inputIds[0] = tokenizer.clsId;
    inputIds.set(questionIds, 1);
    inputIds[passageStart - 1] = tokenizer.sepId;
    inputIds.set(slice, passageStart);
    inputIds[inputIds.length - 1] = tokenizer.sepId;
    windows.push({ inputIds, passageStart, passageLength: slice.length, firstToken });
    if (firstToken + capacity >= passageIds.length) return windows;
  }
}

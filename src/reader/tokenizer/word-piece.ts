import type { NormalizedWord } from './bert-words.js';
import type { EncodingBuilder } from './types.js';

/** The `WordPiece` model in tokenizer.json. */
export interface WordPieceModel {
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly unknownId: number;
  /** What stands before a piece that continues a word. */
  readonly continuingPrefix: string;
  /** A word of more code points becomes one unknown token. */
  readonly maxCharactersPerWord: number;
}

/** Cuts a word into the longest pieces of the vocabulary, from left to right; a word with a gap is unknown as a whole. */
export function addWordPieces(word: NormalizedWord, model: WordPieceModel, encoding: EncodingBuilder): void {
  const { characters, starts, ends } = word;
  const pieces =
    characters.length > model.maxCharactersPerWord ? undefined : longestPieces(characters, model);
  if (pieces === undefined) {
    encoding.add(model.unknownId, starts[0] ?? 0, ends.at(-1) ?? 0);
    return;
  }
  for (const { id, from, to } of pieces) encoding.add(id, starts[from] ?? 0, ends[to - 1] ?? 0);
}

function longestPieces(
  characters: readonly string[],
  { vocabulary, continuingPrefix }: WordPieceModel,
): { id: number; from: number; to: number }[] | undefined {
  const pieces: { id: number; from: number; to: number }[] = [];
  let from = 0;
  while (from < characters.length) {
    let id: number | undefined;
    let to = characters.length;
    for (; to > from; to--) {
      const piece = characters.slice(from, to).join('');
      id = vocabulary.get(from === 0 ? piece : continuingPrefix + piece);
      if (id !== undefined) break;
    }
    if (id === undefined) return undefined;
    pieces.push({ id, from, to });
    from = to;
  }
  return pieces;
}

/** The `WordPiece` model in tokenizer.json. */
export interface WordPieceModel {
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly unknownId: number;
  /** What stands before a piece that continues a word. */
  readonly continuingPrefix: string;
  /** A word of more code points becomes one unknown token. */
  readonly maxCharactersPerWord: number;
}

/** A piece of a word: its id and how many of the word's characters it covers. */
export interface WordPart {
  readonly id: number;
  readonly length: number;
}

/**
 * Cuts a word into the longest pieces of the vocabulary, from left to right; a word with a gap is unknown as a whole
 * (Wu et al. 2016).
 *
 * @param characters - the word's code points.
 */
export function wordPieces(characters: readonly string[], model: WordPieceModel): WordPart[] {
  const unknown = [{ id: model.unknownId, length: characters.length }];
  if (characters.length > model.maxCharactersPerWord) return unknown;
  const pieces: WordPart[] = [];
  let from = 0;
  while (from < characters.length) {
    let id: number | undefined;
    let to = characters.length;
    for (; to > from; to--) {
      const piece = characters.slice(from, to).join('');
      id = model.vocabulary.get(from === 0 ? piece : model.continuingPrefix + piece);
      if (id !== undefined) break;
    }
    if (id === undefined) return unknown;
    pieces.push({ id, length: to - from });
    from = to;
  }
  return pieces;
}

import type { AddedTokenFinder } from './added-tokens.js';
import { bertWords, type BertNormalization } from './bert-words.js';
import { EncodingBuilder, type Encoding, type PairTemplate, type Tokenizer } from './types.js';
import { addWordPieces, type WordPieceModel } from './word-piece.js';

/** WordPiece tokenizer of BERT and its relatives. */
export class WordPieceTokenizer implements Tokenizer {
  readonly pairTemplate: PairTemplate;
  readonly vocabularySize: number;
  readonly #finder: AddedTokenFinder;
  readonly #model: WordPieceModel;
  readonly #normalization: BertNormalization;

  constructor(
    model: WordPieceModel,
    normalization: BertNormalization,
    finder: AddedTokenFinder,
    pairTemplate: PairTemplate,
    vocabularySize: number,
  ) {
    this.#model = model;
    this.#normalization = normalization;
    this.#finder = finder;
    this.pairTemplate = pairTemplate;
    this.vocabularySize = vocabularySize;
  }

  encode(text: string): Encoding {
    const encoding = new EncodingBuilder();
    for (const { start, end, added } of this.#finder.split(text)) {
      if (added !== undefined) {
        encoding.add(added.id, start, end);
        continue;
      }
      for (const word of bertWords(text, start, end, this.#normalization))
        addWordPieces(word, this.#model, encoding);
    }
    return encoding.build();
  }
}

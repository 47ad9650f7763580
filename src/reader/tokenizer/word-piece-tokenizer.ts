import type { AddedTokenFinder, CommonParts } from './added-tokens.js';
import { bertWords, type BertNormalization } from './bert-words.js';
import { EncodingBuilder, type Encoding, type PairTemplate, type Tokenizer } from './types.js';
import { wordPieces, type WordPart, type WordPieceModel } from './word-piece.js';

/** How many words' pieces are remembered; most words of a text have been seen before. */
const CACHED_WORDS = 50_000;

/** WordPiece tokenizer of BERT and its relatives. */
export class WordPieceTokenizer implements Tokenizer {
  readonly pairTemplate: PairTemplate;
  readonly vocabularySize: number;
  readonly #finder: AddedTokenFinder;
  readonly #model: WordPieceModel;
  readonly #normalization: BertNormalization;
  /** Pieces of words of ASCII letters and digits, after normalisation. */
  readonly #cache = new Map<string, readonly WordPart[]>();

  constructor(
    model: WordPieceModel,
    normalization: BertNormalization,
    { finder, pairTemplate, vocabularySize }: CommonParts,
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
      if (added === undefined) this.#encodePiece(text, start, end, encoding);
      else encoding.add(added.id, start, end);
    }
    return encoding.build();
  }

  /** Nothing crosses ASCII white space, so what stands between can be encoded by itself: plain ASCII on a short cut. */
  #encodePiece(text: string, from: number, to: number, encoding: EncodingBuilder): void {
    let start = from;
    while (start < to) {
      let end = start;
      let ascii = true;
      for (; end < to && !isAsciiSpace(text.charCodeAt(end)); end++) {
        const code = text.charCodeAt(end);
        if (code < 0x21 || code > 0x7e) ascii = false;
      }
      if (ascii) this.#encodeAscii(text, start, end, encoding);
      else this.#encodeWords(text, start, end, encoding);
      start = end + 1;
    }
  }

  /** Printable ASCII: runs of letters and digits, and single punctuation signs. Offsets follow from the lengths. */
  #encodeAscii(text: string, from: number, to: number, encoding: EncodingBuilder): void {
    let start = from;
    while (start < to) {
      let end = start;
      while (end < to && isAsciiAlphanumeric(text.charCodeAt(end))) end++;
      if (end === start) end++;
      const word = text.slice(start, end);
      let position = start;
      for (const { id, length } of this.#cachedPieces(
        this.#normalization.lowercase ? word.toLowerCase() : word,
      )) {
        encoding.add(id, position, position + length);
        position += length;
      }
      start = end;
    }
  }

  #encodeWords(text: string, from: number, to: number, encoding: EncodingBuilder): void {
    for (const { characters, starts, ends } of bertWords(text, from, to, this.#normalization)) {
      let position = 0;
      for (const { id, length } of wordPieces(characters, this.#model)) {
        encoding.add(id, starts[position] ?? 0, ends[position + length - 1] ?? 0);
        position += length;
      }
    }
  }

  #cachedPieces(word: string): readonly WordPart[] {
    let pieces = this.#cache.get(word);
    if (pieces === undefined) {
      pieces = wordPieces(Array.from(word), this.#model);
      if (word.length > this.#model.maxCharactersPerWord) return pieces;
      if (this.#cache.size >= CACHED_WORDS) this.#cache.clear();
      this.#cache.set(word, pieces);
    }
    return pieces;
  }
}

/** Not vertical tab and form feed, which the normalizer removes. */
function isAsciiSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

function isAsciiAlphanumeric(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

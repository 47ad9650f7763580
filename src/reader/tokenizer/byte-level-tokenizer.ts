import type { Span } from '../../core/span.js';
import type { AddedTokenFinder, CommonParts } from './added-tokens.js';
import { bytePairParts, type BytePairModel, type WordPart } from './byte-pair.js';
import { byteLevelWords } from './byte-level-words.js';
import { CHARACTER, classesOf } from './character-classes.js';
import { EncodingBuilder, type Encoding, type PairTemplate, type Tokenizer } from './types.js';

/** Settings of the `ByteLevel` pre-tokenizer and of the post-processor in tokenizer.json. */
export interface ByteLevelSettings {
  /** Put a space before a text that does not begin with one. */
  readonly addPrefixSpace: boolean;
  /** Leave the spaces of a token out of its offsets. */
  readonly trimOffsets: boolean;
}

/** How many words' pieces are remembered; most words of a text have been seen before. */
const CACHED_WORDS = 20_000;
const LONGEST_CACHED_WORD = 64;

const utf8 = new TextEncoder();

/** The printable character that stands for each byte in the vocabulary (Radford et al. 2019, `bytes_to_unicode`). */
const BYTE_CHARACTERS: readonly string[] = byteCharacters();
const SPACE = 0x20;
const SPACE_CHARACTER = BYTE_CHARACTERS[SPACE] ?? '';

function byteCharacters(): string[] {
  const printable = (byte: number): boolean =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : next++));
}

/** The bytes of a word as characters, with the source range of each. */
interface ByteWord {
  readonly symbols: string[];
  readonly starts: number[];
  readonly ends: number[];
}

/** Byte-level BPE tokenizer of RoBERTa and its relatives. */
export class ByteLevelTokenizer implements Tokenizer {
  readonly pairTemplate: PairTemplate;
  readonly vocabularySize: number;
  readonly #finder: AddedTokenFinder;
  readonly #model: BytePairModel;
  readonly #settings: ByteLevelSettings;
  readonly #cache = new Map<string, readonly WordPart[]>();

  constructor(
    model: BytePairModel,
    settings: ByteLevelSettings,
    { finder, pairTemplate, vocabularySize }: CommonParts,
  ) {
    this.#model = model;
    this.#settings = settings;
    this.#finder = finder;
    this.pairTemplate = pairTemplate;
    this.vocabularySize = vocabularySize;
  }

  encode(text: string): Encoding {
    const encoding = new EncodingBuilder();
    for (const { start, end, added } of this.#finder.split(text)) {
      if (added !== undefined) this.#addAddedToken(added.id, text, { start, end }, encoding);
      else this.#encodePiece(text, start, end, encoding);
    }
    return encoding.build();
  }

  #encodePiece(text: string, from: number, to: number, encoding: EncodingBuilder): void {
    if (!this.#settings.addPrefixSpace || text.charCodeAt(from) === SPACE) {
      for (const { start, end } of byteLevelWords(text, from, to))
        this.#addWord(byteWord(text, start, end), encoding);
      return;
    }
    // The space that is put before the text stands, for its offsets, where the first character does.
    const spaced = ` ${text.slice(from, to)}`;
    for (const { start, end } of byteLevelWords(spaced, 0, spaced.length)) {
      const { symbols, starts, ends } = byteWord(spaced, start, end);
      const toSource = (offset: number): number => from + Math.max(0, offset - 1);
      const firstEnd = from + ((text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1);
      this.#addWord(
        { symbols, starts: starts.map(toSource), ends: ends.map((end) => Math.max(toSource(end), firstEnd)) },
        encoding,
      );
    }
  }

  #addWord(word: ByteWord, encoding: EncodingBuilder): void {
    let position = 0;
    for (const { id, length } of this.#parts(word.symbols)) {
      const end = position + length;
      if (id !== undefined) {
        const token = word.symbols.slice(position, end).join('');
        this.#addToken(id, token, word.starts[position] ?? 0, word.ends[end - 1] ?? 0, encoding);
      }
      position = end;
    }
  }

  /** White space that an added token takes along is part of it, but not of its offsets. */
  #addAddedToken(id: number, text: string, { start, end }: Span, encoding: EncodingBuilder): void {
    const { leading, trailing } = this.#settings.trimOffsets
      ? countSpaces(text.slice(start, end))
      : { leading: 0, trailing: 0 };
    // A single space at the very beginning is taken for the one that is put there.
    const put = leading === 1 && start === 0 && this.#settings.addPrefixSpace ? 1 : 0;
    encoding.add(id, start + leading - put, end - trailing);
  }

  /** Adds a token, its leading and trailing spaces taken off its offsets. */
  #addToken(id: number, token: string, start: number, end: number, encoding: EncodingBuilder): void {
    if (!this.#settings.trimOffsets) {
      encoding.add(id, start, end);
      return;
    }
    const { leading, trailing } = countSpaces(token);
    // At the very beginning the first space is the one that was put there; it is not taken off.
    const put = leading > 0 && start === 0 && this.#settings.addPrefixSpace ? 1 : 0;
    if (leading === token.length) {
      const place = put === 1 ? start : end;
      encoding.add(id, place, place);
    } else {
      encoding.add(id, start + leading - put, end - trailing);
    }
  }

  #parts(symbols: readonly string[]): readonly WordPart[] {
    if (symbols.length > LONGEST_CACHED_WORD) return bytePairParts(symbols, this.#model);
    const key = symbols.join('');
    let parts = this.#cache.get(key);
    if (parts === undefined) {
      parts = bytePairParts(symbols, this.#model);
      if (this.#cache.size >= CACHED_WORDS) this.#cache.clear();
      this.#cache.set(key, parts);
    }
    return parts;
  }
}

function byteWord(text: string, from: number, to: number): ByteWord {
  const word: ByteWord = { symbols: [], starts: [], ends: [] };
  for (let start = from; start < to;) {
    const end = start + ((text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1);
    for (const byte of utf8.encode(text.slice(start, end))) {
      word.symbols.push(BYTE_CHARACTERS[byte] ?? '');
      word.starts.push(start);
      word.ends.push(end);
    }
    start = end;
  }
  return word;
}

function countSpaces(token: string): { leading: number; trailing: number } {
  const spaces = Array.from(token, (character) => character === SPACE_CHARACTER || isSpaceAt(character, 0));
  const leading = spaces.indexOf(false);
  return leading < 0
    ? { leading: spaces.length, trailing: spaces.length }
    : { leading, trailing: spaces.length - 1 - spaces.lastIndexOf(false) };
}

function isSpaceAt(text: string, position: number): boolean {
  return (classesOf(text.codePointAt(position) ?? 0) & CHARACTER.whiteSpace) !== 0;
}

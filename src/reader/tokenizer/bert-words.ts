import { CHINESE, CONTROL, NONSPACING_MARK, PUNCTUATION, WHITE_SPACE } from './unicode-tables.js';

/** Settings of the `BertNormalizer` in tokenizer.json. */
export interface BertNormalization {
  readonly cleanText: boolean;
  readonly handleChineseChars: boolean;
  readonly stripAccents: boolean;
  readonly lowercase: boolean;
}

/** A word after normalisation, with the source range of each of its characters. */
export interface NormalizedWord {
  /** Normalised code points. */
  readonly characters: readonly string[];
  /** UTF-16 range in the source from which each of them comes. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Bits of a code point's class. */
const REMOVED = 1;
const SPACE = 2;
const PUNCTUATION_SIGN = 4;
const MARK = 8;
const CHINESE_CHARACTER = 16;

/** Class bits of every code point, as the reference tokenizer sees them. */
const CLASSES = new Uint8Array(0x110000);
setClass(REMOVED, CONTROL);
setClass(SPACE, WHITE_SPACE);
setClass(PUNCTUATION_SIGN, PUNCTUATION);
setClass(MARK, NONSPACING_MARK);
setClass(CHINESE_CHARACTER, CHINESE);

function setClass(bit: number, packed: string): void {
  const numbers = packed.split(' ').map((number) => parseInt(number, 36));
  let position = 0;
  for (let i = 0; i + 1 < numbers.length; i += 2) {
    position += numbers[i] ?? 0;
    for (let left = numbers[i + 1] ?? 0; left >= 0; left--) {
      CLASSES[position] = (CLASSES[position] ?? 0) | bit;
      if (left > 0) position++;
    }
  }
}

function hasClass(character: string, bit: number): boolean {
  return ((CLASSES[character.codePointAt(0) ?? 0] ?? 0) & bit) !== 0;
}

/**
 * BERT's normalizer and pre-tokenizer in one pass: cuts a text into words at white space, around every punctuation
 * sign and around every Chinese character, and normalises each character (Devlin et al. 2018, `BasicTokenizer`; the
 * details are those of the Rust `tokenizers` library, with which ids and offsets are compared).
 */
export function* bertWords(
  text: string,
  from: number,
  to: number,
  settings: BertNormalization,
): Generator<NormalizedWord> {
  let word: { characters: string[]; starts: number[]; ends: number[] } = {
    characters: [],
    starts: [],
    ends: [],
  };
  let position = from;
  while (position < to) {
    const source = String.fromCodePoint(text.codePointAt(position) ?? 0);
    const start = position;
    const end = start + source.length;
    position = end;
    const kind = classify(source, settings);
    if (kind === 'removed') continue;
    const isolated = kind === 'chinese';
    if ((kind === 'space' || isolated) && word.characters.length > 0) {
      yield word;
      word = { characters: [], starts: [], ends: [] };
    }
    if (kind === 'space') continue;
    for (const character of normalize(source, settings)) {
      const punctuation = hasClass(character, PUNCTUATION_SIGN);
      if (punctuation && word.characters.length > 0) {
        yield word;
        word = { characters: [], starts: [], ends: [] };
      }
      word.characters.push(character);
      word.starts.push(start);
      word.ends.push(end);
      if (punctuation) {
        yield word;
        word = { characters: [], starts: [], ends: [] };
      }
    }
    if (isolated && word.characters.length > 0) {
      yield word;
      word = { characters: [], starts: [], ends: [] };
    }
  }
  if (word.characters.length > 0) yield word;
}

function classify(character: string, settings: BertNormalization): 'removed' | 'space' | 'chinese' | 'other' {
  const code = character.codePointAt(0) ?? 0;
  // Half a surrogate pair is no character; the reference never sees one.
  if (settings.cleanText && (hasClass(character, REMOVED) || (code >= 0xd800 && code <= 0xdfff)))
    return 'removed';
  if (hasClass(character, SPACE)) return 'space';
  return settings.handleChineseChars && hasClass(character, CHINESE_CHARACTER) ? 'chinese' : 'other';
}

/** Accents off and lower case, one code point at a time: no context-dependent rule such as the final sigma. */
function normalize(character: string, settings: BertNormalization): Iterable<string> {
  const code = character.charCodeAt(0);
  if (code < 0x80) return settings.lowercase ? character.toLowerCase() : character;
  let parts = [character];
  if (settings.stripAccents)
    parts = Array.from(character.normalize('NFD')).filter((part) => !hasClass(part, MARK));
  return settings.lowercase ? parts.flatMap((part) => Array.from(part.toLowerCase())) : parts;
}

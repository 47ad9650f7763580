import { CHARACTER, classesOf } from './character-classes.js';

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

/**
 * BERT's normalizer and pre-tokenizer in one pass: cuts a text into words at white space, around every punctuation
 * sign and around every Chinese character, and normalises each character (Devlin et al. 2018, `BasicTokenizer`; the
 * details are those of the Rust `tokenizers` library, with which ids and offsets are compared). Characters that the
 * normalizer removes extend no word's offsets.
 */
export function* bertWords(
  text: string,
  from: number,
  to: number,
  settings: BertNormalization,
): Generator<NormalizedWord> {
  let word = emptyWord();
  for (let position = from; position < to;) {
    const code = text.codePointAt(position) ?? 0;
    const start = position;
    position += code > 0xffff ? 2 : 1;
    const kind = classify(code, settings);
    if (kind === 'removed') continue;
    if (kind !== 'other' && word.characters.length > 0) {
      yield word;
      word = emptyWord();
    }
    if (kind === 'space') continue;
    for (const character of normalize(code, settings)) {
      const alone = (classesOf(character.codePointAt(0) ?? 0) & CHARACTER.punctuation) !== 0;
      if (alone && word.characters.length > 0) {
        yield word;
        word = emptyWord();
      }
      word.characters.push(character);
      word.starts.push(start);
      word.ends.push(position);
      if (alone) {
        yield word;
        word = emptyWord();
      }
    }
    if (kind === 'chinese' && word.characters.length > 0) {
      yield word;
      word = emptyWord();
    }
  }
  if (word.characters.length > 0) yield word;
}

function emptyWord(): { characters: string[]; starts: number[]; ends: number[] } {
  return { characters: [], starts: [], ends: [] };
}

function classify(code: number, settings: BertNormalization): 'removed' | 'space' | 'chinese' | 'other' {
  const classes = classesOf(code);
  // Half a surrogate pair is no character; the reference never sees one.
  if (settings.cleanText && ((classes & CHARACTER.control) !== 0 || (code >= 0xd800 && code <= 0xdfff)))
    return 'removed';
  if ((classes & CHARACTER.whiteSpace) !== 0) return 'space';
  return settings.handleChineseChars && (classes & CHARACTER.chinese) !== 0 ? 'chinese' : 'other';
}

/** Accents off and lower case, one code point at a time: no context-dependent rule such as the final sigma. */
function normalize(code: number, settings: BertNormalization): Iterable<string> {
  const character = String.fromCodePoint(code);
  if (code < 0x80) return settings.lowercase ? character.toLowerCase() : character;
  let parts = [character];
  if (settings.stripAccents) {
    parts = Array.from(character.normalize('NFD')).filter(
      (part) => (classesOf(part.codePointAt(0) ?? 0) & CHARACTER.nonspacingMark) === 0,
    );
  }
  return settings.lowercase ? parts.flatMap((part) => Array.from(part.toLowerCase())) : parts;
}

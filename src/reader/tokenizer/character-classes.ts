import {
  CHINESE,
  CONTROL,
  LETTER,
  NONSPACING_MARK,
  NUMBER,
  OTHER,
  PUNCTUATION,
  WHITE_SPACE,
} from './unicode-tables.js';

/** Bits of a code point's class, as the reference tokenizers see it. */
export const CHARACTER = Object.freeze({
  /** Control and format characters that BERT's normalizer removes. */
  control: 1,
  whiteSpace: 2,
  punctuation: 4,
  nonspacingMark: 8,
  chinese: 16,
  /** The three kinds of which byte-level BPE makes words; what is none of them is its white space. */
  letter: 32,
  number: 64,
  other: 128,
});

const CLASSES = new Uint8Array(0x110000);
setClass(CHARACTER.control, CONTROL);
setClass(CHARACTER.whiteSpace, WHITE_SPACE);
setClass(CHARACTER.punctuation, PUNCTUATION);
setClass(CHARACTER.nonspacingMark, NONSPACING_MARK);
setClass(CHARACTER.chinese, CHINESE);
setClass(CHARACTER.letter, LETTER);
setClass(CHARACTER.number, NUMBER);
setClass(CHARACTER.other, OTHER);

function setClass(bit: number, packed: string): void {
  const numbers = packed.split(' ').map((number) => parseInt(number, 36));
  let position = 0;
  for (let i = 0; i + 1 < numbers.length; i += 2) {
    const first = position + (numbers[i] ?? 0);
    position = first + (numbers[i + 1] ?? 0);
    for (let code = first; code <= position; code++) CLASSES[code] = (CLASSES[code] ?? 0) | bit;
  }
}

/** The class bits of a code point. */
export function classesOf(codePoint: number): number {
  return CLASSES[codePoint] ?? 0;
}

import { CHARACTER, classesOf } from './character-classes.js';
import type { PairTemplate } from './types.js';

/** A token that is recognised wherever its text is written out, such as `[SEP]` or `<mask>`. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Only between characters that are no letters or digits. */
  readonly single_word: boolean;
  /** Takes the white space before or after it along. */
  readonly lstrip: boolean;
  readonly rstrip: boolean;
}

/** A piece of a text: an added token, or the text between two of them. */
export interface TextPiece {
  readonly start: number;
  readonly end: number;
  readonly added?: AddedToken;
}

/** What every tokenizer is made of, whatever its kind. */
export interface CommonParts {
  readonly finder: AddedTokenFinder;
  readonly pairTemplate: PairTemplate;
  readonly vocabularySize: number;
}

/** Finds added tokens in texts. Where two begin at one place, the longer wins. */
export class AddedTokenFinder {
  readonly #byContent: ReadonlyMap<string, AddedToken>;
  readonly #pattern: RegExp | undefined;

  constructor(tokens: readonly AddedToken[]) {
    this.#byContent = new Map(tokens.map((token) => [token.content, token]));
    const alternatives = tokens
      .map(({ content }) => content.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .sort((a, b) => b.length - a.length);
    this.#pattern = tokens.length === 0 ? undefined : new RegExp(alternatives.join('|'), 'gu');
  }

  /** The text's pieces in order; together they cover it. Empty pieces are left out. */
  split(text: string): TextPiece[] {
    const pieces: TextPiece[] = [];
    let position = 0;
    for (const match of this.#pattern === undefined ? [] : text.matchAll(this.#pattern)) {
      const added = this.#byContent.get(match[0]);
      let start = match.index;
      let end = start + match[0].length;
      // White space that the token before has taken along is gone.
      if (added === undefined || start < position || (added.single_word && !standsAlone(text, start, end)))
        continue;
      while (added.lstrip && start > position && isWhiteSpace(text.charCodeAt(start - 1))) start--;
      while (added.rstrip && end < text.length && isWhiteSpace(text.charCodeAt(end))) end++;
      if (start > position) pieces.push({ start: position, end: start });
      pieces.push({ start, end, added });
      position = end;
    }
    if (position < text.length) pieces.push({ start: position, end: text.length });
    return pieces;
  }
}

function standsAlone(text: string, start: number, end: number): boolean {
  return (
    !/[\p{L}\p{N}_]$/u.test(text.slice(Math.max(0, start - 2), start)) &&
    !/^[\p{L}\p{N}_]/u.test(text.slice(end, end + 2))
  );
}

function isWhiteSpace(code: number): boolean {
  return (classesOf(code) & CHARACTER.whiteSpace) !== 0;
}

import { createRandom } from '../../src/evaluation/random.js';
import { FUNCTION_WORDS } from './analysis/stop-words.js';

const CONTENT_WORD = /(?<![\p{L}\p{N}'’-])[a-zA-Z]{4,}(?![\p{L}\p{N}'’-])/gu;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/**
 * Puts one typing error (a letter dropped, doubled into another, replaced, or two exchanged, with equal chance) into one
 * content word of each question, at any of its letters. Undefined for a question without a plain word of 4 letters or more.
 */
export function misspellAll(questions: readonly string[], seed: number): (string | undefined)[] {
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  return questions.map((question) => {
    const words = Array.from(question.matchAll(CONTENT_WORD)).filter(
      ([word]) => !FUNCTION_WORDS.has(word.toLowerCase()),
    );
    const match = words[below(words.length)];
    if (match === undefined) return undefined;
    let wrong = match[0];
    while (wrong.toLowerCase() === match[0].toLowerCase()) wrong = misspell(match[0], below);
    return question.slice(0, match.index) + wrong + question.slice(match.index + match[0].length);
  });
}

function misspell(word: string, below: (limit: number) => number): string {
  const at = below(word.length);
  const letter = LETTERS.charAt(below(LETTERS.length));
  const before = word.slice(0, at);
  const after = word.slice(at + 1);
  switch (below(4)) {
    case 0:
      return before + after;
    case 1:
      return before + word.charAt(at) + letter + after;
    case 2:
      return before + letter + after;
    default:
      return before + after.slice(0, 1) + word.charAt(at) + after.slice(1);
  }
}

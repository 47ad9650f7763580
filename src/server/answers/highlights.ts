import type { RetrievedPassage } from '../../core/passage.js';
import type { Span } from '../../core/span.js';
import { analyze } from '../../retriever/index.js';

const WORD = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}\p{N}]+)*/gu;
/** As the index cuts them: scripts without spaces character by character, others word by word. */
const TERMS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu;

/**
 * Why a passage was found: the words of it that its explanation names, other forms and corrected spellings too. Without an explanation,
 * those of the question.
 *
 * @returns UTF-16 offsets into the passage's own text.
 */
export function highlights(question: string, { text, explanation }: RetrievedPassage): Span[] {
  const matched =
    explanation?.flatMap(({ term, forms = [] }) => [term, ...forms.map((form) => form.term)]) ??
    analyze(question);
  const wanted = new Set(matched);
  return Array.from(text.matchAll(WORD)).flatMap((word) =>
    Array.from(word[0].matchAll(TERMS))
      .filter(([part]) => analyze(part).some((term) => wanted.has(term)))
      .map((part) => ({ start: word.index + part.index, end: word.index + part.index + part[0].length })),
  );
}

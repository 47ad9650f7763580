const TERM = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}\p{N}]+)*/gu;
const POSSESSIVE = /['’]s$/u;
const APOSTROPHE = /['’]/gu;
const COMBINING_MARK = /\p{M}/gu;
/** Scripts written without spaces: one term a character, so that any substring can be found. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const UNSPACED_PARTS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu;

/**
 * Turns text into index terms, in order, with repetitions: compatibility forms are unified (NFKD), accents and case
 * removed, possessive 's dropped. Nothing is stemmed and no stop word is left out; numbers stay whole.
 */
export function analyze(text: string): string[] {
  const terms: string[] = [];
  const folded = text.normalize('NFKD').replace(COMBINING_MARK, '').toLowerCase();
  for (const [match] of folded.matchAll(TERM)) {
    const term = match.replace(POSSESSIVE, '').replace(APOSTROPHE, '');
    if (UNSPACED.test(term)) terms.push(...(term.match(UNSPACED_PARTS) ?? []));
    else terms.push(term);
  }
  return terms;
}

/** Only plain words are stemmed: no numbers but years (1980s), nothing outside ASCII, which other languages' words often are. */
const STEMMABLE = /^[a-z0-9]{3,}$/;

/** The S-stemmer (Harman 1991, "How effective is suffixing?", table 1): plurals only. The first rule that fits is the last. */
export function sStem(term: string): string {
  if (!STEMMABLE.test(term)) return term;
  if (/[^ea]ies$/.test(term)) return `${term.slice(0, -3)}y`;
  if (/[^aeo]es$/.test(term)) return term.slice(0, -1);
  return /[^us]s$/.test(term) ? term.slice(0, -1) : term;
}

const VOWEL = /[aeiouy]/;
const DOUBLE = /([bdfgmnprt])\1$/;

/**
 * Inflections only: plurals, -ed, -ing, and what English spelling does to the word before them (doubled consonants, a lost
 * final e, y to i). What it gives is a key, not a word: create, creates, created and creating all become "creat".
 */
export function inflectionStem(term: string): string {
  if (!STEMMABLE.test(term)) return term;
  let word = term;
  if (/(?:ss|sh|ch|x|z)es$/.test(word)) word = word.slice(0, -2);
  else if (/[^aeiou]ies$/.test(word) && word.length > 4) word = `${word.slice(0, -3)}y`;
  else if (/[^usi]s$/.test(word) && word.length > 3) word = word.slice(0, -1);
  const ending = /(?:ing|ed)$/.exec(word);
  if (ending !== null && !word.endsWith('eed')) {
    const rest = word.slice(0, ending.index);
    if (rest.length >= 3 && VOWEL.test(rest)) word = rest.replace(DOUBLE, '$1');
  }
  if (word.length > 3 && word.endsWith('e')) word = word.slice(0, -1);
  return word.replace(/(?<=[^aeiou])y$/, 'i');
}
